// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace aula::fleet {

/// How far real times lie from announced ones: the quantiles at 0, 5, 10, … 100 percent.
class Spread {
public:
    static constexpr std::size_t points = 21;
    using Points = std::array<std::chrono::seconds, points>;

    Spread() = default;
    explicit Spread(const Points& quantiles) : points_(quantiles) {}

    /// The offset that this share of all cases stays below.
    Duration at(double share) const;
    /// The share of cases that lie before this offset.
    double share_before(Duration offset) const;
    Duration earliest() const { return points_.front(); }
    Duration latest() const { return points_.back(); }

private:
    Points points_{};
};

/// When rooms really open and end. What stands here is what is reckoned with before anything was
/// measured; TimingRecord learns better.
struct Timing {
    Timing();
    Spread opening;  // of the room, against the announced start of its lesson
    Spread ending;   // of the room, against the announced end
    Duration unannounced_length = std::chrono::minutes(45);  // of a room without an announced end
    double unannounced_rooms = 0.1;                          // of all rooms
};

/// Learns Timing from what happened; what is older counts less. Pure, of fixed size.
class TimingRecord {
public:
    void opened(WallTime announced, WallTime really);
    void ended(WallTime announced, WallTime really);
    void ended_unannounced(Duration length);
    Timing timing() const;

    /// {"opening": [seconds, …], "ending": […], "length": […], the oldest first, "rooms": 300,
    /// "unannounced": 0.12}; the last two may be missing.
    std::string to_json() const;
    static Expected<TimingRecord, Error> from_json(std::string_view json);

    friend bool operator==(const TimingRecord&, const TimingRecord&) = default;

private:
    static constexpr std::size_t remembered = 2000;
    /// The newest offsets, in seconds.
    class Offsets {
    public:
        void add(Duration offset);
        /// Nothing yet, or too few to be believed: `otherwise`.
        Spread spread(const Spread& otherwise) const;
        std::size_t size() const { return count_; }
        std::vector<std::int32_t> in_order() const;
        friend bool operator==(const Offsets& a, const Offsets& b) {
            return a.in_order() == b.in_order();
        }

    private:
        std::array<std::int32_t, remembered> seconds_{};
        std::size_t count_ = 0;
        std::size_t next_ = 0;
    };
    void count_room(bool is_announced);

    Offsets opening_;
    Offsets ending_;
    Offsets length_;
    float unannounced_rooms_ = 0.1F;
    std::uint32_t rooms_ = 0;
};

}  // namespace aula::fleet
