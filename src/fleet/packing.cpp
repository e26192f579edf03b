// SPDX-License-Identifier: Apache-2.0
#include "fleet/packing.hpp"

#include <algorithm>
#include <queue>

namespace aula::fleet {

namespace {

/// Seats that become free again.
struct Release {
    WallTime at;
    std::uint32_t node;
    Seats seats;
    bool operator<(const Release& other) const { return at > other.at; }  // the earliest on top
};

class Packer {
public:
    Packer(std::vector<PackedNode> nodes, const PackingCosts& costs, WallTime now)
        : nodes_(std::move(nodes)), costs_(costs), now_(now) {}

    void occupy(std::span<const Stay> stays, std::size_t servers);
    void put(const Booking& booking, const Snapshot& snapshot,
             std::vector<Assignment>& assignments);
    std::vector<PackedNode> take() { return std::move(nodes_); }

private:
    void release_until(WallTime time);
    /// What it costs to have this booking there, or nothing if it does not fit.
    std::optional<Duration> cost(const PackedNode& node, const Booking& booking, Seats seats) const;
    std::uint32_t choose(const Booking& booking, Seats seats);

    std::vector<PackedNode> nodes_;
    PackingCosts costs_;
    WallTime now_;
    std::priority_queue<Release> releases_;
};

void Packer::occupy(std::span<const Stay> stays, std::size_t servers) {
    std::vector<std::uint32_t> node_of(servers, PackedNode::none);
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) node_of[nodes_[i].server] = i;
    std::vector<Release> releases;
    releases.reserve(stays.size());
    for (const Stay& stay : stays) {
        const std::uint32_t i = node_of[stay.server];
        if (i == PackedNode::none) continue;
        PackedNode& node = nodes_[i];
        const Seats taken = std::min(stay.seats, node.free);
        node.free -= taken;
        node.busy_until = std::max(node.busy_until, stay.ends);
        releases.push_back({stay.ends, i, taken});
    }
    releases_ = std::priority_queue<Release>({}, std::move(releases));
}

void Packer::release_until(WallTime time) {
    while (!releases_.empty() && releases_.top().at <= time) {
        nodes_[releases_.top().node].free += releases_.top().seats;
        releases_.pop();
    }
}

std::optional<Duration> Packer::cost(const PackedNode& node, const Booking& booking,
                                     Seats seats) const {
    if (node.free < seats) return std::nullopt;
    const WallTime busy_until = std::max({node.busy_until, node.from, now_});
    if (booking.opens > busy_until + costs_.restart)
        return booking.ends - booking.opens + costs_.boot;
    // One that is still booting is there sooner than a new one, but its people may have to wait.
    const Duration wait = std::max(Duration(0), Duration(node.from - booking.opens));
    return std::max(Duration(0), Duration(booking.ends - busy_until)) + wait;
}

std::uint32_t Packer::choose(const Booking& booking, Seats seats) {
    std::uint32_t best = PackedNode::none;
    Duration best_cost = booking.ends - booking.opens + costs_.boot;
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
        const auto here = cost(nodes_[i], booking, seats);
        if (!here || *here > best_cost) continue;
        const auto rank = [](const PackedNode& node) {
            return std::pair(node.busy_until, node.free);
        };
        if (best == PackedNode::none || *here < best_cost || rank(nodes_[i]) < rank(nodes_[best])) {
            best = i;
            best_cost = *here;
        }
    }
    if (best == PackedNode::none) {
        best = std::uint32_t(nodes_.size());
        nodes_.push_back({.from = booking.opens,
                          .busy_until = booking.opens,
                          .free = std::max(costs_.seats_per_node, seats),
                          .next_use = {},
                          .first_announced = {}});
    }
    return best;
}

void Packer::put(const Booking& booking, const Snapshot& snapshot,
                 std::vector<Assignment>& assignments) {
    release_until(booking.opens);
    // A room larger than any node gets one for itself.
    const Seats seats = std::min(booking.seats, costs_.seats_per_node);
    const std::uint32_t i = choose(booking, seats);
    PackedNode& node = nodes_[i];
    node.free -= seats;
    node.busy_until = std::max(node.busy_until, booking.ends);
    releases_.push({booking.ends, i, seats});
    if (!node.next_use) {
        node.next_use = booking.opens;
        node.first_kind = booking.kind;
        node.first_announced = booking.announced;
    }
    ++node.lessons;
    node.seats += booking.seats;
    const bool has_key =
        booking.kind == Booking::Kind::lesson || booking.kind == Booking::Kind::waiting;
    if (node.server != PackedNode::none && has_key)
        assignments.push_back(
            {booking.lesson, snapshot.servers[node.server].key, seats, booking.opens});
}

}  // namespace

Packed pack(std::vector<PackedNode> nodes, std::span<const Stay> stays,
            std::span<const Booking> bookings, const Snapshot& snapshot, const PackingCosts& costs,
            WallTime now) {
    Packed packed;
    Packer packer(std::move(nodes), costs, now);
    packer.occupy(stays, snapshot.servers.size());
    for (const Booking& booking : bookings) packer.put(booking, snapshot, packed.assignments);
    packed.nodes = packer.take();
    return packed;
}

}  // namespace aula::fleet
