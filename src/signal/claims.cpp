// SPDX-License-Identifier: Apache-2.0
#include "signal/claims.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include <boost/json.hpp>

namespace aula::signal {

namespace {

namespace js = boost::json;

/// Reads members of an object into typed places; one of the wrong type makes the whole not
/// well-formed. An absent member and null leave the place as it is.
class ClaimReader {
public:
    explicit ClaimReader(const js::object& object) : object_(object) {}

    bool well_formed() const { return well_formed_; }

    void text(std::string_view name, std::string& into, std::size_t limit) {
        const js::value* value = find(name);
        if (!value) return;
        if (!value->is_string() || value->get_string().size() > limit) return refuse();
        into = std::string(value->get_string());
    }

    template <class Bool>
    void flag(std::string_view name, Bool& into) {
        const js::value* value = find(name);
        if (!value) return;
        if (!value->is_bool()) return refuse();
        into = value->get_bool();
    }

    void time(std::string_view name, std::optional<WallTime>& into) {
        const js::value* value = find(name);
        if (!value) return;
        if (!value->is_number()) return refuse();
        // RFC 7519 section 2: a NumericDate may have a fraction. Bounded, as the clock counts
        // nanoseconds.
        const double seconds = std::clamp(value->to_number<double>(), 0.0, 9.0e9);
        into = WallTime{} + std::chrono::seconds(static_cast<long long>(std::floor(seconds)));
    }

    /// Protobuf's JSON: by either of its names, and as a number or as text.
    void count(std::string_view name, std::string_view other_name, std::uint32_t& into) {
        const js::value* value = find(name);
        if (!value) value = find(other_name);
        if (!value) return;
        boost::system::error_code broken;
        if (value->is_string()) {
            const js::string& digits = value->get_string();
            const auto [end, error] =
                std::from_chars(digits.data(), digits.data() + digits.size(), into);
            if (error != std::errc() || end != digits.data() + digits.size()) refuse();
        } else {
            into = value->to_number<std::uint32_t>(broken);
            if (broken) refuse();
        }
    }

    void texts(std::string_view name, std::vector<std::string>& into) {
        const js::value* value = find(name);
        if (!value) return;
        if (!value->is_array() || value->get_array().size() > 16) return refuse();
        for (const js::value& item : value->get_array()) {
            if (!item.is_string()) return refuse();
            into.emplace_back(item.get_string());
        }
    }

    void attributes(std::string_view name, std::map<std::string, std::string>& into) {
        const js::value* value = find(name);
        if (!value) return;
        if (!value->is_object()) return refuse();
        std::size_t size = 0;
        for (const auto& [key, item] : value->get_object()) {
            if (!item.is_string()) return refuse();
            size += key.size() + item.get_string().size();
            if (size > max_attributes_size) return refuse();
            into[std::string(key)] = std::string(item.get_string());
        }
    }

    const js::object* object(std::string_view name) {
        const js::value* value = find(name);
        if (!value) return nullptr;
        if (!value->is_object()) refuse();
        return value->if_object();
    }

private:
    const js::value* find(std::string_view name) const {
        const js::value* value = object_.if_contains(name);
        return value && !value->is_null() ? value : nullptr;
    }
    void refuse() { well_formed_ = false; }

    const js::object& object_;
    bool well_formed_ = true;
};

using FlagOfGrant = bool VideoGrant::*;
constexpr std::array<std::pair<std::string_view, FlagOfGrant>, 8> grant_flags{{
    {"roomJoin", &VideoGrant::room_join},
    {"roomCreate", &VideoGrant::room_create},
    {"roomList", &VideoGrant::room_list},
    {"roomRecord", &VideoGrant::room_record},
    {"roomAdmin", &VideoGrant::room_admin},
    {"hidden", &VideoGrant::hidden},
    {"recorder", &VideoGrant::recorder},
    {"agent", &VideoGrant::agent},
}};

using OptionalFlagOfGrant = std::optional<bool> VideoGrant::*;
constexpr std::array<std::pair<std::string_view, OptionalFlagOfGrant>, 4> optional_grant_flags{{
    {"canPublish", &VideoGrant::can_publish},
    {"canSubscribe", &VideoGrant::can_subscribe},
    {"canPublishData", &VideoGrant::can_publish_data},
    {"canUpdateOwnMetadata", &VideoGrant::can_update_own_metadata},
}};

bool read_grant(const js::object& object, VideoGrant& grant) {
    ClaimReader reader(object);
    for (const auto& [name, flag] : grant_flags) reader.flag(name, grant.*flag);
    for (const auto& [name, flag] : optional_grant_flags) reader.flag(name, grant.*flag);
    reader.text("room", grant.room, max_identity_size);
    reader.text("destinationRoom", grant.destination_room, max_identity_size);
    reader.texts("canPublishSources", grant.can_publish_sources);
    return reader.well_formed();
}

bool read_room(const js::object& object, RoomConfiguration& room) {
    ClaimReader reader(object);
    reader.count("emptyTimeout", "empty_timeout", room.empty_timeout);
    reader.count("departureTimeout", "departure_timeout", room.departure_timeout);
    reader.count("maxParticipants", "max_participants", room.max_participants);
    reader.text("metadata", room.metadata, max_metadata_size);
    return reader.well_formed();
}

js::object write_room(const RoomConfiguration& room) {
    js::object object;
    if (room.empty_timeout != 0) object["emptyTimeout"] = room.empty_timeout;
    if (room.departure_timeout != 0) object["departureTimeout"] = room.departure_timeout;
    if (room.max_participants != 0) object["maxParticipants"] = room.max_participants;
    if (!room.metadata.empty()) object["metadata"] = room.metadata;
    return object;
}

js::object write_grant(const VideoGrant& grant) {
    js::object object;
    if (!grant.room.empty()) object["room"] = grant.room;
    if (!grant.destination_room.empty()) object["destinationRoom"] = grant.destination_room;
    for (const auto& [name, flag] : grant_flags) {
        if (grant.*flag) object[name] = true;
    }
    for (const auto& [name, flag] : optional_grant_flags) {
        if (grant.*flag) object[name] = *(grant.*flag);
    }
    if (!grant.can_publish_sources.empty()) {
        object["canPublishSources"] =
            js::array(grant.can_publish_sources.begin(), grant.can_publish_sources.end());
    }
    return object;
}

bool has_control_character(std::string_view text) {
    return std::ranges::any_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
}

long long seconds_of(WallTime time) {
    return duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

Expected<void, TokenError> check_header(std::string_view json) {
    boost::system::error_code broken;
    const js::value header = js::parse(json, broken);
    if (broken || !header.is_object()) return fail(TokenError::form);
    const js::value* algorithm = header.get_object().if_contains("alg");
    if (!algorithm || *algorithm != "HS256") return fail(TokenError::algorithm);
    // RFC 7515 section 4.1.11: extensions we do not understand must be understood.
    if (header.get_object().contains("crit")) return fail(TokenError::algorithm);
    return {};
}

Claims read_claims(std::string_view json) {
    Claims claims;
    boost::system::error_code broken;
    const js::value parsed = js::parse(json, broken);
    if (broken || !parsed.is_object()) return claims;

    ClaimReader reader(parsed.get_object());
    AccessToken& token = claims.token;
    reader.text("iss", token.key_id, max_identity_size);
    if (token.key_id.empty()) return claims;
    claims.key_id = token.key_id;

    reader.text("jti", token.identity, max_identity_size);
    reader.text("sub", token.identity, max_identity_size);
    reader.text("name", token.name, max_identity_size);
    reader.text("kind", token.kind, max_identity_size);
    reader.texts("kindDetails", token.kind_details);
    reader.text("metadata", token.metadata, max_metadata_size);
    reader.text("sha256", token.sha256, max_identity_size);
    reader.attributes("attributes", token.attributes);
    reader.time("nbf", token.not_before);
    reader.time("iat", claims.issued_at);
    std::optional<WallTime> expires;
    reader.time("exp", expires);
    token.expires = expires.value_or(WallTime{});
    const js::object* grant = reader.object("video");
    const js::object* room = reader.object("roomConfig");
    claims.well_formed = (!grant || read_grant(*grant, token.video)) &&
                         (!room || read_room(*room, token.room)) && reader.well_formed() &&
                         expires && !has_control_character(token.identity) &&
                         !has_control_character(token.video.room);
    return claims;
}

std::string write_claims(const AccessToken& token) {
    js::object object;
    object["iss"] = token.key_id;
    object["exp"] = seconds_of(token.expires);
    if (token.not_before) object["nbf"] = seconds_of(*token.not_before);
    if (!token.attributes.empty()) {
        js::object& attributes = object["attributes"].emplace_object();
        for (const auto& [key, value] : token.attributes) attributes[key] = value;
    }
    const std::array<std::pair<std::string_view, const std::string*>, 5> texts{
        {{"sub", &token.identity},
         {"name", &token.name},
         {"kind", &token.kind},
         {"metadata", &token.metadata},
         {"sha256", &token.sha256}}};
    for (const auto& [name, value] : texts) {
        if (!value->empty()) object[name] = *value;
    }
    if (!token.kind_details.empty()) {
        object["kindDetails"] = js::array(token.kind_details.begin(), token.kind_details.end());
    }
    if (js::object room = write_room(token.room); !room.empty())
        object["roomConfig"] = std::move(room);
    if (js::object grant = write_grant(token.video); !grant.empty()) {
        object["video"] = std::move(grant);
    }
    return js::serialize(object);
}

}  // namespace aula::signal
