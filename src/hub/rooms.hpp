// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/city_clock.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "control/control.pb.h"
#include "fleet/placement.hpp"
#include "fleet/plan.hpp"
#include "hub/keeper_view.hpp"
#include "net/loop.hpp"
#include "signal/access_token.hpp"

namespace aula::store {
class Store;
}

namespace aula::hub {

struct RoomDemand;

/// A room that people ask for and no node can take.
struct WantedRoom {
    std::string room;
    fleet::WaitingRoom waiting;
};

/// Which node has which room: placement, opening with the stored events, and what nodes report.
/// A room whose node was lost waits a moment for it to dial in again, then moves. Lives on the
/// hub's loop.
class Rooms {
public:
    struct Wiring {
        net::Loop* loop = nullptr;
        store::Store* store = nullptr;
        std::function<void(const std::string& node, const control::ToNode&)> send;
        /// Title, time-outs and so on of a room that is to be opened; nothing: it must not be.
        std::function<std::optional<control::OpenRoom>(const std::string& room)> describe;
        std::function<void()> on_node_wanted;
        CityClock clock = {};
        /// Seats, end and school of a room; empty, or no seats: by its settings.
        std::function<RoomDemand(const std::string& room)> demand;
        /// Whether a node may come that is not there yet; empty: none does. If none, rooms are put
        /// where people are still let in, whatever is held for others.
        std::function<bool()> may_grow;
        /// How long this room will wait, when somebody knows.
        std::function<std::optional<std::chrono::seconds>(const std::string& room)> estimate;
        Duration return_grace = std::chrono::seconds(2);  // for a node whose link broke
        Duration restart_grace =
            std::chrono::seconds(10);  // for all nodes, after the hub's own restart
    };
    /// The room's node; errors: not_found (may not be opened), unavailable (no node in time).
    using Located = std::function<void(Expected<std::string, Error>)>;

    struct Node {
        std::uint32_t seats = 0;
        bool is_closed = false;  // the keeper wants no more rooms on it
        control::LoadReport load;
        Time reported{};
        std::string version;
    };
    struct Counters {
        std::uint64_t opened = 0, moved = 0, closed = 0, no_node = 0, not_ours = 0;
    };

    explicit Rooms(Wiring wiring);
    ~Rooms();
    Rooms(const Rooms&) = delete;
    Rooms& operator=(const Rooms&) = delete;

    /// At start-up: rooms that nodes had when this hub stopped.
    Expected<void, Error> load();

    /// Opens the room if it is not open, `wanted` standing for what its description leaves out.
    /// Waits up to `patience` for a node.
    void locate(const std::string& room, Duration patience, Located located,
                const signal::RoomConfiguration& wanted = {});
    /// As locate, with settings of the caller's (LiveKit's CreateRoom) for a room that is not open.
    void open(control::OpenRoom settings, Duration patience, Located located);
    /// Where it is open now, without opening it.
    std::optional<std::string> find(const std::string& room) const;
    /// False: on_node_wanted was called, and a room would wait.
    bool could_open(const std::string& room);
    /// How long this room will have to wait: as estimated, or judged by the last node that was
    /// called for.
    std::chrono::seconds until_node(const std::string& room) const;
    /// ended: the lesson is over, and why; empty when only the room goes.
    void close(const std::string& room, std::uint32_t reason, std::string_view ended = {});

    void on_node_up(const std::string& node, const control::Hello& hello);
    void on_node_down(const std::string& node);
    void on_load_report(const std::string& node, const control::LoadReport& report);
    /// False: the room is not this node's (any more).
    bool on_room_closed(const std::string& node, const std::string& room);
    void drain(const std::string& node);

    // The keeper's side.
    /// The number by which the fleet's decisions know a node, or a server of that name.
    fleet::ServerKey key_of(const std::string& node);
    /// The keeper has forgotten the server; should one of its name come again, it gets another.
    void forget_key(const std::string& node) { keys_.erase(node); }
    std::size_t keys() const { return keys_.size(); }
    /// Seats are held for these from now on.
    void hold(std::vector<fleet::Assignment> assignments);
    /// Whether it may get new rooms; those it has go on.
    void set_closed(const std::string& node, bool closed);
    /// All rooms that are on the node, are being opened there, or were there when its link broke.
    std::vector<fleet::OpenRoom> rooms_for_fleet(const std::string& node) const;
    std::vector<RoomView> room_views(const std::string& node) const;
    std::vector<WantedRoom> wanted() const;

    const std::map<std::string, Node>& nodes() const { return nodes_; }
    std::size_t size() const { return rooms_.size(); }
    std::vector<std::string> rooms_of(const std::string& node) const;
    const Counters& counters() const { return counters_; }

private:
    // Somebody who was told how long to wait comes back within this time after it.
    static constexpr Duration wish_kept = std::chrono::seconds(10);

    struct Waiting {
        Time until;
        Located located;
    };
    struct Room {
        std::string node;       // empty: being placed
        bool is_there = false;  // the node is up and was told, or told us
        Time node_until{};      // while the node is away: how long to wait for it
        std::optional<control::OpenRoom> settings;
        bool loading = false;
        std::vector<Waiting> waiting;
        fleet::OpenRoom use = {};  // of its node
    };
    struct Wish {
        WallTime since;
        Time until;             // nobody asked again before: forgotten
        std::string node;       // seats are kept for it there; empty: not yet
        fleet::OpenRoom use{};  // of that node
    };

    fleet::NewRoom ask_for(const std::string& name, const control::OpenRoom* settings,
                           fleet::SchoolKey* school = nullptr) const;
    bool takes_rooms(const std::string& node) const;
    std::optional<std::string> seat_for(const std::string& name, const control::OpenRoom* settings);
    std::optional<std::string> choose(const fleet::NewRoom& room);
    void wish(const std::string& name, const control::OpenRoom* settings, Duration wait);
    void fill(fleet::OpenRoom& use, const std::string& name,
              const control::OpenRoom* settings) const;
    void keep_seats_for_wishes();
    void take_seats(const std::string& name, Room& room);
    std::optional<std::string> least_full() const;
    void advance(const std::string& name);
    void start_opening(const std::string& name, Room& room);
    void finish_opening(const std::string& name, Expected<std::vector<std::string>, Error> events);
    void answer(const std::string& name, const Expected<std::string, Error>& outcome);
    void remember(const std::string& name, const std::string& node);
    void forget(const std::string& name);
    void want_node();
    void tick();

    Wiring wiring_;
    std::map<std::string, Room> rooms_;
    std::map<std::string, Node> nodes_;
    std::map<std::string, fleet::ServerKey> keys_;  // of servers that the keeper has
    fleet::ServerKey last_key_ = 0;
    std::map<std::string, Wish> wishes_;
    std::vector<fleet::Assignment> held_;
    Counters counters_;
    net::TimerId timer_ = net::TimerId::none;
    Time wanted_{};                     // last called for
    std::optional<Time> wanted_since_;  // and first, while none came
    Duration boot_time_ = std::chrono::seconds(5);
};

}  // namespace aula::hub
