// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "control/control.pb.h"
#include "net/send_queue.hpp"
#include "room/room.hpp"
#include "transport/media_port.hpp"

namespace aula::node {

/// What one shard counted, as of its last report.
struct ShardFigures {
    std::vector<room::RoomFigures> rooms;
    net::SendQueue::Counters sent;
    transport::MediaPort::Counters received;
    room::Room::Counters counted;  // by all its rooms, also those that closed
};

/// The node's load, from the figures its shards report each second. Lives on the node's loop.
class Load {
public:
    explicit Load(std::size_t shards) : shards_(shards) {}

    void update(std::size_t shard, ShardFigures figures) { shards_.at(shard) = std::move(figures); }
    control::LoadReport report(bool draining);
    /// Prometheus text.
    std::string metrics() const;
    std::size_t participants() const;

private:
    std::vector<ShardFigures> shards_;
    double last_cpu_seconds_ = 0;
    Time last_report_{};
};

}  // namespace aula::node
