// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "base/bytes.hpp"
#include "srtp/engine.hpp"
#include "srtp/keys.hpp"

namespace aula::srtp {

/// The cryptographic half of a packet: given its index, how its bytes are sealed and opened. One
/// object serves one direction of either RTP or RTCP; the caller has checked every size.
class Protection {
public:
    virtual ~Protection() = default;

    virtual std::size_t tag_size() const = 0;

    /// Writes ciphertext and tag behind the header.
    virtual void seal_rtp(std::uint8_t* packet, std::size_t header_size, Bytes payload,
                          std::uint64_t index) = 0;
    /// False when forged; the packet's content is lost then.
    virtual bool open_rtp(MutableBytes packet, std::size_t header_size, std::uint64_t index) = 0;

    /// Seals `size` bytes in place and writes tag and index word behind them.
    virtual void seal_rtcp(std::uint8_t* packet, std::size_t size, std::uint32_t index) = 0;
    virtual bool open_rtcp(MutableBytes packet) = 0;
    /// Where the word with encryption flag and index stands in a sealed packet of this size.
    virtual std::size_t index_word_at(std::size_t sealed_size) const = 0;
};

constexpr std::size_t rtcp_header_size = 8;
constexpr std::size_t index_word_size = 4;
constexpr std::uint32_t encrypted_flag = 0x80000000;

std::unique_ptr<Protection> make_protection(Profile profile, const SessionKeys& keys,
                                            Engine engine);

}  // namespace aula::srtp
