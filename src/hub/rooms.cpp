// SPDX-License-Identifier: Apache-2.0
#include "hub/rooms.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/log.hpp"
#include "hub/stored_lesson.hpp"
#include "signal/livekit.pb.h"
#include "store/store.hpp"
#include "store/tables.hpp"

namespace aula::hub {

namespace {

constexpr const char* placed_rooms = "room";  // kind of the store's documents: room to node
constexpr auto wanted_pause = std::chrono::seconds(1);
constexpr auto most_boot_time = std::chrono::minutes(3);  // longer: it came for another reason
// OpenRoom is one frame of the link, of at most 4 MiB.
constexpr std::size_t most_event_bytes = 3 << 20;

Error no_node() { return {ErrorCode::unavailable, "no conference node is there yet"}; }

}  // namespace

Rooms::Rooms(Wiring wiring) : wiring_(std::move(wiring)) {
    timer_ = wiring_.loop->every(std::chrono::milliseconds(250), [this] { tick(); });
}

Rooms::~Rooms() { wiring_.loop->cancel(timer_); }

Expected<void, Error> Rooms::load() {
    auto placed = wiring_.store->run_now(
        [](soci::session& session) { return store::load_documents(session, placed_rooms); });
    if (!placed) return fail(std::move(placed).error());
    for (const auto& [room, node] : *placed) {
        rooms_[room].node = node;
        rooms_[room].node_until = wiring_.loop->now() + wiring_.restart_grace;
    }
    return {};
}

void Rooms::locate(const std::string& name, Duration patience, Located located,
                   const signal::RoomConfiguration& wanted) {
    if (const auto node = find(name)) return located(*node);
    auto settings = wiring_.describe(name);
    if (!settings)
        return located(fail(Error{ErrorCode::not_found, "requested room does not exist"}));
    if (settings->empty_timeout_seconds() == 0)
        settings->set_empty_timeout_seconds(wanted.empty_timeout);
    if (settings->departure_timeout_seconds() == 0)
        settings->set_departure_timeout_seconds(wanted.departure_timeout);
    if (settings->max_participants() == 0) settings->set_max_participants(wanted.max_participants);
    if (settings->metadata().empty()) settings->set_metadata(wanted.metadata);
    open(std::move(*settings), patience, std::move(located));
}

void Rooms::open(control::OpenRoom settings, Duration patience, Located located) {
    const std::string name = settings.room();
    if (const auto node = find(name)) return located(*node);
    Room& room = rooms_[name];
    if (!room.settings) room.settings = std::move(settings);
    room.waiting.push_back({wiring_.loop->now() + patience, std::move(located)});
    advance(name);
}

std::optional<std::string> Rooms::find(const std::string& name) const {
    const auto at = rooms_.find(name);
    if (at == rooms_.end() || !at->second.is_there) return std::nullopt;
    return at->second.node;
}

bool Rooms::could_open(const std::string& name) {
    if (find(name)) return true;
    const auto at = rooms_.find(name);
    const bool is_known = at != rooms_.end() && at->second.settings;
    const auto* settings = is_known ? &*at->second.settings : nullptr;
    if (seat_for(name, settings)) {
        // Who asked is about to come; should nobody, the wish is soon over.
        if (const auto wish = wishes_.find(name); wish != wishes_.end())
            wish->second.until = std::min(wish->second.until, wiring_.loop->now() + wish_kept);
        return true;
    }
    wish(name, settings, until_node(name));
    want_node();
    return false;
}

void Rooms::close(const std::string& name, std::uint32_t reason, std::string_view ended) {
    const auto at = rooms_.find(name);
    if (at == rooms_.end()) return;
    if (at->second.is_there) {
        control::ToNode message;
        message.mutable_close_room()->set_room(name);
        message.mutable_close_room()->set_reason(reason);
        message.mutable_close_room()->set_ended(std::string(ended));
        wiring_.send(at->second.node, message);
    }
    ++counters_.closed;
    answer(name, fail(Error{ErrorCode::not_found, "the room was closed"}));
    forget(name);
}

/// Places a room that waits, as far as can be done now.
void Rooms::advance(const std::string& name) {
    const auto at = rooms_.find(name);
    if (at == rooms_.end() || at->second.is_there || at->second.loading) return;
    Room& room = at->second;
    if (!room.node.empty() && wiring_.loop->now() < room.node_until) return;
    if (!room.settings || room.waiting.empty()) return;
    const auto node = seat_for(name, &*room.settings);
    if (!node) {
        // Reckoned once: it looks at all that wait, and each of them looks four times a second.
        wish(name, &*room.settings, wishes_.contains(name) ? Duration(0) : until_node(name));
        return want_node();
    }
    if (!room.node.empty()) ++counters_.moved;
    room.node = *node;
    room.node_until = {};
    start_opening(name, room);
}

void Rooms::start_opening(const std::string& name, Room& room) {
    room.loading = true;
    take_seats(name, room);
    wiring_.store->ask(
        [name, node = room.node](soci::session& session) {
            // Known to be there before the first event is: see load().
            store::save_document(session, placed_rooms, name, node);
            return load_lesson(session, name);
        },
        [this, name](Expected<std::vector<std::string>, Error> events) {
            finish_opening(name, std::move(events));
        });
}

void Rooms::finish_opening(const std::string& name,
                           Expected<std::vector<std::string>, Error> events) {
    const auto at = rooms_.find(name);
    if (at == rooms_.end()) return;
    Room& room = at->second;
    room.loading = false;
    if (!events) {
        answer(name, fail(std::move(events).error()));
        return forget(name);
    }
    if (!nodes_.contains(room.node)) return advance(name);  // gone meanwhile
    control::ToNode message;
    *message.mutable_open_room() = *room.settings;
    std::size_t bytes = 0;
    for (const std::string& event : *events) bytes += event.size() + 8;
    if (bytes > most_event_bytes) {
        log::error("what is stored of a lesson is too much for a node, it begins anew",
                   {{"room", name}, {"bytes", bytes}});
        wiring_.store->ask([name](soci::session& session) { store::delete_events(session, name); },
                           [](const Expected<void, Error>&) {});
    } else {
        for (std::string& event : *events)
            message.mutable_open_room()->add_lesson_events(std::move(event));
    }
    wiring_.send(room.node, message);
    room.is_there = true;
    ++counters_.opened;
    log::info("room opened", {{"room", name}, {"node", room.node}, {"events", events->size()}});
    answer(name, room.node);
}

void Rooms::answer(const std::string& name, const Expected<std::string, Error>& outcome) {
    for (auto& waiting : std::exchange(rooms_[name].waiting, {})) waiting.located(outcome);
}

void Rooms::remember(const std::string& name, const std::string& node) {
    wiring_.store->ask(
        [name, node](soci::session& session) {
            store::save_document(session, placed_rooms, name, node);
        },
        [](const Expected<void, Error>&) {});
}

void Rooms::forget(const std::string& name) {
    if (rooms_.erase(name) == 0) return;
    wiring_.store->ask(
        [name](soci::session& session) { store::delete_document(session, placed_rooms, name); },
        [](const Expected<void, Error>&) {});
}

void Rooms::want_node() {
    ++counters_.no_node;
    if (!wanted_since_) wanted_since_ = wiring_.loop->now();
    if (wiring_.loop->now() - wanted_ < wanted_pause) return;
    wanted_ = wiring_.loop->now();
    wiring_.on_node_wanted();
}

void Rooms::on_node_up(const std::string& node, const control::Hello& hello) {
    if (const auto since = std::exchange(wanted_since_, std::nullopt))
        boot_time_ = std::min<Duration>(wiring_.loop->now() - *since, most_boot_time);
    Node& known = nodes_[node] = {};
    known.seats = hello.seats();
    known.version = hello.version();
    known.reported = wiring_.loop->now();
    const std::set<std::string> open(hello.open_rooms().begin(), hello.open_rooms().end());
    for (const std::string& name : open) {
        const auto at = rooms_.find(name);
        const bool is_elsewhere = at != rooms_.end() && at->second.node != node &&
                                  (at->second.is_there || at->second.loading);
        if (is_elsewhere || !wiring_.describe(name)) {
            control::ToNode message;
            message.mutable_close_room()->set_room(name);
            message.mutable_close_room()->set_reason(is_elsewhere ? livekit::MIGRATION
                                                                  : livekit::ROOM_DELETED);
            wiring_.send(node, message);
            continue;
        }
        Room& room = rooms_[name];
        room.node = node;
        room.is_there = true;
        if (room.use.key == 0) take_seats(name, room);
        remember(name, node);
        answer(name, node);
    }
    std::vector<std::string> gone;
    for (auto& [name, room] : rooms_) {
        if (room.node == node && !room.loading && !open.contains(name)) gone.push_back(name);
    }
    for (const std::string& name : gone) {
        rooms_[name].node.clear();
        rooms_[name].is_there = false;
        if (rooms_[name].waiting.empty()) forget(name);
    }
    tick();
}

void Rooms::on_node_down(const std::string& node) {
    nodes_.erase(node);
    for (auto& [name, room] : rooms_) {
        if (room.node != node) continue;
        room.is_there = false;
        room.node_until = wiring_.loop->now() + wiring_.return_grace;
    }
}

void Rooms::on_load_report(const std::string& node, const control::LoadReport& report) {
    const auto at = nodes_.find(node);
    if (at == nodes_.end()) return;
    const bool draining = at->second.load.draining();
    at->second.load = report;
    if (draining) at->second.load.set_draining(true);
    at->second.reported = wiring_.loop->now();
    for (const auto& load : report.rooms()) {
        const auto room = rooms_.find(load.room());
        if (room != rooms_.end() && room->second.node == node)
            room->second.use.live = load.participants();
    }
}

bool Rooms::on_room_closed(const std::string& node, const std::string& name) {
    const auto at = rooms_.find(name);
    if (at == rooms_.end() || at->second.node != node) {
        ++counters_.not_ours;
        return false;
    }
    ++counters_.closed;
    if (at->second.waiting.empty()) {
        forget(name);
    } else {
        at->second.is_there = false;
        at->second.node.clear();
        advance(name);
    }
    return true;
}

void Rooms::drain(const std::string& node) {
    const auto at = nodes_.find(node);
    if (at == nodes_.end()) return;
    at->second.load.set_draining(true);
    control::ToNode message;
    message.mutable_drain();
    wiring_.send(node, message);
}

std::vector<std::string> Rooms::rooms_of(const std::string& node) const {
    std::vector<std::string> found;
    for (const auto& [name, room] : rooms_) {
        if (room.is_there && room.node == node) found.push_back(name);
    }
    return found;
}

void Rooms::tick() {
    const Time now = wiring_.loop->now();
    std::erase_if(wishes_, [&](const auto& wish) { return wish.second.until < now; });
    keep_seats_for_wishes();
    std::vector<std::string> names;
    std::vector<Located> late;
    for (auto& [name, room] : rooms_) {
        if (room.is_there) continue;
        names.push_back(name);
        const auto first_late =
            std::stable_partition(room.waiting.begin(), room.waiting.end(),
                                  [&](const Waiting& one) { return now < one.until; });
        for (auto at = first_late; at != room.waiting.end(); ++at)
            late.push_back(std::move(at->located));
        room.waiting.erase(first_late, room.waiting.end());
    }
    for (const std::string& name : names) {
        advance(name);
        const auto at = rooms_.find(name);
        if (at == rooms_.end()) continue;
        const Room& room = at->second;
        // Nobody waits for it, and its node did not come back.
        if (!room.is_there && !room.loading && room.waiting.empty() && now >= room.node_until)
            forget(name);
    }
    for (const Located& located : late) located(fail(no_node()));
}

}  // namespace aula::hub
