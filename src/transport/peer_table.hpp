// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "net/address.hpp"

namespace aula::transport {

/// Who is at which UDP address: open addressing with linear probing, because every media packet
/// asks. A burst comes from one peer, so the last answer is kept at hand. Borrows the peers.
template <class Peer>
class PeerTable {
public:
    PeerTable() : slots_(64) {}

    Peer* find(const net::Address& address) {
        const Slot& last = slots_[last_];
        if (last.peer != nullptr && last.address == address) return last.peer;
        const std::size_t at = probe(address);
        if (slots_[at].peer != nullptr) last_ = at;
        return slots_[at].peer;
    }

    void set(const net::Address& address, Peer& peer) {
        if (2 * (size_ + 1) > slots_.size()) grow();
        Slot& slot = slots_[probe(address)];
        if (slot.peer == nullptr) ++size_;
        slot = {address, &peer};
    }

    /// Only if it still is that peer's: another may have taken the address over.
    void erase(const net::Address& address, const Peer& peer) {
        std::size_t hole = probe(address);
        if (slots_[hole].peer != &peer) return;
        --size_;
        // Closes the gap, so that probing never needs tombstones.
        for (std::size_t at = next(hole); slots_[at].peer != nullptr; at = next(at)) {
            const std::size_t home = slots_[at].address.hash() & mask();
            if (((at - home) & mask()) < ((at - hole) & mask())) continue;
            slots_[hole] = slots_[at];
            hole = at;
        }
        slots_[hole] = {};
    }

    std::size_t size() const { return size_; }

private:
    struct Slot {
        net::Address address;
        Peer* peer = nullptr;
    };

    std::size_t mask() const { return slots_.size() - 1; }
    std::size_t next(std::size_t at) const { return (at + 1) & mask(); }

    /// The slot of the address, or the free one where it would go.
    std::size_t probe(const net::Address& address) const {
        std::size_t at = address.hash() & mask();
        while (slots_[at].peer != nullptr && !(slots_[at].address == address)) at = next(at);
        return at;
    }

    void grow() {
        std::vector<Slot> old(2 * slots_.size());
        old.swap(slots_);
        last_ = 0;
        for (const Slot& slot : old) {
            if (slot.peer != nullptr) slots_[probe(slot.address)] = slot;
        }
    }

    std::vector<Slot> slots_;
    std::size_t size_ = 0;
    std::size_t last_ = 0;
};

}  // namespace aula::transport
