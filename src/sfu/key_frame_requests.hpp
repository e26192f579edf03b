// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.hpp"

namespace aula::sfu {

/// Merges many receivers' wishes for a key frame of one layer into few PLIs: one every 500 ms for
/// the lowest layer, one a second for the others, repeated until the key frame comes.
class KeyFrameRequests {
public:
    explicit KeyFrameRequests(std::uint8_t layer)
        : pause_(layer == 0 ? Duration(500ms) : Duration(1s)) {}

    void want() { wanted_ = true; }
    void arrived() { wanted_ = false; }
    bool wanted() const { return wanted_; }
    /// Whether to send a PLI now; then it counts as sent.
    bool take(Time now) {
        if (!wanted_ || (last_ && now - *last_ < pause_)) return false;
        last_ = now;
        return true;
    }

private:
    Duration pause_;
    bool wanted_ = false;
    std::optional<Time> last_;
};

}  // namespace aula::sfu
