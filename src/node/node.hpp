// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "control/node_link.hpp"
#include "net/address.hpp"
#include "net/loop.hpp"

namespace aula::node {

struct NodeOptions {
    control::NodeLinkOptions link;
    net::Address media;  // where shards listen; port 0: free ports, else port, port+1, ...
    // As for a transport::MediaPort; a port that is given is the first shard's, the next ones
    // follow.
    std::vector<net::Address> advertised;
    unsigned shards = 1;
    unsigned seats = 200;                 // participants it means to carry, told to the hub
    std::optional<net::Address> metrics;  // Prometheus text over HTTP; none: not served
};

/// A conference node: its shards, the link to its hub, and the doorway through which relayed
/// clients reach their rooms. Lives on the given loop, the process's main one; each shard has a
/// thread of its own.
class Node {
public:
    static Expected<std::unique_ptr<Node>, Error> start(net::Loop& loop, NodeOptions options);
    ~Node();
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    /// Takes no new rooms, tells everybody to come back elsewhere, closes the rooms, then calls
    /// done.
    void drain(std::function<void()> done);
    /// Where metrics are served, with the port that was taken.
    std::optional<net::Address> metrics_address() const;

private:
    struct State;
    explicit Node(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace aula::node
