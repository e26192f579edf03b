// SPDX-License-Identifier: Apache-2.0
// What no bill will ask for any more.
#include <set>

#include "ledger/book.hpp"

namespace aula::ledger {

namespace {

/// Takes out of `all` what `is_old` says, at most so many; answers their ids.
template <class One, class IsOld>
std::vector<std::int64_t> take_old(std::vector<One>& all, std::size_t most, const IsOld& is_old) {
    std::vector<std::int64_t> ids;
    std::erase_if(all, [&](const One& one) {
        if (ids.size() == most || !is_old(one)) return false;
        ids.push_back(one.id);
        return true;
    });
    return ids;
}

}  // namespace

Book::Forgotten Book::forget(Milliseconds before, std::size_t most,
                             const std::function<bool(const std::string& server)>& is_there) {
    std::set<std::int64_t> newest;
    for (const auto& [server, index] : last_) newest.insert(intervals_[index].id);
    std::set<std::string> touched;
    Forgotten gone;
    gone.intervals = take_old(intervals_, most, [&](const PowerInterval& interval) {
        const bool is_over = interval.off != 0 && interval.off < before;
        if (!is_over || (newest.contains(interval.id) && is_there(interval.server))) return false;
        forgotten_[interval.server][{interval.cores, interval.memory_gb}] +=
            interval.off - interval.begin();
        touched.insert(interval.server);
        return true;
    });
    gone.holdings = take_old(holdings_, most, [&](const Holding& holding) {
        return holding.until != 0 && holding.until < before;
    });
    index();
    for (const std::string& server : touched) {
        if (!last_.contains(server)) {
            forgotten_.erase(server);
            last_off_.erase(server);
            gone.servers.push_back(server);
            continue;
        }
        for (const auto& [size, length] : forgotten_[server])
            gone.power.push_back({server, size.first, size.second, length});
    }
    return gone;
}

void Book::add(ForgottenPower power) {
    forgotten_[power.server][{power.cores, power.memory_gb}] += power.length;
}

void Book::index() {
    open_.clear();
    last_.clear();
    held_.clear();
    for (std::size_t i = 0; i < intervals_.size(); ++i) {
        if (intervals_[i].off == 0) open_[intervals_[i].server] = i;
        last_[intervals_[i].server] = i;
    }
    for (std::size_t i = 0; i < holdings_.size(); ++i)
        if (holdings_[i].until == 0) held_[holdings_[i].object] = i;
}

}  // namespace aula::ledger
