// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.hpp"

namespace aula::net {

/// Bytes that wait, for a socket or a parser: appended at the end, taken off the front.
class ByteQueue {
public:
    bool empty() const { return taken_ == bytes_.size(); }
    std::size_t size() const { return bytes_.size() - taken_; }
    Bytes waiting() const { return Bytes(bytes_).subspan(taken_); }

    /// To append to.
    Buffer& tail() { return bytes_; }
    void append(Bytes more) { bytes_.insert(bytes_.end(), more.begin(), more.end()); }

    void take(std::size_t count) {
        taken_ += count;
        if (empty()) {
            // An idle connection keeps no memory that a burst once needed.
            if (bytes_.capacity() > most_kept) Buffer().swap(bytes_);
            bytes_.clear();
            taken_ = 0;
        } else if (taken_ > bytes_.size() / 2) {
            bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(taken_));
            taken_ = 0;
        }
    }

private:
    static constexpr std::size_t most_kept = 4096;
    Buffer bytes_;
    std::size_t taken_ = 0;
};

}  // namespace aula::net
