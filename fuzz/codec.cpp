// SPDX-License-Identifier: Apache-2.0
#include "rtp/codec.hpp"

#include <cstdlib>

#include "rtp/vp8.hpp"

using namespace aula;

/// Payload parsing for every codec; a VP8 descriptor that was rewritten reads back as written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Buffer payload(data, data + size);
    for (const auto codec :
         {rtp::Codec::vp8, rtp::Codec::h264, rtp::Codec::vp9, rtp::Codec::av1, rtp::Codec::h265}) {
        rtp::starts_key_frame(codec, payload);
    }
    const auto before = rtp::Vp8Descriptor::parse(payload);
    if (!before) return 0;
    if (before->size >= size || (before->key_frame && !before->starts_picture)) std::abort();
    const auto id =
        static_cast<std::uint16_t>((before->picture_id + 77) & before->picture_id_mask());
    rtp::rewrite_vp8(payload, *before, id, 200);
    const auto after = rtp::Vp8Descriptor::parse(payload);
    if (!after || after->size != before->size || after->temporal_id != before->temporal_id)
        std::abort();
    if (before->has_picture_id() && after->picture_id != id) std::abort();
    if (before->has_tl0picidx() && after->tl0picidx != 200) std::abort();
    return 0;
}
