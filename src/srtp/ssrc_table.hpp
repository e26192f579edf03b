// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace aula::srtp {

/// A T for each SSRC, never more than `capacity`. A packet of the same SSRC as the last one is
/// found at once; only add() allocates. Pointers are good until the next add().
template <class T, std::size_t capacity>
class SsrcTable {
    static_assert(capacity < 0xffff);

public:
    T* find(std::uint32_t ssrc) {
        if (last_ < entries_.size() && entries_[last_].ssrc == ssrc) return &entries_[last_].value;
        if (buckets_.empty()) return nullptr;
        for (auto at = home(ssrc);; at = next(at)) {
            if (buckets_[at] == 0) return nullptr;
            const std::size_t position = buckets_[at] - std::size_t{1};
            if (entries_[position].ssrc == ssrc) {
                last_ = position;
                return &entries_[position].value;
            }
        }
    }

    /// For an SSRC that is not there; nullptr when the table is full.
    T* add(std::uint32_t ssrc) {
        if (entries_.size() == capacity) return nullptr;
        last_ = entries_.size();
        entries_.push_back({ssrc, T{}});
        if (2 * entries_.size() > buckets_.size()) {
            rehash();
        } else {
            place(last_);
        }
        return &entries_[last_].value;
    }

private:
    struct Entry {
        std::uint32_t ssrc;
        T value;
    };

    void rehash() {
        buckets_.assign(buckets_.empty() ? 16 : 2 * buckets_.size(), 0);
        for (std::size_t i = 0; i < entries_.size(); ++i) place(i);
    }
    void place(std::size_t position) {
        auto at = home(entries_[position].ssrc);
        while (buckets_[at] != 0) at = next(at);
        buckets_[at] = static_cast<std::uint16_t>(position + 1);
    }
    // Knuth's multiplicative hash; buckets_.size() is a power of two.
    std::size_t home(std::uint32_t ssrc) const {
        return (ssrc * 2654435761u >> 16) & (buckets_.size() - 1);
    }
    std::size_t next(std::size_t at) const { return (at + 1) & (buckets_.size() - 1); }

    std::vector<Entry> entries_;
    std::vector<std::uint16_t> buckets_;  // position in entries_ plus one; zero is free
    std::size_t last_ = 0;
};

}  // namespace aula::srtp
