// SPDX-License-Identifier: Apache-2.0
#include "rtp/rtx.hpp"

#include <algorithm>
#include <cstring>

namespace aula::rtp {

namespace {
constexpr std::size_t original_number_size = 2;  // OSN, RFC 4588 section 4
}

std::optional<MutableBytes> unwrap_rtx(MutableBytes packet, const PacketView& view,
                                       std::uint32_t ssrc, std::uint8_t payload_type) {
    if (view.payload().size() < original_number_size) return std::nullopt;
    const std::uint16_t original = load16(view.payload().data());
    // The header moves up over the number, so that the payload stays where it is.
    std::memmove(packet.data() + original_number_size, packet.data(), view.header_size());
    const MutableBytes restored = packet.subspan(original_number_size);
    set_sequence_number(restored, original);
    set_ssrc(restored, ssrc);
    set_payload_type(restored, payload_type);
    return restored;
}

MutableBytes wrap_rtx(MutableBytes slot, std::size_t header_size, std::uint16_t original_number,
                      Bytes original_payload) {
    const std::size_t size = original_number_size + original_payload.size();
    if (slot.size() < header_size + size) return {};
    const MutableBytes payload = slot.subspan(header_size, size);
    store16(payload.data(), original_number);
    std::copy(original_payload.begin(), original_payload.end(),
              payload.begin() + original_number_size);
    return payload;
}

}  // namespace aula::rtp
