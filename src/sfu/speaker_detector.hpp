// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/time.hpp"

namespace aula::sfu {

struct Speaker {
    std::uint32_t id = 0;  // the owner's number for the participant
    float level = 0;       // 0..1 in eighths
    bool active = false;
};

/// Who speaks, from audio levels (RFC 6464), by LiveKit's rules: in windows of 400 ms, louder than
/// -35 dBov for at least 40 % of the window, smoothed over two windows, in steps of an eighth.
class SpeakerDetector {
public:
    static constexpr Duration window = 400ms;
    static constexpr std::uint8_t threshold = 35;

    /// One packet of `span` length (20 ms for nearly all).
    void observe(std::uint32_t id, std::uint8_t level, Duration span = 20ms);
    void remove(std::uint32_t id);

    /// Every window: who changed since the last call, the loudest first; those who stopped are in
    /// it once with active false and level 0. Valid until the next call.
    std::span<const Speaker> update(Time now);
    /// All who speak now, the loudest first.
    std::span<const Speaker> active() const { return active_; }

private:
    struct Voice {
        std::uint32_t id = 0;
        Duration loud{};
        std::uint8_t loudest = 127;
        double smoothed = 0;
        float told = 0;
        bool gone = false;
    };
    void close_window(Voice& voice);

    std::vector<Voice> voices_;
    std::vector<Speaker> changes_, active_;
    Time next_{};
};

}  // namespace aula::sfu
