// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>

#include "simulation/chance.hpp"
#include "simulation/node_life.hpp"

namespace aula::simulation {
namespace {

// Days of a million pupils get one good order and no search.
constexpr std::size_t most_rooms_to_search = 30'000;

using Order = std::vector<std::uint32_t>;
using Lives = std::vector<NodeLife>;

std::int64_t cost_of(const Lives& lives) {
    std::int64_t sum = 0;
    for (const auto& life : lives) sum += life.cost();
    return sum;
}

/// The room goes where it lengthens a life least; of equals, where it leaves least free.
void place(Lives& lives, std::uint32_t index, const Stretch& room, const PackingTask& task) {
    NodeLife* best = nullptr;
    auto best_cost = task.boot_seconds + room.until - room.from;
    std::uint32_t best_slack = 0;
    for (auto& life : lives) {
        const auto cost = life.lengthened_by(room);
        if (cost > best_cost || !life.fits(room)) continue;
        const auto slack = life.slack(room);
        if (best != nullptr && cost == best_cost && slack >= best_slack) continue;
        best = &life;
        best_cost = cost;
        best_slack = slack;
    }
    if (best == nullptr) best = &lives.emplace_back(task);
    best->add(index, room);
}

Lives packed(std::span<const Stretch> rooms, const Order& order, const PackingTask& task) {
    Lives lives;
    for (const auto index : order) place(lives, index, rooms[index], task);
    return lives;
}

/// Rooms of one bell together, then by `rank`: the ends last first, the largest first, ...
enum class Rank { start, end, size, length };

Order ordered(std::span<const Stretch> rooms, std::int64_t bell, Rank rank) {
    Order order(rooms.size());
    std::iota(order.begin(), order.end(), 0u);
    const auto key = [&](std::uint32_t index) {
        const auto& room = rooms[index];
        const auto group = rank == Rank::length ? 0 : room.from / bell;
        const auto second = rank == Rank::start  ? room.from
                            : rank == Rank::end  ? -room.until
                            : rank == Rank::size ? -std::int64_t{room.seats}
                                                 : room.from - room.until;
        return std::tuple(group, second, room.from, index);
    };
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
    return order;
}

Lives best_of_orders(std::span<const Stretch> rooms, const PackingTask& task) {
    Lives best;
    const bool is_huge = rooms.size() > most_rooms_to_search;
    for (const auto rank : {Rank::start, Rank::end, Rank::size, Rank::length}) {
        for (const std::int64_t bell : {1, 300, 900, 1800}) {
            if ((rank == Rank::start || rank == Rank::length) && bell != 1) continue;
            if (is_huge && (rank != Rank::end || bell != 900)) continue;
            auto lives = packed(rooms, ordered(rooms, bell, rank), task);
            if (best.empty() || cost_of(lives) < cost_of(best)) best = std::move(lives);
        }
    }
    return best;
}

/// Takes some lives that overlap apart and puts their rooms in again in another order, among
/// themselves or among all; keeps what is not dearer.
class Improver {
public:
    Improver(std::span<const Stretch> rooms, const PackingTask& task, Lives& lives)
        : rooms_(rooms), task_(task), lives_(lives), chance_({task.seed, rooms.size()}) {}

    void round() {
        const bool among_all = chance_.happens(0.3);
        choose(among_all ? 1 : 2 + chance_.below(4));
        std::int64_t before = 0;
        Lives again;
        Order taken;
        for (std::size_t i = 0; i < lives_.size(); ++i) {
            if (is_chosen_[i]) {
                taken.insert(taken.end(), lives_[i].rooms().begin(), lives_[i].rooms().end());
            } else if (among_all && is_near_[i]) {
                again.push_back(lives_[i]);
            } else {
                continue;
            }
            before += lives_[i].cost();
        }
        shuffle(taken);
        for (const auto index : taken) place(again, index, rooms_[index], task_);
        if (cost_of(again) <= before) replace(std::move(again), among_all);
    }

private:
    /// Some that are on at the same time as one of them.
    void choose(std::uint32_t wanted) {
        const auto size = static_cast<std::uint32_t>(lives_.size());
        is_chosen_.assign(size, false);
        is_near_.assign(size, false);
        const auto first = chance_.below(size);
        std::vector<std::uint32_t> near;
        for (std::uint32_t i = 0; i < size; ++i) {
            if (lives_[i].from() > lives_[first].until() + task_.boot_seconds ||
                lives_[i].until() < lives_[first].from() - task_.boot_seconds) {
                continue;
            }
            is_near_[i] = true;
            near.push_back(i);
        }
        is_chosen_[first] = true;
        for (std::uint32_t n = 1; n < wanted; ++n) {
            is_chosen_[near[chance_.below(static_cast<std::uint32_t>(near.size()))]] = true;
        }
    }

    /// Roughly by start, by end or by size, never the same way.
    void shuffle(Order& taken) {
        const auto way = chance_.below(3);
        const double blur = chance_.uniform(30, 1500);
        keyed_.clear();
        for (const auto index : taken) {
            const auto& room = rooms_[index];
            const double key = way == 0   ? static_cast<double>(room.from)
                               : way == 1 ? static_cast<double>(-room.until)
                                          : static_cast<double>(room.from) - 60.0 * room.seats;
            keyed_.emplace_back(key + blur * chance_.uniform(), index);
        }
        std::sort(keyed_.begin(), keyed_.end());
        for (std::size_t i = 0; i < taken.size(); ++i) taken[i] = keyed_[i].second;
    }

    void replace(Lives again, bool among_all) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < lives_.size(); ++i) {
            if (is_chosen_[i] || (among_all && is_near_[i])) continue;
            if (kept != i) lives_[kept] = std::move(lives_[i]);
            ++kept;
        }
        lives_.erase(lives_.begin() + static_cast<std::ptrdiff_t>(kept), lives_.end());
        for (auto& life : again) lives_.push_back(std::move(life));
    }

    std::span<const Stretch> rooms_;
    const PackingTask& task_;
    Lives& lives_;
    Chance chance_;
    std::vector<bool> is_chosen_;
    std::vector<bool> is_near_;
    std::vector<std::pair<double, std::uint32_t>> keyed_;
};

}  // namespace

std::int64_t best_packing(std::span<const Stretch> stretches, const PackingTask& task) {
    if (stretches.empty()) return 0;
    auto lives = best_of_orders(stretches, task);
    if (stretches.size() > most_rooms_to_search) return cost_of(lives);
    Improver improver(stretches, task, lives);
    const auto rounds = task.search_rounds * (stretches.size() / 100 + 1);
    for (std::size_t i = 0; i < rounds; ++i) improver.round();
    return cost_of(lives);
}

}  // namespace aula::simulation
