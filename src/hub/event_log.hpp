// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "control/control.pb.h"
#include "net/loop.hpp"

namespace aula::store {
class Store;
}

namespace aula::hub {

/// Writes lessons' events to the store, each room's in order and without gaps; what fails is tried
/// again until the disk is back. Nothing is reported stored before it is. What does not fit into
/// memory meanwhile is not taken, nor what comes after it, until the room's node has sent it again.
/// Lives on the hub's loop.
class EventLog {
public:
    using Stored =
        std::function<void(const std::string& node, const control::LessonEvents& events)>;
    /// Asks the room's node to send what was not reported stored; false: no node has the room.
    using SendAgain = std::function<bool(const std::string& room)>;
    struct Counters {
        std::uint64_t stored = 0, failed = 0;
        std::uint64_t not_taken = 0;    // they come again
        std::uint64_t asked_again = 0;  // times a node was asked for them
    };
    // While the disk is away. The nodes keep what was not reported stored.
    static constexpr std::size_t usual_bound = 128 << 20;

    EventLog(net::Loop& loop, store::Store& store, Stored stored, SendAgain send_again,
             std::size_t most_waiting_bytes = usual_bound);
    ~EventLog();
    EventLog(const EventLog&) = delete;
    EventLog& operator=(const EventLog&) = delete;

    void add(const std::string& node, control::LessonEvents events);
    /// The room is over for good: its events go once those under way are written.
    void erase(const std::string& room);
    const Counters& counters() const { return counters_; }

private:
    struct Batch {
        std::string node;
        control::LessonEvents events;
    };
    struct Queue {
        std::vector<Batch> waiting;
        bool writing = false;
        bool erase = false;
    };
    void write(const std::string& room, Queue& queue);
    void on_written(const std::string& room, std::vector<Batch> batches, bool written);
    bool takes(const control::LessonEvents& events, std::size_t bytes);
    void ask_for_missing();

    net::Loop& loop_;
    store::Store& store_;
    Stored stored_;
    SendAgain send_again_;
    const std::size_t most_waiting_bytes_;
    std::map<std::string, Queue> rooms_;
    std::map<std::string, std::uint64_t> missing_;  // room to the first event not taken
    std::size_t waiting_bytes_ = 0;
    net::TimerId retry_ = net::TimerId::none;
    Counters counters_;
};

}  // namespace aula::hub
