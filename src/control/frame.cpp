// SPDX-License-Identifier: Apache-2.0
#include "control/frame.hpp"

namespace aula::control {

void FrameReader::add(Bytes bytes) {
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(taken_));
    taken_ = 0;
    waiting_.insert(waiting_.end(), bytes.begin(), bytes.end());
}

Expected<std::optional<Bytes>, FrameError> FrameReader::next() {
    const Bytes rest = Bytes(waiting_).subspan(taken_);
    if (rest.size() < 4) return std::nullopt;
    const std::size_t size = load32(rest.data());
    // Refused at once, before so much is gathered.
    if (size > max_frame_bytes) return fail(FrameError::too_large);
    if (rest.size() - 4 < size) return std::nullopt;
    taken_ += 4 + size;
    return rest.subspan(4, size);
}

}  // namespace aula::control
