// SPDX-License-Identifier: Apache-2.0
#include "sfu/packet_cache.hpp"

#include <algorithm>
#include <cstring>

#include "base/expects.hpp"

namespace aula::sfu {

PacketCache::PacketCache(Limits limits) : limits_(limits), entries_(limits.packets) {
    AULA_EXPECTS((limits.packets & (limits.packets - 1)) == 0);
    AULA_EXPECTS(limits.chunk_size >= largest_packet + slack);
}

const CachedPacket* PacketCache::insert(const CachedPacket& packet, Bytes bytes) {
    AULA_EXPECTS(bytes.size() <= largest_packet && packet.index >= 0);
    if (ring_.empty() || chunks_[ring_[place_]].used + bytes.size() + slack > limits_.chunk_size) {
        next_chunk(packet.arrival);
    }
    Chunk& chunk = chunks_[ring_[place_]];
    Entry& entry = entries_[static_cast<std::size_t>(packet.index) & (limits_.packets - 1)];
    // A packet older than the one in its place does not push that out.
    if (entry.packet.index > packet.index) return nullptr;
    std::memcpy(&chunk.bytes[chunk.used], bytes.data(), bytes.size());
    entry.packet = packet;
    entry.packet.data = &chunk.bytes[chunk.used];
    entry.serial = chunk.serial;
    entry.chunk = ring_[place_];
    chunk.used += bytes.size();
    chunk.newest = packet.arrival;
    return &entry.packet;
}

const CachedPacket* PacketCache::find(std::int64_t index) const {
    if (index < 0) return nullptr;
    const Entry& entry = entries_[static_cast<std::size_t>(index) & (limits_.packets - 1)];
    if (entry.packet.index != index || chunks_[entry.chunk].serial != entry.serial) return nullptr;
    return &entry.packet;
}

std::size_t PacketCache::memory() const {
    return entries_.capacity() * sizeof(Entry) + chunks_.size() * limits_.chunk_size;
}

void PacketCache::next_chunk(Time now) {
    const std::size_t next = ring_.empty() ? 0 : (place_ + 1) % ring_.size();
    const bool reuse = !ring_.empty() && (now - chunks_[ring_[next]].newest >= retention ||
                                          chunks_.size() == limits_.chunks);
    if (reuse) {
        place_ = next;
    } else {
        place_ = ring_.empty() ? 0 : place_ + 1;
        ring_.insert(ring_.begin() + static_cast<std::ptrdiff_t>(place_),
                     static_cast<std::uint32_t>(chunks_.size()));
        chunks_.emplace_back().bytes = std::make_unique<std::uint8_t[]>(limits_.chunk_size);
    }
    Chunk& chunk = chunks_[ring_[place_]];
    chunk.serial = ++serial_;
    chunk.used = 0;
    chunk.newest = now;
}

}  // namespace aula::sfu
