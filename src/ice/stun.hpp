// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "net/address.hpp"

namespace aula::ice {

using TransactionId = std::array<std::uint8_t, 12>;

constexpr std::uint16_t binding_method = 0x001;

enum class StunClass : std::uint8_t { request, indication, success, error };

/// Error codes of RFC 8489 section 14.8 and RFC 8445 section 16.2 that an ICE agent sends.
enum class StunErrorCode : std::uint16_t {
    bad_request = 400,
    unauthenticated = 401,
    unknown_attribute = 420,
    role_conflict = 487
};

enum class StunError : std::uint8_t { size, type, cookie, length, attribute, fingerprint };

/// A STUN message read in place (RFC 8489 section 5); borrows the datagram.
/// Of an attribute given twice the first counts, and what follows MESSAGE-INTEGRITY is not
/// believed.
class StunMessage {
public:
    /// Also refuses a message whose FINGERPRINT is wrong.
    static Expected<StunMessage, StunError> parse(Bytes datagram);

    StunClass message_class() const { return class_; }
    std::uint16_t method() const { return method_; }
    TransactionId transaction() const;

    std::optional<std::string_view> username() const { return username_; }
    std::optional<std::uint32_t> priority() const { return priority_; }
    std::optional<std::uint64_t> ice_controlling() const { return controlling_; }
    std::optional<std::uint64_t> ice_controlled() const { return controlled_; }
    std::optional<net::Address> mapped_address() const { return mapped_address_; }
    std::optional<std::uint16_t> error_code() const { return error_code_; }
    bool use_candidate() const { return use_candidate_; }
    bool has_integrity() const { return integrity_at_ != 0; }
    bool has_fingerprint() const { return has_fingerprint_; }

    /// Attributes below 0x8000 that we do not know (the first few of them).
    std::span<const std::uint16_t> unknown_required() const {
        return std::span(unknown_).first(unknown_count_);
    }

    /// True if MESSAGE-INTEGRITY is there and was made with this password (short-term credentials).
    bool is_signed_with(std::string_view password) const;

private:
    StunMessage() = default;
    Expected<void, StunError> read_attributes();
    Expected<void, StunError> read_attribute(std::uint16_t type, std::size_t at, Bytes value);
    Expected<void, StunError> read_known(std::uint16_t type, Bytes value);
    bool read_mapped_address(Bytes value);
    bool check_fingerprint(std::size_t at, Bytes value);

    Bytes bytes_;
    StunClass class_ = StunClass::request;
    std::uint16_t method_ = 0;
    std::optional<std::string_view> username_;
    std::optional<std::uint32_t> priority_;
    std::optional<std::uint64_t> controlling_;
    std::optional<std::uint64_t> controlled_;
    std::optional<net::Address> mapped_address_;
    std::optional<std::uint16_t> error_code_;
    bool use_candidate_ = false;
    bool has_fingerprint_ = false;
    std::size_t integrity_at_ = 0;
    std::array<std::uint16_t, 8> unknown_{};
    std::size_t unknown_count_ = 0;
};

}  // namespace aula::ice
