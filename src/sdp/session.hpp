// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace aula::sdp {

enum class MediaKind : std::uint8_t { audio, video, application, other };
enum class Direction : std::uint8_t { sendrecv, sendonly, recvonly, inactive };
enum class Setup : std::uint8_t { actpass, active, passive };

/// One payload type: a=rtpmap with its a=fmtp and a=rtcp-fb lines.
struct Codec {
    std::uint8_t payload_type = 0;
    std::string name;  // as written: "opus", "VP8", "rtx"
    std::uint32_t clock_rate = 0;
    std::uint8_t channels = 0;          // 0: not said
    std::string parameters;             // of a=fmtp
    std::vector<std::string> feedback;  // "nack", "nack pli", "transport-cc" ...

    bool operator==(const Codec&) const = default;
};

/// a=extmap (RFC 8285).
struct Extension {
    std::uint8_t id = 0;
    std::string uri;

    bool operator==(const Extension&) const = default;
};

/// a=rid (RFC 8851).
struct Rid {
    std::string id;
    bool send = true;
    std::string restrictions;

    bool operator==(const Rid&) const = default;
};

/// a=simulcast (RFC 8853): rid alternatives in the order written, "~" of a paused one kept.
struct Simulcast {
    std::vector<std::string> send;
    std::vector<std::string> receive;

    bool operator==(const Simulcast&) const = default;
};

/// a=ssrc lines of one SSRC (RFC 5576).
struct Source {
    std::uint32_t ssrc = 0;
    std::string cname;
    std::string msid;  // "stream track", Chromium's older form

    bool operator==(const Source&) const = default;
};

/// a=ssrc-group, "FID" for a stream and its retransmissions.
struct SourceGroup {
    std::string semantics;
    std::vector<std::uint32_t> ssrcs;

    bool operator==(const SourceGroup&) const = default;
};

/// a=fingerprint: the hash of a DTLS certificate (RFC 8122).
struct Fingerprint {
    std::string algorithm;  // "sha-256"
    std::string value;      // "AB:CD:..."

    bool operator==(const Fingerprint&) const = default;
};

/// One m= section. Session-wide ICE and DTLS attributes are copied into every section when read.
struct Media {
    MediaKind kind = MediaKind::other;
    std::string type;        // as written: "audio", "video", "application" ...
    std::uint16_t port = 9;  // 0: rejected
    std::string protocol = "UDP/TLS/RTP/SAVPF";
    std::vector<std::string> formats;  // of sections without codecs: "webrtc-datachannel"

    std::string mid;
    Direction direction = Direction::sendrecv;
    std::vector<Codec> codecs;  // in order of preference
    std::vector<Extension> extensions;
    std::vector<Rid> rids;
    std::optional<Simulcast> simulcast;
    std::string msid_stream;  // a=msid:<stream> <track>
    std::string msid_track;
    std::vector<Source> sources;
    std::vector<SourceGroup> source_groups;

    std::string ice_ufrag;
    std::string ice_pwd;
    std::vector<std::string> candidates;  // what follows "a=candidate:"
    bool end_of_candidates = false;
    std::optional<Fingerprint> fingerprint;
    std::optional<Setup> setup;

    bool rtcp_mux = false;
    bool rtcp_rsize = false;
    bool bundle_only = false;
    std::optional<std::uint16_t> sctp_port;
    std::optional<std::uint32_t> max_message_size;

    bool rejected() const { return port == 0 && !bundle_only; }
    bool operator==(const Media&) const = default;
};

struct Session {
    std::uint64_t id = 0;       // of o=
    std::uint64_t version = 2;  // grows with every description of this side
    bool ice_lite = false;
    bool trickle = false;  // a=ice-options:trickle
    bool extmap_allow_mixed = false;
    std::vector<std::string> bundle;  // mids of the one BUNDLE group
    std::vector<Media> media;

    bool operator==(const Session&) const = default;
};

inline constexpr std::size_t max_size = 256 * 1024;
inline constexpr std::size_t max_sections = 200;

enum class SdpError : std::uint8_t {
    size,       // over 256 KiB
    sections,   // over 200 m= sections
    form,       // not lines of "x=..."
    media,      // a broken m= line
    attribute,  // an attribute we read is broken, or there are too many of it
};
const char* text(SdpError error);

/// Reads an offer or an answer (RFC 8866). Lines it does not know are skipped.
Expected<Session, SdpError> parse(std::string_view text);
std::string write(const Session& session);

// Questions one asks a section.
const Codec* find_codec(const Media& media, std::string_view name);  // case does not matter
const Codec* find_codec(const Media& media, std::uint8_t payload_type);
std::optional<std::uint8_t> extension_id(const Media& media, std::string_view uri);
/// The payload type of retransmissions of this payload type (RFC 4588).
std::optional<std::uint8_t> rtx_payload_type(const Media& media, std::uint8_t payload_type);
/// The value of one parameter in an a=fmtp text.
std::optional<std::string_view> parameter(std::string_view parameters, std::string_view name);
const Media* find_media(const Session& session, std::string_view mid);
/// The section that tells the peer's end of the one transport: the first accepted one with ICE and
/// DTLS attributes.
const Media* transport_section(const Session& session);

}  // namespace aula::sdp
