// SPDX-License-Identifier: Apache-2.0
// Where rooms go: seats are taken at once, so that many rooms of one minute are placed right.
#include <algorithm>
#include <utility>

#include "hub/demand.hpp"
#include "hub/fleet_key.hpp"
#include "hub/rooms.hpp"

namespace aula::hub {

namespace {

constexpr fleet::Seats usual_class = 25;  // of a room that says nothing of its size
constexpr auto least_wait = std::chrono::seconds(2);
constexpr std::size_t most_wishes = 10'000;
// After so many rooms that fit nowhere the next will not either.
constexpr unsigned most_misses = 8;

}  // namespace

fleet::ServerKey Rooms::key_of(const std::string& node) {
    const auto [at, is_new] = keys_.try_emplace(node);
    if (is_new) at->second = ++last_key_;
    return at->second;
}

fleet::NewRoom Rooms::ask_for(const std::string& name, const control::OpenRoom* settings,
                              fleet::SchoolKey* school) const {
    fleet::NewRoom asked{lesson_key(name), 0, std::nullopt};
    if (wiring_.demand) {
        const RoomDemand known = wiring_.demand(name);
        if (known.key != 0) asked.key = known.key;
        asked.seats = known.seats;
        asked.end = known.end;
        if (school != nullptr) *school = known.school;
    }
    if (asked.seats == 0 && settings != nullptr) asked.seats = settings->max_participants();
    if (asked.seats == 0) asked.seats = usual_class;
    return asked;
}

bool Rooms::takes_rooms(const std::string& node) const {
    const auto at = nodes_.find(node);
    return at != nodes_.end() && !at->second.is_closed && !at->second.load.draining();
}

/// Where the room may go now: to the seats that are kept for it, if it has waited.
std::optional<std::string> Rooms::seat_for(const std::string& name,
                                           const control::OpenRoom* settings) {
    const auto asked = ask_for(name, settings);
    const auto wish = wishes_.find(name);
    const bool are_kept = wish != wishes_.end() && takes_rooms(wish->second.node) &&
                          asked.seats <= wish->second.use.held;
    return are_kept ? wish->second.node : choose(asked);
}

/// The room, for which there is no seat, waits from now on, if it did not before; for so long at
/// least.
void Rooms::wish(const std::string& name, const control::OpenRoom* settings, Duration wait) {
    if (wishes_.size() >= most_wishes && !wishes_.contains(name)) return;
    Wish& wish = wishes_.try_emplace(name, Wish{wiring_.clock.now(), {}, {}, {}}).first->second;
    wish.until = std::max(wish.until, wiring_.loop->now() + wait + wish_kept);
    // It has grown beyond the seats that were kept, or their node takes no rooms any more.
    wish.node.clear();
    fill(wish.use, name, settings);
}

/// New seats go to those who wait, the longest first: whoever asks at the right moment takes none
/// of them away.
void Rooms::keep_seats_for_wishes() {
    std::vector<std::pair<WallTime, std::string>> waiting;
    for (auto& [name, wish] : wishes_) {
        if (takes_rooms(wish.node)) continue;
        wish.node.clear();
        waiting.emplace_back(wish.since, name);
    }
    std::sort(waiting.begin(), waiting.end());
    unsigned misses = 0;
    for (const auto& [since, name] : waiting) {
        Wish& wish = wishes_.at(name);
        const auto node = choose({wish.use.key, wish.use.held, wish.use.end});
        if (node)
            wish.node = *node;
        else if (++misses == most_misses)
            return;
    }
}

std::optional<std::string> Rooms::choose(const fleet::NewRoom& room) {
    fleet::Snapshot snapshot;
    std::vector<const std::string*> names;
    for (const auto& [name, node] : nodes_) {
        fleet::Server server;
        server.key = static_cast<fleet::ServerKey>(names.size());
        server.state = node.is_closed || node.load.draining() ? fleet::ServerState::draining
                                                              : fleet::ServerState::ready;
        server.seats = node.seats;
        snapshot.servers.push_back(std::move(server));
        names.push_back(&name);
    }
    const auto index_of = [&](const std::string& node) {
        const auto at = std::lower_bound(names.begin(), names.end(), node,
                                         [](const auto* a, const auto& b) { return *a < b; });
        return at != names.end() && **at == node ? std::optional(at - names.begin()) : std::nullopt;
    };
    for (const auto& [name, one] : rooms_) {
        const auto at = index_of(one.node);
        if (at && (one.is_there || one.loading))
            snapshot.servers[static_cast<std::size_t>(*at)].rooms.push_back(one.use);
    }
    for (const auto& [name, wish] : wishes_) {
        const auto at = index_of(wish.node);
        if (at && wish.use.key != room.key)
            snapshot.servers[static_cast<std::size_t>(*at)].rooms.push_back(wish.use);
    }
    std::vector<fleet::Assignment> held;
    for (fleet::Assignment assignment : held_) {
        const auto node = std::find_if(keys_.begin(), keys_.end(), [&](const auto& known) {
            return known.second == assignment.server;
        });
        const auto at = node == keys_.end() ? std::nullopt : index_of(node->first);
        if (!at) continue;  // it is on its way
        assignment.server = static_cast<fleet::ServerKey>(*at);
        held.push_back(assignment);
    }
    const auto chosen = fleet::place(room, snapshot, held, wiring_.clock.now());
    if (chosen) return *names[*chosen];
    if (wiring_.may_grow && wiring_.may_grow()) return std::nullopt;
    return least_full();
}

/// No node will come: an estimate refuses nobody then.
std::optional<std::string> Rooms::least_full() const {
    std::optional<std::string> best;
    std::int64_t best_free = 0;
    for (const auto& [name, node] : nodes_) {
        if (node.is_closed || node.load.draining()) continue;
        std::int64_t live = 0, held = 0;
        for (const auto& load : node.load.rooms()) live += load.participants();
        if (live >= node.seats) continue;
        for (const auto& [room, one] : rooms_)
            if (one.node == name) held += std::max(one.use.held, one.use.live);
        const auto free = std::int64_t{node.seats} - std::max(live, held);
        if (best && free <= best_free) continue;
        best = name;
        best_free = free;
    }
    return best;
}

/// What the room takes of a node from this moment on.
void Rooms::fill(fleet::OpenRoom& use, const std::string& name,
                 const control::OpenRoom* settings) const {
    const auto asked = ask_for(name, settings, &use.school);
    use.key = asked.key;
    use.held = asked.seats;
    use.opened = wiring_.clock.now();
    use.end = asked.end;
}

/// The room counts for its node from this moment on.
void Rooms::take_seats(const std::string& name, Room& room) {
    const auto* settings = room.settings ? &*room.settings : nullptr;
    fill(room.use, name, settings);
    wishes_.erase(name);
    std::erase_if(held_, [&](const fleet::Assignment& a) { return a.lesson == room.use.key; });
}

void Rooms::hold(std::vector<fleet::Assignment> assignments) {
    held_ = std::move(assignments);
    for (const auto& [name, room] : rooms_) {
        if (!room.is_there && !room.loading) continue;
        const auto key = room.use.key;
        std::erase_if(held_, [key](const fleet::Assignment& a) { return a.lesson == key; });
    }
}

void Rooms::set_closed(const std::string& node, bool closed) {
    const auto at = nodes_.find(node);
    if (at != nodes_.end()) at->second.is_closed = closed;
}

std::vector<fleet::OpenRoom> Rooms::rooms_for_fleet(const std::string& node) const {
    std::vector<fleet::OpenRoom> found;
    for (const auto& [name, room] : rooms_) {
        if (room.node != node) continue;
        found.push_back(room.use);
        found.back().held = std::max(found.back().held, found.back().live);
        if (found.back().key == 0) found.back().key = lesson_key(name);
    }
    return found;
}

std::vector<RoomView> Rooms::room_views(const std::string& node) const {
    std::vector<RoomView> found;
    for (const auto& [name, room] : rooms_) {
        if (room.node != node) continue;
        found.push_back({name, room.use.live, std::max(room.use.held, room.use.live),
                         room.use.opened, room.use.end});
    }
    return found;
}

std::vector<WantedRoom> Rooms::wanted() const {
    std::map<std::string, WallTime> since;
    for (const auto& [name, wish] : wishes_) since.emplace(name, wish.since);
    for (const auto& [name, room] : rooms_) {
        if (!room.is_there && !room.loading && !room.waiting.empty())
            since.emplace(name, wiring_.clock.now());
    }
    std::vector<WantedRoom> all;
    for (const auto& [name, when] : since) {
        if (find(name)) continue;
        const auto at = rooms_.find(name);
        const auto* settings =
            at != rooms_.end() && at->second.settings ? &*at->second.settings : nullptr;
        WantedRoom one{name, {}};
        const auto asked = ask_for(name, settings, &one.waiting.school);
        one.waiting = {asked.key, one.waiting.school, asked.seats, when, asked.end};
        all.push_back(std::move(one));
    }
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
        return a.waiting.since < b.waiting.since;
    });
    return all;
}

std::chrono::seconds Rooms::until_node(const std::string& room) const {
    if (wiring_.estimate) {
        if (const auto known = wiring_.estimate(room)) return std::max(least_wait, *known);
    }
    const Duration waited = wanted_since_ ? wiring_.loop->now() - *wanted_since_ : Duration(0);
    // Late is late: from then on it may be any moment.
    return std::max(least_wait, std::chrono::ceil<std::chrono::seconds>(boot_time_ - waited));
}

}  // namespace aula::hub
