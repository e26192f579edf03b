// SPDX-License-Identifier: Apache-2.0
#include "ledger/book.hpp"

#include <algorithm>
#include <cstdlib>

#include "ledger/wide.hpp"

namespace aula::ledger {

MicroEuros cost(NanoEuros price, Milliseconds length) {
    if (length <= 0) return 0;
    // 128 bits: a year of a dear server in nano-euros times milliseconds is more than 64.
    return static_cast<MicroEuros>(static_cast<Wide>(price) * length / 60'000 / 1'000);
}

MicroEuros cost_within(NanoEuros price, Span all, Span window) {
    const Milliseconds from = std::clamp(window.from, all.from, std::max(all.from, all.until));
    const Milliseconds until = std::clamp(window.until, from, std::max(from, all.until));
    // Each end is rounded once, wherever the cut: neighbours share it.
    return cost(price, until - all.from) - cost(price, from - all.from);
}

PowerInterval* Book::open(const std::string& server) {
    const auto at = open_.find(server);
    return at == open_.end() ? nullptr : &intervals_[at->second];
}

const PowerInterval* Book::open_interval(const std::string& server) const {
    const auto at = open_.find(server);
    return at == open_.end() ? nullptr : &intervals_[at->second];
}

std::vector<const PowerInterval*> Book::open_intervals() const {
    std::vector<const PowerInterval*> open_ones;
    for (const auto& [server, index] : open_) open_ones.push_back(&intervals_[index]);
    return open_ones;
}

void Book::add(PowerInterval interval) {
    next_id_ = std::max(next_id_, interval.id + 1);
    if (interval.off == 0) open_[interval.server] = intervals_.size();
    last_[interval.server] = intervals_.size();
    auto& last = last_off_[interval.server];
    last = std::max(last, interval.off);
    intervals_.push_back(std::move(interval));
}

void Book::add(Holding holding) {
    next_id_ = std::max(next_id_, holding.id + 1);
    if (holding.until == 0) held_[holding.object] = holdings_.size();
    holdings_.push_back(std::move(holding));
}

const PowerInterval* Book::begin(const Machine& machine, const PriceList& prices, Milliseconds at) {
    PowerInterval interval;
    interval.id = next_id_;
    interval.server = machine.server;
    interval.name = machine.name;
    interval.cores = machine.cores;
    interval.memory_gb = machine.memory_gb;
    interval.price = prices.core * machine.cores + prices.memory_gb * machine.memory_gb;
    // Two intervals of one server never overlap, also when a clock was put back.
    interval.ordered = std::max(at, last_off_[machine.server]);
    add(std::move(interval));
    return &intervals_.back();
}

const PowerInterval* Book::power_on_ordered(const Machine& machine, const fleet::Reason& reason,
                                            const PriceList& prices, Milliseconds at) {
    if (open(machine.server) != nullptr) return nullptr;
    begin(machine, prices, at);
    intervals_.back().reason = reason;
    return &intervals_.back();
}

const PowerInterval* Book::close(PowerInterval& interval, Milliseconds at) {
    interval.off = interval.off_seen = std::max(at, interval.begin());
    if (!interval.busy.empty()) {
        Span& last = interval.busy.back();
        if (last.until == 0 || last.until > interval.off)
            last.until = std::max(last.from, interval.off);
    }
    last_off_[interval.server] = interval.off;
    open_.erase(interval.server);
    return &interval;
}

const PowerInterval* Book::seen_on(const Machine& machine, const PriceList& prices,
                                   Milliseconds at) {
    PowerInterval* interval = open(machine.server);
    if (interval != nullptr && interval->on != 0) return nullptr;
    if (interval == nullptr) {
        begin(machine, prices, at);
        interval = &intervals_.back();
        interval->was_found = true;
    }
    interval->on = std::max(at, interval->ordered);
    return interval;
}

const PowerInterval* Book::ready(const std::string& server, Milliseconds at) {
    PowerInterval* interval = open(server);
    if (interval == nullptr || interval->ready != 0) return nullptr;
    // A node that speaks is on, even if the cloud has not said so yet, nor since when.
    if (interval->on == 0) interval->on = interval->ordered;
    interval->ready = std::max(at, interval->on);
    return interval;
}

const PowerInterval* Book::busy(const std::string& server, bool is_busy, Milliseconds at) {
    PowerInterval* interval = open(server);
    if (interval == nullptr) return nullptr;
    const bool was_busy = !interval->busy.empty() && interval->busy.back().until == 0;
    if (was_busy == is_busy) return nullptr;
    if (!is_busy) {
        interval->busy.back().until = std::max(at, interval->busy.back().from);
        return interval;
    }
    if (interval->ready == 0) ready(server, at);
    const Milliseconds earliest =
        interval->busy.empty() ? interval->ready : interval->busy.back().until;
    interval->busy.push_back({std::max(at, earliest), 0});
    return interval;
}

const PowerInterval* Book::power_off_ordered(const std::string& server, const fleet::Reason& reason,
                                             Milliseconds at) {
    PowerInterval* interval = open(server);
    if (interval == nullptr || interval->off_ordered != 0) return nullptr;
    interval->off_ordered = std::max(at, interval->begin());
    interval->end_reason = reason;
    return interval;
}

const PowerInterval* Book::seen_off(const std::string& server, Milliseconds at, bool since_order) {
    PowerInterval* interval = open(server);
    if (interval == nullptr) return nullptr;
    // Ordered and never seen on, and now it is off: it did not come on while anybody looked.
    if (interval->on == 0 && interval->off_ordered == 0) return close(*interval, at);
    const bool was_ordered = since_order && interval->off_ordered != 0;
    close(*interval, was_ordered ? interval->off_ordered : at);
    interval->off_seen = std::max(at, interval->off);
    return interval;
}

const Holding* Book::held(HoldingKind kind, const std::string& object, const std::string& name,
                          std::uint32_t amount, const PriceList& prices, Milliseconds at) {
    if (const auto known = held_.find(object); known != held_.end()) {
        if (holdings_[known->second].amount == amount) return nullptr;
        released(object, at);  // a disk grew: the new size counts from now
    }
    Holding holding;
    holding.id = next_id_;
    holding.kind = kind;
    holding.object = object;
    holding.name = name;
    holding.amount = amount;
    holding.price = (kind == HoldingKind::storage ? prices.storage_gb : prices.ipv4) * amount;
    holding.from = at;
    add(std::move(holding));
    return &holdings_.back();
}

const Holding* Book::released(const std::string& object, Milliseconds at) {
    const auto known = held_.find(object);
    if (known == held_.end()) return nullptr;
    Holding& holding = holdings_[known->second];
    // A row with until 0 would go on.
    holding.until = std::max({at, holding.from, Milliseconds{1}});
    held_.erase(known);
    return &holding;
}

std::vector<const Holding*> Book::open_holdings() const {
    std::vector<const Holding*> open_ones;
    for (const auto& [object, index] : held_) open_ones.push_back(&holdings_[index]);
    return open_ones;
}

const PowerInterval* Book::agree(const std::string& server, Minutes clouds) {
    const auto at = last_.find(server);
    // Of a server that is on the figure is older than now.
    if (at == last_.end() || open_.contains(server)) return nullptr;
    PowerInterval& interval = intervals_[at->second];
    if (interval.is_off_told || interval.cores == 0) return nullptr;
    const auto more = minutes(server, 0).cores - clouds.cores;
    if (std::abs(more) <= interval.cores) return nullptr;
    // Somebody who was there until the end was cut off by it.
    Span* last = interval.busy.empty() ? nullptr : &interval.busy.back();
    const bool is_cut = last != nullptr && last->until == interval.off;
    const Milliseconds earliest = last == nullptr ? interval.begin()
                                  : is_cut        ? last->from
                                                  : last->until;
    const Milliseconds latest = std::max(interval.off_seen, earliest);
    const Milliseconds off =
        std::clamp(interval.off - more * 60'000 / interval.cores, earliest, latest);
    if (off == interval.off) return nullptr;
    interval.off = last_off_[server] = off;
    if (is_cut) last->until = off;
    return &interval;
}

std::optional<std::int64_t> Book::open_holding(const std::string& object) const {
    const auto at = held_.find(object);
    return at == held_.end() ? std::nullopt : std::optional(holdings_[at->second].id);
}

const Holding* Book::holding(std::int64_t id) const {
    const auto at = std::find_if(holdings_.begin(), holdings_.end(),
                                 [&](const Holding& one) { return one.id == id; });
    return at == holdings_.end() ? nullptr : &*at;
}

Book::Minutes Book::minutes(const std::string& server, Milliseconds now) const {
    std::map<Size, Milliseconds> by_size;
    if (const auto at = forgotten_.find(server); at != forgotten_.end()) by_size = at->second;
    for (const PowerInterval& interval : intervals_) {
        if (interval.server == server)
            by_size[{interval.cores, interval.memory_gb}] += interval.end(now) - interval.begin();
    }
    Minutes sum;
    for (const auto& [size, length] : by_size) {
        sum.cores += length / 60'000 * size.first;
        sum.memory_gb += length / 60'000 * size.second;
    }
    return sum;
}

}  // namespace aula::ledger
