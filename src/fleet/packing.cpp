// SPDX-License-Identifier: Apache-2.0
#include "fleet/packing.hpp"

#include <algorithm>
#include <queue>

namespace aula::fleet {

namespace {

// Ends are not known to the minute: what is shorter than this is no reason to leave a node's last
// seats empty.
constexpr Duration grain = 5min;
// Lessons that open within this time of each other: not more could be started in between.
constexpr Duration about = 4min;

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
        : nodes_(std::move(nodes)), costs_(costs), now_(now) {
        for (const PackedNode& node : nodes_) free_.push_back(node.free);
    }

    void occupy(std::span<const Stay> stays, std::size_t servers);
    /// The node it is put on.
    const PackedNode& put(const Booking& booking);
    void keep_reserve(const Booking& booking, std::size_t lessons_about);
    std::vector<PackedNode> take() { return std::move(nodes_); }

private:
    void release_until(WallTime time);
    WallTime idle_from(const PackedNode& node) const {
        return std::max({node.busy_until, node.from, now_});
    }
    Duration cost(const PackedNode& node, const Booking& booking) const;
    Duration cost_of_new(const Booking& booking) const;
    std::uint32_t choose(const Booking& booking, Seats seats);
    std::uint32_t add_node(WallTime from);

    std::vector<PackedNode> nodes_;
    std::vector<Seats> free_;  // of each, now in the sweep; apart, for it is searched all the time
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
        const Seats taken = std::min(stay.seats, free_[i]);
        free_[i] -= taken;
        node.busy_until = std::max(node.busy_until, stay.ends);
        releases.push_back({stay.ends, i, taken});
    }
    releases_ = std::priority_queue<Release>({}, std::move(releases));
}

void Packer::release_until(WallTime time) {
    while (!releases_.empty() && releases_.top().at <= time) {
        free_[releases_.top().node] += releases_.top().seats;
        releases_.pop();
    }
}

/// By how much longer a node is on for this booking. A node on its way is there sooner than a new
/// one, but its people may have to wait: that counts like the time of a node.
Duration Packer::cost(const PackedNode& node, const Booking& booking) const {
    const WallTime idle = idle_from(node);
    const Duration stay = booking.ends - booking.opens;
    if (booking.opens > idle)
        return stay + (booking.opens > idle + costs_.restart
                           ? costs_.boot
                           : std::min(costs_.boot, Duration(booking.opens - idle)));
    const Duration wait = std::max(Duration(0), Duration(node.from - booking.opens));
    return std::max(Duration(0), Duration(booking.ends - idle)) + wait;
}

Duration Packer::cost_of_new(const Booking& booking) const {
    const Duration wait = now_ + costs_.boot_surely - booking.opens;
    return booking.ends - booking.opens + costs_.boot + std::max(Duration(0), wait);
}

std::uint32_t Packer::add_node(WallTime from) {
    nodes_.push_back({.from = from,
                      .busy_until = from,
                      .free = costs_.seats_per_node,
                      .next_use = {},
                      .first_announced = {}});
    free_.push_back(costs_.seats_per_node);
    return std::uint32_t(nodes_.size() - 1);
}

/// The cheapest; of those that cost about the same the fullest.
std::uint32_t Packer::choose(const Booking& booking, Seats seats) {
    std::uint32_t best = PackedNode::none;
    std::pair best_rank(cost_of_new(booking) / grain, ~Seats(0));
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
        if (free_[i] < seats) continue;
        const std::pair rank(cost(nodes_[i], booking) / grain, free_[i]);
        if (rank >= best_rank) continue;
        best = i;
        best_rank = rank;
    }
    return best == PackedNode::none ? add_node(booking.opens) : best;
}

const PackedNode& Packer::put(const Booking& booking) {
    release_until(booking.opens);
    // A room larger than any node gets one for itself.
    const Seats seats = std::min(booking.seats, costs_.seats_per_node);
    const std::uint32_t i = choose(booking, seats);
    PackedNode& node = nodes_[i];
    free_[i] -= seats;
    node.busy_until = std::max(node.busy_until, booking.ends);
    releases_.push({booking.ends, i, seats});
    if (!node.next_use) {
        node.next_use = booking.opens;
        node.first_kind = booking.kind;
        node.first_announced = booking.announced;
    }
    ++node.lessons;
    node.seats += booking.seats;
    if (booking.kind == Booking::Kind::unannounced) node.unannounced += seats;
    return node;
}

/// When this booking opens there are to be seats for others, in one place, on nodes that are in use
/// then; else the soonest idle one is in use from then on, or a new one.
void Packer::keep_reserve(const Booking& booking, std::size_t lessons_about) {
    if (costs_.reserve_rooms == 0) return;
    const unsigned wanted =
        costs_.reserve_rooms + unsigned(costs_.rooms_besides * double(lessons_about));
    unsigned rooms = 0;
    std::uint32_t idle = PackedNode::none;
    for (std::uint32_t i = 0; i < nodes_.size() && rooms < wanted; ++i) {
        const PackedNode& node = nodes_[i];
        const Seats seats = free_[i] + node.unannounced;
        if (seats < costs_.reserve_room) continue;
        if (node.next_use || node.busy_until > booking.opens)
            rooms += seats / costs_.reserve_room;
        else if (idle == PackedNode::none || node.from < nodes_[idle].from)
            idle = i;
    }
    if (rooms >= wanted) return;
    PackedNode& node = nodes_[idle == PackedNode::none ? add_node(booking.opens) : idle];
    node.next_use = booking.opens;
    node.first_kind = Booking::Kind::reserve;
    node.first_announced = booking.announced;
}

/// Of each booking, how many lessons open about when it does, itself among them.
std::vector<std::size_t> lessons_about(std::span<const Booking> bookings) {
    std::vector<std::size_t> counts;
    counts.reserve(bookings.size());
    const auto is_lesson = [](const Booking& one) { return one.kind == Booking::Kind::lesson; };
    std::size_t first = 0, behind = 0, count = 0;
    for (const Booking& booking : bookings) {
        for (; behind < bookings.size() && bookings[behind].opens < booking.opens + about; ++behind)
            count += is_lesson(bookings[behind]);
        for (; bookings[first].opens <= booking.opens - about; ++first)
            count -= is_lesson(bookings[first]);
        counts.push_back(count);
    }
    return counts;
}

}  // namespace

Packed pack(std::vector<PackedNode> nodes, std::span<const Stay> stays,
            std::span<const Booking> bookings, const Snapshot& snapshot, const PackingCosts& costs,
            WallTime now) {
    Packed packed;
    Packer packer(std::move(nodes), costs, now);
    packer.occupy(stays, snapshot.servers.size());
    // Also between the bells: most lessons nobody announced come when others have opened.
    if (!stays.empty() && !bookings.empty())
        packer.keep_reserve(
            {.kind = Booking::Kind::reserve, .opens = now, .ends = now, .announced = now}, 0);
    const auto lessons = lessons_about(bookings);
    for (std::size_t i = 0; i < bookings.size(); ++i) {
        const Booking& booking = bookings[i];
        const PackedNode& node = packer.put(booking);
        const bool has_key =
            booking.kind == Booking::Kind::lesson || booking.kind == Booking::Kind::waiting;
        if (node.server != PackedNode::none && has_key)
            packed.assignments.push_back(
                {booking.lesson, snapshot.servers[node.server].key, booking.seats, booking.opens});
        if (booking.kind == Booking::Kind::lesson) packer.keep_reserve(booking, lessons[i]);
    }
    packed.nodes = packer.take();
    return packed;
}

}  // namespace aula::fleet
