// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace aula::control {

enum class FrameError : std::uint8_t { too_large };

constexpr std::size_t max_frame_bytes = 4 << 20;

/// Cuts a byte stream into frames: a 4-byte big-endian length, then so many bytes.
class FrameReader {
public:
    void add(Bytes bytes);
    /// The next whole frame, good until the next call; nothing when it has not all come yet.
    Expected<std::optional<Bytes>, FrameError> next();

private:
    Buffer waiting_;
    std::size_t taken_ = 0;  // of waiting_, already given out
};

}  // namespace aula::control
