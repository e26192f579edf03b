// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "rtp/extensions.hpp"
#include "rtp/vp8.hpp"

namespace aula::sfu {

enum class MediaKind : std::uint8_t { audio, video };

/// Extension elements a publisher's packet may carry on to a receiver, where both negotiated them.
inline constexpr std::array<std::uint8_t rtp::ExtensionIds::*, 6> passed_extensions{
    &rtp::ExtensionIds::audio_level,       &rtp::ExtensionIds::abs_capture_time,
    &rtp::ExtensionIds::video_orientation, &rtp::ExtensionIds::video_content_type,
    &rtp::ExtensionIds::playout_delay,     &rtp::ExtensionIds::dependency_descriptor};

/// What was learnt of a received packet, once, for all its receivers. The bytes lie in the cache,
/// with 32 readable bytes behind them (the cipher reads in whole blocks).
struct CachedPacket {
    struct Slice {
        std::uint16_t at = 0;
        std::uint16_t size = 0;  // 0: the packet has no such element
    };

    const std::uint8_t* data = nullptr;
    std::int64_t index = -1;  // sequence number without wrap
    Time arrival;
    std::uint32_t timestamp = 0;
    std::uint16_t size = 0;  // header and payload, without padding
    std::uint16_t header_size = 0;
    std::uint8_t payload_type = 0;
    std::uint8_t layer = 0;
    bool marker = false;
    bool key_frame = false;                                    // starts one
    rtp::Vp8Descriptor vp8;                                    // size 0: none
    std::array<Slice, passed_extensions.size()> extensions{};  // in the order of passed_extensions

    Bytes payload() const {
        return {data + header_size, static_cast<std::size_t>(size - header_size)};
    }
    Bytes extension(std::size_t which) const {
        return {data + extensions[which].at, extensions[which].size};
    }
    bool is_padding() const { return size == header_size; }
};

/// The newest packets of one layer, found by index. Packets lie packed in chunks; a chunk is made
/// when the others still hold packets younger than the retention time, so memory follows the bit
/// rate, up to a bound.
class PacketCache {
public:
    struct Limits {
        std::size_t packets = 512;  // a power of two
        std::size_t chunks = 48;
        std::size_t chunk_size = 16 * 1024;
    };
    static constexpr Limits limits_for(MediaKind kind) {
        return kind == MediaKind::video ? Limits{} : Limits{128, 16, 4 * 1024};
    }
    static constexpr std::size_t slack = 32;
    static constexpr std::size_t largest_packet = 2048;
    static constexpr Duration retention = 1s;

    explicit PacketCache(Limits limits);

    /// Copies the packet and gives it its data pointer; the reference holds until the next
    /// insert().
    const CachedPacket* insert(const CachedPacket& packet, Bytes bytes);
    /// Null when it never came or has been overwritten.
    const CachedPacket* find(std::int64_t index) const;
    std::size_t memory() const;

private:
    struct Chunk {
        std::unique_ptr<std::uint8_t[]> bytes;
        std::uint64_t serial = 0;  // which filling of it
        std::size_t used = 0;
        Time newest;
    };
    struct Entry {
        CachedPacket packet;
        std::uint64_t serial = 0;
        std::uint32_t chunk = 0;  // a chunk's number is fixed, its place in the ring is not
    };
    void next_chunk(Time now);

    Limits limits_;
    std::vector<Entry> entries_;
    std::vector<Chunk> chunks_;
    std::vector<std::uint32_t> ring_;  // chunk numbers in the order they are filled
    std::size_t place_ = 0;            // in ring_
    std::uint64_t serial_ = 0;
};

}  // namespace aula::sfu
