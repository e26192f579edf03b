// SPDX-License-Identifier: Apache-2.0
#include "sdp/session.hpp"

#include <algorithm>

#include "sdp/codecs.hpp"
#include "sdp/words.hpp"

namespace aula::sdp {

namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

}  // namespace

const Codec* find_codec(const Media& media, std::string_view name) {
    const auto found = std::ranges::find_if(
        media.codecs, [&](const Codec& codec) { return same_name(codec.name, name); });
    return found == media.codecs.end() ? nullptr : &*found;
}

const Codec* find_codec(const Media& media, std::uint8_t payload_type) {
    const auto found = std::ranges::find(media.codecs, payload_type, &Codec::payload_type);
    return found == media.codecs.end() ? nullptr : &*found;
}

std::optional<std::uint8_t> extension_id(const Media& media, std::string_view uri) {
    const auto found = std::ranges::find(media.extensions, uri, &Extension::uri);
    if (found == media.extensions.end()) return std::nullopt;
    return found->id;
}

std::optional<std::uint8_t> rtx_payload_type(const Media& media, std::uint8_t payload_type) {
    for (const Codec& codec : media.codecs) {
        if (!same_name(codec.name, "rtx")) continue;
        const auto associated = parameter(codec.parameters, "apt");
        if (associated && number<std::uint8_t>(*associated) == payload_type) {
            return codec.payload_type;
        }
    }
    return std::nullopt;
}

std::optional<std::string_view> parameter(std::string_view parameters, std::string_view name) {
    Words words(parameters);
    for (auto word = words.next(';'); !word.empty(); word = words.next(';')) {
        word = trimmed(word);
        const auto equals = word.find('=');
        if (equals == std::string_view::npos) continue;
        if (same_name(word.substr(0, equals), name)) return word.substr(equals + 1);
    }
    return std::nullopt;
}

const Media* find_media(const Session& session, std::string_view mid) {
    const auto found = std::ranges::find(session.media, mid, &Media::mid);
    return found == session.media.end() ? nullptr : &*found;
}

const Media* transport_section(const Session& session) {
    const auto found = std::ranges::find_if(session.media, [](const Media& media) {
        return !media.rejected() && !media.ice_ufrag.empty() && !media.ice_pwd.empty() &&
               media.fingerprint && media.setup;
    });
    return found == session.media.end() ? nullptr : &*found;
}

}  // namespace aula::sdp
