// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "sdp/attribute.hpp"
#include "sdp/session.hpp"
#include "sdp/words.hpp"

namespace aula::sdp {

namespace {

MediaKind kind_of(std::string_view type) {
    if (type == "audio") return MediaKind::audio;
    if (type == "video") return MediaKind::video;
    if (type == "application") return MediaKind::application;
    return MediaKind::other;
}

/// RFC 3551 section 6: the payload types that need no a=rtpmap and that telephones still speak.
Codec codec_of(std::uint8_t payload_type) {
    Codec codec;
    codec.payload_type = payload_type;
    constexpr std::array<std::pair<std::uint8_t, const char*>, 3> named{
        {{0, "PCMU"}, {8, "PCMA"}, {9, "G722"}}};
    for (const auto& [number, name] : named) {
        if (number != payload_type) continue;
        codec.name = name;
        codec.clock_rate = 8000;
    }
    return codec;
}

bool add_payload_type(Media& media, std::string_view word) {
    const auto payload_type = number<std::uint8_t>(word);
    if (!payload_type || *payload_type > 127) return false;
    if (find_codec(media, *payload_type)) return true;
    if (media.codecs.size() == max_codecs) return false;
    media.codecs.push_back(codec_of(*payload_type));
    return true;
}

/// m=<media> <port> <proto> <fmt> ... (RFC 8866 section 5.14)
std::optional<Media> parse_media_line(std::string_view line) {
    Words words(line);
    Media media;
    media.type = words.next();
    const auto port = number<std::uint16_t>(words.next());
    media.protocol = words.next();
    if (media.type.empty() || !port || media.protocol.empty()) return std::nullopt;
    media.kind = kind_of(media.type);
    media.port = *port;
    const bool is_rtp = media.protocol.find("RTP") != std::string::npos;
    for (auto word = words.next(); !word.empty(); word = words.next()) {
        if (is_rtp) {
            if (!add_payload_type(media, word)) return std::nullopt;
        } else {
            if (media.formats.size() == max_codecs) return std::nullopt;
            media.formats.emplace_back(word);
        }
    }
    return media;
}

/// Reads a description line by line; what stands before the first m= goes into defaults_.
class Parser {
public:
    Expected<Session, SdpError> parse(std::string_view text);

private:
    std::optional<SdpError> read(std::string_view line);
    std::optional<SdpError> begin_section(std::string_view value);
    bool read_attribute(std::string_view line);
    bool read_session_attribute(const Attribute& attribute);
    bool read_origin(std::string_view value);
    bool finish();

    Session session_;
    Media defaults_;
};

std::optional<SdpError> Parser::begin_section(std::string_view value) {
    if (session_.media.size() == max_sections) return SdpError::sections;
    auto media = parse_media_line(value);
    if (!media) return SdpError::media;
    session_.media.push_back(std::move(*media));
    return std::nullopt;
}

bool Parser::read_origin(std::string_view value) {
    Words words(value);
    words.next();
    const auto id = number<std::uint64_t>(words.next());
    const auto version = number<std::uint64_t>(words.next());
    if (!id || !version) return false;
    session_.id = *id;
    session_.version = *version;
    return true;
}

bool Parser::read_session_attribute(const Attribute& attribute) {
    if (attribute.name == "ice-lite") session_.ice_lite = true;
    if (attribute.name == "extmap-allow-mixed") session_.extmap_allow_mixed = true;
    if (attribute.name == "group" && session_.bundle.empty()) {
        Words words(attribute.value);
        if (words.next() != "BUNDLE") return true;
        for (auto mid = words.next(); !mid.empty(); mid = words.next()) {
            if (session_.bundle.size() == max_sections) return false;
            session_.bundle.emplace_back(mid);
        }
    }
    return read_media_attribute(defaults_, attribute);
}

bool Parser::read_attribute(std::string_view line) {
    const Attribute attribute = split_attribute(line);
    if (attribute.name == "ice-options" &&
        attribute.value.find("trickle") != std::string_view::npos) {
        session_.trickle = true;
    }
    if (session_.media.empty()) return read_session_attribute(attribute);
    return read_media_attribute(session_.media.back(), attribute);
}

std::optional<SdpError> Parser::read(std::string_view line) {
    if (line.size() < 2 || line[1] != '=') return SdpError::form;
    // A carriage return inside a value would become a line of its own when we pass the value on.
    if (std::ranges::any_of(line, [](char c) { return c >= 0 && c < ' ' && c != '\t'; })) {
        return SdpError::form;
    }
    const auto value = line.substr(2);
    switch (line[0]) {
        case 'm':
            return begin_section(value);
        case 'a':
            return read_attribute(value) ? std::nullopt : std::optional(SdpError::attribute);
        case 'o':
            return read_origin(value) ? std::nullopt : std::optional(SdpError::form);
        default:
            return std::nullopt;
    }
}

/// Gives every section the session's ICE and DTLS attributes, drops payload types nobody named, and
/// makes sure that mids can name sections.
bool Parser::finish() {
    std::set<std::string_view> mids;
    for (Media& media : session_.media) {
        if (media.ice_ufrag.empty() && media.ice_pwd.empty()) {
            media.ice_ufrag = defaults_.ice_ufrag;
            media.ice_pwd = defaults_.ice_pwd;
        }
        if (!media.fingerprint) media.fingerprint = defaults_.fingerprint;
        if (!media.setup) media.setup = defaults_.setup;
        std::erase_if(media.codecs, [](const Codec& codec) { return codec.name.empty(); });
        if (!media.mid.empty() && !mids.insert(media.mid).second) return false;
    }
    return true;
}

Expected<Session, SdpError> Parser::parse(std::string_view text) {
    if (text.size() > max_size) return fail(SdpError::size);
    if (text.substr(0, 3) != "v=0") return fail(SdpError::form);
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (line.empty()) continue;
        if (const auto error = read(line)) return fail(*error);
    }
    if (!finish()) return fail(SdpError::attribute);
    return std::move(session_);
}

}  // namespace

Expected<Session, SdpError> parse(std::string_view text) { return Parser().parse(text); }

const char* text(SdpError error) {
    switch (error) {
        case SdpError::size:
            return "the session description is over 256 KiB";
        case SdpError::sections:
            return "the session description has over 200 media sections";
        case SdpError::form:
            return "this is not a session description";
        case SdpError::media:
            return "a media line of the session description is broken";
        case SdpError::attribute:
            return "an attribute of the session description is broken";
    }
    return "";
}

}  // namespace aula::sdp
