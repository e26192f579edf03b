// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace aula::signal {

inline constexpr std::size_t max_identity_size = 256;  // also of names and room names
inline constexpr std::size_t max_metadata_size = 512 * 1024;
inline constexpr std::size_t max_attributes_size = 64 * 1024;  // keys and values together

/// What a token allows; the `video` claim. An absent can_* means yes.
struct VideoGrant {
    std::string room;
    bool room_join = false;
    bool room_create = false;
    bool room_list = false;
    bool room_record = false;
    bool room_admin = false;
    std::optional<bool> can_publish;
    std::optional<bool> can_subscribe;
    std::optional<bool> can_publish_data;
    std::optional<bool> can_update_own_metadata;  // absent means no
    std::vector<std::string>
        can_publish_sources;  // camera, microphone, screen_share, screen_share_audio
    bool hidden = false;
    bool recorder = false;
    bool agent = false;
    std::string destination_room;

    bool operator==(const VideoGrant&) const = default;
};

/// What the room is to be that somebody with this token opens; the `roomConfig` claim. 0 and empty:
/// as usual.
struct RoomConfiguration {
    std::uint32_t empty_timeout = 0;      // seconds
    std::uint32_t departure_timeout = 0;  // seconds
    std::uint32_t max_participants = 0;
    std::string metadata;

    bool operator==(const RoomConfiguration&) const = default;
};

/// The claims of a LiveKit access token, a JWT signed with HMAC-SHA256 (RFC 7519).
struct AccessToken {
    std::string key_id;  // `iss`: names the secret
    std::string identity;
    std::string name;
    std::string kind;                       // standard when empty; ingress, egress, sip, agent ...
    std::vector<std::string> kind_details;  // cloud_agent, forwarded ...
    std::string metadata;
    std::map<std::string, std::string> attributes;
    VideoGrant video;
    RoomConfiguration room;
    std::string sha256;  // base64 of the hash of a webhook's body
    std::optional<WallTime> not_before;
    WallTime expires;

    bool operator==(const AccessToken&) const = default;
};

enum class TokenError : std::uint8_t {
    size,       // longer than a token may be
    form,       // not a JWT, or its parts are not base64url of JSON
    algorithm,  // anything but HS256, `none` above all
    key,        // the issuer is not known
    signature,
    claims,  // a claim is missing, of the wrong type, or too long
    early,   // not valid yet
    expired,
};
/// A sentence for the person whose client showed the token.
const char* text(TokenError error);

/// Key id to secret; nullopt when there is no such key.
using KeyLookup = std::function<std::optional<std::string>(std::string_view key_id)>;

/// Checks form, signature and times (60 s of leeway); what the token allows is for the caller to
/// look at.
Expected<AccessToken, TokenError> verify(std::string_view jwt, const KeyLookup& keys, WallTime now);

/// Signs with the secret of token.key_id.
std::string mint(const AccessToken& token, std::string_view secret);

}  // namespace aula::signal
