// SPDX-License-Identifier: Apache-2.0
#include "hub/access.hpp"

#include <algorithm>

#include "base/expects.hpp"

namespace aula::hub {

namespace {

constexpr auto token_life = std::chrono::hours(6);

}  // namespace

signal::KeyLookup lookup_in(const Keys& keys) {
    return [&keys](std::string_view id) -> std::optional<std::string> {
        const auto at = keys.find(std::string(id));
        return at == keys.end() ? std::nullopt : std::optional(at->second);
    };
}

std::string mint_for(const Session& session, const Keys& keys, WallTime now) {
    AULA_EXPECTS(!keys.empty());
    signal::AccessToken token;
    token.key_id = keys.begin()->first;
    token.identity = session.identity;
    token.name = session.name;
    token.attributes = session.attributes;
    token.attributes["aula.role"] = role_name(session.role);
    token.video.room = session.lesson;
    token.video.room_join = true;
    token.video.room_admin = session.role == Role::teacher;
    token.video.can_publish = true;
    token.video.can_subscribe = true;
    token.video.can_publish_data = true;
    token.video.can_update_own_metadata = false;
    token.not_before = now;
    token.expires = now + token_life;
    return signal::mint(token, keys.begin()->second);
}

std::optional<std::string> bearer_of(const http::Request& request) {
    constexpr std::string_view scheme = "Bearer ";
    const std::string* header = request.headers.find("authorization");
    if (header == nullptr || !header->starts_with(scheme)) return std::nullopt;
    return header->substr(scheme.size());
}

std::optional<std::string> token_of(const http::Request& request) {
    if (auto bearer = bearer_of(request)) return bearer;
    const auto parameters = http::parse_parameters(request.query);
    if (!parameters) return std::nullopt;
    const std::string* token = http::find_parameter(*parameters, "access_token");
    return token == nullptr ? std::nullopt : std::optional(*token);
}

Admission admit(const http::Request& request, const Keys& keys, const Lessons& lessons,
                WallTime now) {
    const auto jwt = token_of(request);
    if (!jwt) return {Door::bad_token, "no access token", {}};
    auto token = signal::verify(*jwt, lookup_in(keys), now);
    if (!token) return {Door::bad_token, signal::text(token.error()), {}};
    if (token->identity.empty()) return {Door::bad_token, "the token names nobody", {}};
    if (!token->video.room_join || token->video.room.empty())
        return {Door::no_grant, "permissions denied", {}};
    if (const auto* lesson = lessons.find(token->video.room)) {
        if (lesson->ended) return {Door::over, "requested room does not exist", {}};
        if (lessons.was_removed(lesson->id, token->identity))
            return {Door::removed, "removed from the lesson", {}};
    }
    return {Door::open, {}, std::move(*token)};
}

std::string client_address(const http::Request& request, const std::vector<net::Address>& trusted) {
    const bool is_proxy = request.peer.is_loopback() ||
                          std::any_of(trusted.begin(), trusted.end(), [&](const auto& proxy) {
                              return proxy.ip() == request.peer.ip();
                          });
    const std::string* forwarded = request.headers.find("x-forwarded-for");
    if (!is_proxy || forwarded == nullptr) return request.peer.ip();
    // The last one is what our own proxy saw; those before it are hearsay.
    std::string_view last = *forwarded;
    last = last.substr(last.rfind(',') + 1);
    while (last.starts_with(' ')) last.remove_prefix(1);
    const auto address = net::Address::of(last, 0);
    return address ? address->ip() : request.peer.ip();
}

void allow_any_origin(http::Response& response) {
    response.headers.set("access-control-allow-origin", "*");
}

}  // namespace aula::hub
