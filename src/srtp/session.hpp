// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "srtp/engine.hpp"

namespace aula::srtp {

enum class Profile : std::uint8_t { aead_aes_128_gcm, aes128_cm_sha1_80 };

constexpr std::size_t key_size(Profile) { return 16; }
constexpr std::size_t salt_size(Profile profile) {
    return profile == Profile::aead_aes_128_gcm ? 12 : 14;
}

enum class OpenError : std::uint8_t { malformed, replayed, forged, too_many_sources };

/// The sending half of an SRTP session (RFC 3711, RFC 7714): keys, and a rollover counter for each
/// SSRC.
class Sealer {
public:
    Sealer(Profile profile, Bytes master_key, Bytes master_salt, Engine engine = best_engine());
    ~Sealer();
    Sealer(Sealer&&) noexcept;
    Sealer& operator=(Sealer&&) noexcept;

    /// The RTP header stands in packet[0, header_size); the payload lies there behind it or
    /// anywhere else (it is read once, sealed straight into the packet). Returns the sealed size; 0
    /// when packet is too small, when this SSRC and index were or may have been sealed before
    /// (never one nonce for two packets), or when the table of SSRCs is full.
    std::size_t seal_rtp(MutableBytes packet, std::size_t header_size, Bytes payload);
    /// Seals the compound in place; returns the sealed size, 0 when packet is too small.
    std::size_t seal_rtcp(MutableBytes packet, std::size_t size);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The receiving half: opens in place and refuses replays (window of 1024 packets for each SSRC).
class Opener {
public:
    Opener(Profile profile, Bytes master_key, Bytes master_salt, Engine engine = best_engine());
    ~Opener();
    Opener(Opener&&) noexcept;
    Opener& operator=(Opener&&) noexcept;

    /// The plain packet (a prefix of the given bytes), or why not. The tables of SSRCs are bounded.
    Expected<MutableBytes, OpenError> open_rtp(MutableBytes packet);
    Expected<MutableBytes, OpenError> open_rtcp(MutableBytes packet);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace aula::srtp
