// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "sdp/session.hpp"

namespace aula::sdp {

inline constexpr std::size_t max_simulcast_layers = 3;
inline constexpr std::uint16_t sctp_port = 5000;  // RFC 8841 section 5.1
// LiveKit's SDKs stop at 64,000 bytes, and what a client may send us at once is memory of ours.
inline constexpr std::uint32_t max_data_message = 64 * 1024;

bool same_name(std::string_view a,
               std::string_view b);  // RFC 6838 section 4.2: case does not matter

/// Whether Aula forwards this codec in a section of this kind (apart from rtx, which goes with a
/// codec).
bool is_supported(MediaKind kind, const Codec& codec);

/// Whether a decoder for `receiver` understands what is sent as `sender`.
bool is_compatible(const Codec& sender, const Codec& receiver);

/// How much we like this variant of a codec, to order H264's profiles: less is better.
int rank(const Codec& codec);

bool is_supported_feedback(std::string_view feedback);

/// Header extensions of a section in which the client sends, and of one in which we do.
std::span<const char* const> extensions_received(MediaKind kind);
std::span<const char* const> extensions_sent(MediaKind kind);

}  // namespace aula::sdp
