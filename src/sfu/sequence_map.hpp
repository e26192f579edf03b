// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace aula::sfu {

/// How a run of source packets of one layer is renamed on its way out.
struct Renaming {
    std::int64_t source_first = 0;  // index of the first source packet
    std::int64_t outgoing_first = 0;
    std::uint32_t timestamp_offset = 0;
    std::uint16_t picture_id_offset = 0;
    std::uint8_t tl0picidx_offset = 0;
    std::uint8_t layer = 0;
    std::uint8_t temporal = 2;  // the highest temporal layer sent
};

/// From source indices to outgoing ones and back, without a gap where packets were left out: a
/// bounded list of runs, the newest open-ended. Late packets find the run they belong to.
class SequenceMap {
public:
    static constexpr std::size_t most_runs = 64;  // at 15 dropped pictures a second: four seconds

    struct Place {
        std::int64_t index = 0;  // outgoing, or source
        Renaming run;
    };

    explicit SequenceMap(std::int64_t first_outgoing) : next_outgoing_(first_outgoing) {}

    /// A run begins with this source packet; it gets the next outgoing number. The open run, if
    /// any, ends before it.
    void begin(Renaming run, std::int64_t source_first);
    /// The open run ends: no later source packet belongs to it.
    void end();
    /// The open run's next packets in order up to this one have passed.
    void advance(std::int64_t source_index);

    std::optional<Place> outgoing(std::uint8_t layer, std::int64_t source_index) const;
    std::optional<Place> source(std::int64_t outgoing_index) const;

    bool is_open() const { return open_; }
    const Renaming& newest() const { return at(count_ - 1).renaming; }
    bool empty() const { return count_ == 0; }
    std::int64_t next_outgoing() const { return next_outgoing_; }
    std::int64_t next_source() const { return next_source_; }

private:
    struct Run {
        Renaming renaming;
        std::int64_t size = 0;  // the open run's is known by next_source_
    };
    const Run& at(std::size_t place) const { return runs_[(first_ + place) % most_runs]; }
    Run& at(std::size_t place) { return runs_[(first_ + place) % most_runs]; }

    std::array<Run, most_runs> runs_{};
    std::size_t first_ = 0, count_ = 0;
    bool open_ = false;
    std::int64_t next_outgoing_;
    std::int64_t next_source_ = 0;
};

}  // namespace aula::sfu
