// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sdp/answer.hpp"
#include "sdp/session.hpp"

namespace aula::sdp {

// Sections of an offer of ours: for the subscriber connection of protocol v0, where the server
// offers, and for native clients. Payload types and extension ids are fixed, the same in every
// section.

/// We send this track and nothing else.
Media offer_sending(std::string mid, const SendTrack& track);
/// We send this track as simulcast: these rids, SSRCs learnt from the packets (a native publisher).
Media offer_simulcast(std::string mid, const SendTrack& track, std::span<const std::string> rids);
/// We receive whatever codec of this kind (a native subscriber).
Media offer_receiving(std::string mid, MediaKind kind);
/// Was used before, or is kept for later.
Media offer_inactive(std::string mid, MediaKind kind);
Media offer_data(std::string mid);

/// `local.setup` is ignored: an offer says actpass (RFC 8842 section 5.2).
Session make_offer(std::vector<Media> sections, const LocalTransport& local,
                   std::uint64_t session_id, std::uint64_t version);

/// The payload type an offer of ours gives a codec; 0 when we never offer it.
std::uint8_t offered_payload_type(const Codec& codec);

enum class AnswerError : std::uint8_t {
    sections,   // not one section for each offered, of the same kind and mid
    transport,  // an accepted section without ICE credentials, fingerprint or DTLS role
};
const char* text(AnswerError error);

/// Checks that an answer fits our offer (RFC 8829 section 5.3); then its sections are ours to read
/// by mid.
Expected<void, AnswerError> check_answer(const Session& offer, const Session& answer);

}  // namespace aula::sdp
