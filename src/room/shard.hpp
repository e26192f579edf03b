// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "dtls/connection.hpp"
#include "net/loop.hpp"
#include "net/shard.hpp"
#include "room/room.hpp"
#include "room/room_settings.hpp"
#include "transport/media_port.hpp"

namespace aula::room {

/// One core's share of a node: a thread with its loop, its media port and the rooms that live
/// there.
class Shard {
public:
    static Expected<std::unique_ptr<Shard>, Error> start(const transport::MediaPortOptions& options,
                                                         const dtls::Identity& identity);
    /// Ends the thread; its rooms die without a word, so close them before.
    ~Shard();
    Shard(const Shard&) = delete;
    Shard& operator=(const Shard&) = delete;

    // From any thread.
    void open_room(RoomSettings settings, RoomOutlet outlet);
    net::Ref<Room> ref(const std::string& room) { return {loop_, rooms_, room}; }
    net::Loop& loop() { return loop_; }

    // On the shard's thread.
    transport::MediaPort& port() { return *port_; }
    const dtls::Identity& identity() const { return identity_; }
    /// The room has packets to forward at the end of this batch.
    void has_fresh_packets(Room& room) { fresh_.push_back(&room); }
    /// Takes the room out now; it dies at the end of the turn.
    void remove(const std::string& room);
    void for_each_room(const std::function<void(Room&)>& visit);
    /// Of all its rooms, also those that closed.
    Room::Counters counters();

private:
    explicit Shard(const dtls::Identity& identity) : identity_(identity) {}
    void forward_batch();

    net::Loop loop_;
    const dtls::Identity& identity_;
    std::unique_ptr<transport::MediaPort> port_;
    net::Directory<Room> rooms_;
    std::vector<std::unique_ptr<Room>> leaving_;
    std::vector<Room*> fresh_;
    Room::Counters closed_rooms_;
    std::thread thread_;
};

}  // namespace aula::room
