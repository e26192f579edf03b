// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "http/message.hpp"
#include "hub/lessons.hpp"
#include "signal/access_token.hpp"

namespace aula::hub {

/// LiveKit API keys to their secrets. The first one signs.
using Keys = std::map<std::string, std::string>;

signal::KeyLookup lookup_in(const Keys& keys);
/// An access token for somebody of a lesson, good for 6 hours.
std::string mint_for(const Session& session, const Keys& keys, WallTime now);

/// `Authorization: Bearer ...`, or else the query parameter access_token (browsers cannot set
/// headers on a WebSocket).
std::optional<std::string> token_of(const http::Request& request);
std::optional<std::string> bearer_of(const http::Request& request);

enum class Door : std::uint8_t { open, bad_token, no_grant, removed, over };
/// May whoever shows this token be in the room it names? The token is good only with `open`.
struct Admission {
    Door door = Door::bad_token;
    std::string text;
    signal::AccessToken token;
};
Admission admit(const http::Request& request, const Keys& keys, const Lessons& lessons,
                WallTime now);

/// The peer, or behind a proxy that is trusted (loopback always is) who it says the client was.
std::string client_address(const http::Request& request, const std::vector<net::Address>& trusted);

/// LiveKit's SDKs call from any origin.
void allow_any_origin(http::Response& response);

}  // namespace aula::hub
