// SPDX-License-Identifier: Apache-2.0
#include "sdp/attribute.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "sdp/words.hpp"

namespace aula::sdp {

namespace {

constexpr std::size_t max_token = 64;   // mids, rids
constexpr std::size_t max_value = 256;  // RFC 8839 section 5.4: ICE credentials
constexpr std::size_t max_feedback = 32;

template <class Item>
bool append(std::vector<Item>& items, Item item, std::size_t limit = max_items) {
    if (items.size() >= limit) return false;
    items.push_back(std::move(item));
    return true;
}

bool is_token(std::string_view word) { return !word.empty() && word.size() <= max_token; }

bool set_bounded(std::string& into, std::string_view value) {
    if (value.empty() || value.size() > max_value) return false;
    into = value;
    return true;
}

std::string cased(std::string_view text, int (*convert)(int)) {
    std::string result(text);
    for (char& c : result) c = static_cast<char>(convert(static_cast<unsigned char>(c)));
    return result;
}

Codec* codec_at(Media& media, std::string_view word) {
    const auto payload_type = number<std::uint8_t>(word);
    if (!payload_type) return nullptr;
    const auto found = std::ranges::find(media.codecs, *payload_type, &Codec::payload_type);
    return found == media.codecs.end() ? nullptr : &*found;
}

/// a=rtpmap:<payload type> <name>/<clock rate>[/<channels>]
bool read_rtpmap(Media& media, std::string_view value) {
    Words words(value);
    Codec* codec = codec_at(media, words.next());
    if (!codec) return true;  // not in the m= line, so not offered
    Words parts(words.rest());
    codec->name = parts.next('/');
    const auto clock_rate = number<std::uint32_t>(parts.next('/'));
    if (codec->name.empty() || !clock_rate) return false;
    codec->clock_rate = *clock_rate;
    const auto channels = parts.next('/');
    if (channels.empty()) return true;
    const auto count = number<std::uint8_t>(channels);
    codec->channels = count.value_or(0);
    return count.has_value();
}

bool read_fmtp(Media& media, std::string_view value) {
    Words words(value);
    Codec* codec = codec_at(media, words.next());
    if (codec) codec->parameters = words.rest();
    return true;
}

/// a=rtcp-fb:<payload type or *> <feedback> (RFC 4585 section 4.2)
bool read_feedback(Media& media, std::string_view value) {
    Words words(value);
    const auto whom = words.next();
    const std::string feedback(words.rest());
    for (Codec& codec : media.codecs) {
        if (whom != "*" && number<std::uint8_t>(whom) != codec.payload_type) continue;
        if (!append(codec.feedback, feedback, max_feedback)) return false;
    }
    return true;
}

/// a=extmap:<id>[/<direction>] <uri> [attributes]
bool read_extension(Media& media, std::string_view value) {
    Words words(value);
    Words first(words.next());
    const auto id = number<std::uint16_t>(first.next('/'));
    const auto uri = words.next();
    if (!id || *id == 0 || uri.empty()) return false;
    if (*id > 255) return true;  // RFC 8285 section 7: placeholders for ids to be agreed on
    return append(media.extensions, {static_cast<std::uint8_t>(*id), std::string(uri)});
}

bool read_rid(Media& media, std::string_view value) {
    Words words(value);
    Rid rid;
    rid.id = words.next();
    const auto direction = words.next();
    if (!is_token(rid.id) || (direction != "send" && direction != "recv")) return false;
    rid.send = direction == "send";
    rid.restrictions = words.rest();
    return append(media.rids, std::move(rid));
}

/// a=simulcast:<send|recv> <rid>[,<rid>...][;...] [<the other direction> ...]
bool read_simulcast(Media& media, std::string_view value) {
    Words words(value);
    Simulcast simulcast;
    for (auto direction = words.next(); !direction.empty(); direction = words.next()) {
        if (direction != "send" && direction != "recv") return false;
        auto& rids = direction == "send" ? simulcast.send : simulcast.receive;
        Words list(words.next());
        for (auto rid = list.next(';'); !rid.empty(); rid = list.next(';')) {
            if (!append(rids, std::string(rid))) return false;
        }
    }
    media.simulcast = std::move(simulcast);
    return true;
}

Source* source_at(Media& media, std::uint32_t ssrc) {
    const auto found = std::ranges::find(media.sources, ssrc, &Source::ssrc);
    if (found != media.sources.end()) return &*found;
    if (!append(media.sources, Source{ssrc, {}, {}})) return nullptr;
    return &media.sources.back();
}

/// a=ssrc:<ssrc> <attribute>[:<value>] (RFC 5576 section 4.1)
bool read_source(Media& media, std::string_view value) {
    Words words(value);
    const auto ssrc = number<std::uint32_t>(words.next());
    if (!ssrc) return false;
    Source* source = source_at(media, *ssrc);
    if (!source) return false;
    const Attribute attribute = split_attribute(words.rest());
    if (attribute.name == "cname") source->cname = attribute.value;
    if (attribute.name == "msid") source->msid = attribute.value;
    return true;
}

bool read_source_group(Media& media, std::string_view value) {
    Words words(value);
    SourceGroup group;
    group.semantics = words.next();
    for (auto word = words.next(); !word.empty(); word = words.next()) {
        const auto ssrc = number<std::uint32_t>(word);
        if (!ssrc || !append(group.ssrcs, *ssrc)) return false;
    }
    return append(media.source_groups, std::move(group));
}

bool read_msid(Media& media, std::string_view value) {
    Words words(value);
    media.msid_stream = words.next();
    media.msid_track = words.next();
    return true;
}

bool read_mid(Media& media, std::string_view value) {
    media.mid = value;
    return is_token(value) && value.find(' ') == std::string_view::npos;
}

/// a=fingerprint:<hash> <value>. SHA-256 when there are several; the others are for peers without
/// it.
bool read_fingerprint(Media& media, std::string_view value) {
    Words words(value);
    Fingerprint fingerprint{cased(words.next(), std::tolower), cased(words.next(), std::toupper)};
    if (fingerprint.value.empty() || fingerprint.value.size() > max_value) return false;
    if (!media.fingerprint || fingerprint.algorithm == "sha-256") {
        media.fingerprint = std::move(fingerprint);
    }
    return true;
}

bool read_setup(Media& media, std::string_view value) {
    if (value == "actpass") media.setup = Setup::actpass;
    if (value == "active") media.setup = Setup::active;
    if (value == "passive") media.setup = Setup::passive;
    return true;
}

bool read_candidate(Media& media, std::string_view value) {
    return append(media.candidates, std::string(value));
}

bool read_sctp_port(Media& media, std::string_view value) {
    media.sctp_port = number<std::uint16_t>(value);
    return media.sctp_port.has_value();
}

bool read_max_message_size(Media& media, std::string_view value) {
    const auto size = number<std::uint64_t>(value);
    if (size)
        media.max_message_size =
            static_cast<std::uint32_t>(std::min<std::uint64_t>(*size, 0xffffffff));
    return size.has_value();
}

template <auto member, auto constant>
bool set(Media& media, std::string_view) {
    media.*member = constant;
    return true;
}

template <auto member>
bool set_text(Media& media, std::string_view value) {
    return set_bounded(media.*member, value);
}

using Reader = bool (*)(Media&, std::string_view);
constexpr std::array<std::pair<std::string_view, Reader>, 25> readers{{
    {"rtpmap", read_rtpmap},
    {"fmtp", read_fmtp},
    {"rtcp-fb", read_feedback},
    {"extmap", read_extension},
    {"ssrc", read_source},
    {"ssrc-group", read_source_group},
    {"candidate", read_candidate},
    {"mid", read_mid},
    {"msid", read_msid},
    {"sendrecv", set<&Media::direction, Direction::sendrecv>},
    {"sendonly", set<&Media::direction, Direction::sendonly>},
    {"recvonly", set<&Media::direction, Direction::recvonly>},
    {"inactive", set<&Media::direction, Direction::inactive>},
    {"rid", read_rid},
    {"simulcast", read_simulcast},
    {"ice-ufrag", set_text<&Media::ice_ufrag>},
    {"ice-pwd", set_text<&Media::ice_pwd>},
    {"fingerprint", read_fingerprint},
    {"setup", read_setup},
    {"rtcp-mux", set<&Media::rtcp_mux, true>},
    {"rtcp-rsize", set<&Media::rtcp_rsize, true>},
    {"bundle-only", set<&Media::bundle_only, true>},
    {"end-of-candidates", set<&Media::end_of_candidates, true>},
    {"sctp-port", read_sctp_port},
    {"max-message-size", read_max_message_size},
}};

}  // namespace

Attribute split_attribute(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return {line, {}};
    return {line.substr(0, colon), line.substr(colon + 1)};
}

bool read_media_attribute(Media& media, const Attribute& attribute) {
    for (const auto& [name, reader] : readers) {
        if (name == attribute.name) return reader(media, attribute.value);
    }
    return true;
}

}  // namespace aula::sdp
