// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/bytes.hpp"
#include "ice/stun.hpp"

namespace aula::ice {

/// Writes one binding message. Attributes first, then finish() once.
class StunWriter {
public:
    /// Longest user name there is room for: two ICE user fragments (RFC 8839 section 5.4) and a
    /// colon.
    static constexpr std::size_t username_limit = 513;

    StunWriter(StunClass message_class, const TransactionId& transaction);

    void username(std::string_view name);
    void priority(std::uint32_t value);
    void use_candidate();
    void ice_controlling(std::uint64_t tie_breaker);
    void ice_controlled(std::uint64_t tie_breaker);
    void mapped_address(const net::Address& address);
    void error(StunErrorCode code);
    void unknown_attributes(std::span<const std::uint16_t> types);

    /// Adds MESSAGE-INTEGRITY, unless the password is empty, and FINGERPRINT. The bytes live as
    /// long as this.
    Bytes finish(std::string_view password);

private:
    std::uint8_t* attribute(std::uint16_t type, std::size_t size);
    void set_length(std::size_t body);

    std::array<std::uint8_t, 768> bytes_{};
    std::size_t size_;
};

/// The error response to a request, still to be finished.
StunWriter refusal_of(const StunMessage& request, StunErrorCode code);

}  // namespace aula::ice
