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

/// Writes lessons' events to the store, each room's in order; what fails is tried again until the
/// disk is back. Nothing is reported stored before it is. Lives on the hub's loop.
class EventLog {
public:
    using Stored =
        std::function<void(const std::string& node, const control::LessonEvents& events)>;
    struct Counters {
        std::uint64_t stored = 0, failed = 0, dropped = 0;
    };

    EventLog(net::Loop& loop, store::Store& store, Stored stored);
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

    net::Loop& loop_;
    store::Store& store_;
    Stored stored_;
    std::map<std::string, Queue> rooms_;
    std::size_t waiting_bytes_ = 0;
    net::TimerId retry_ = net::TimerId::none;
    Counters counters_;
};

}  // namespace aula::hub
