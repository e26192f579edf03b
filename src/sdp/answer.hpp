// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sdp/session.hpp"

namespace aula::sdp {

/// Our end of the one ICE and DTLS transport that all sections share.
struct LocalTransport {
    std::string ice_ufrag;
    std::string ice_pwd;
    bool ice_lite = true;
    std::vector<std::string>
        candidates;  // what follows "a=candidate:"; empty when they are trickled
    Fingerprint fingerprint;
    Setup setup = Setup::passive;
};

/// What we want from a client's section that sends.
struct ReceiveOptions {
    /// The one to put first: "VP8", "H264", "opus". Empty keeps the client's order.
    std::string codec = {};
    /// Audio: RED before Opus when the client offers it.
    bool red = true;
    /// Leave out the other codecs.
    bool only_codec = false;
    /// Appended to Opus' own, e.g. "usedtx=1" or "stereo=1".
    std::string opus_parameters = {};
};

/// A track as we send it to one receiver.
struct SendTrack {
    MediaKind kind = MediaKind::audio;
    Codec codec;  // name and parameters as its publisher sends; the payload type does not matter
    bool red = false;    // audio: its packets are RED
    std::string stream;  // msid: "PA_...|camera"
    std::string track;   // msid: "TR_..."
    std::string cname;
    std::uint32_t ssrc = 0;
    std::optional<std::uint32_t> rtx_ssrc;  // video
};

// Each makes our section for one the client offered. Payload types and extension ids are the
// client's; the transport's attributes come by make_answer().

/// The client sends: we receive, with all of its simulcast rids. Rejected when we share no codec.
Media answer_receiving(const Media& offered, const ReceiveOptions& options);
/// The client receives: we send this track. nullopt: the client cannot decode it.
std::optional<Media> answer_sending(const Media& offered, const SendTrack& track);
/// Nothing flows for now; the section and its codecs stay.
Media answer_inactive(const Media& offered);
/// The data channels.
Media answer_data(const Media& offered);
/// Port 0; it keeps its place.
Media answer_rejected(const Media& offered);

/// True when a receiver's section can carry this track, as answer_sending() would.
bool can_receive(const Media& offered, const SendTrack& track);

/// Puts our sections, one for each offered and in that order, and the transport together.
Session make_answer(const Session& offer, std::vector<Media> sections, const LocalTransport& local,
                    std::uint64_t session_id, std::uint64_t version);

}  // namespace aula::sdp
