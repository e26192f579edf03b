// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

/// Packet types and feedback formats (RFC 3550 section 12.1, RFC 4585 section 6, RFC 5104
/// section 4.3).
namespace aula::rtp::rtcp {

inline constexpr std::uint8_t type_sr = 200;
inline constexpr std::uint8_t type_rr = 201;
inline constexpr std::uint8_t type_sdes = 202;
inline constexpr std::uint8_t type_bye = 203;
inline constexpr std::uint8_t type_rtpfb = 205;
inline constexpr std::uint8_t type_psfb = 206;

inline constexpr std::uint8_t format_nack = 1;
inline constexpr std::uint8_t format_transport_feedback = 15;
inline constexpr std::uint8_t format_pli = 1;
inline constexpr std::uint8_t format_fir = 4;
inline constexpr std::uint8_t format_application = 15;

}  // namespace aula::rtp::rtcp
