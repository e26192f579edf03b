// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "rtp/packet_view.hpp"

namespace aula::rtp {

/// Turns a retransmission (RFC 4588 section 4) back into the original packet, in place; returns it,
/// or none when it carries no original (padding sent on the RTX stream to probe the line).
std::optional<MutableBytes> unwrap_rtx(MutableBytes packet, const PacketView& view,
                                       std::uint32_t ssrc, std::uint8_t payload_type);

/// Writes the RTX payload behind a header of header_size in slot: the original number, then the
/// original payload. Returns the payload; empty when it does not fit.
MutableBytes wrap_rtx(MutableBytes slot, std::size_t header_size, std::uint16_t original_number,
                      Bytes original_payload);

}  // namespace aula::rtp
