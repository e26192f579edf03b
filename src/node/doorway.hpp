// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <variant>

#include "base/result.hpp"
#include "base/time.hpp"
#include "control/control.pb.h"
#include "room/room.hpp"
#include "signal/access_token.hpp"

namespace aula::node {

/// Why somebody is not let in: an HTTP status and a sentence.
struct Turned {
    int status = 400;
    std::string text;
};

/// A call of the room service for one room.
struct ServiceCall {
    std::string method;
    signal::VideoGrant grant;
    std::string body;
    bool json = false;
};

using Visit = std::variant<room::JoinIntent, room::ClassroomIntent, ServiceCall>;

/// Reads and checks what a relayed client wants: path, token, parameters. The socket's id is filled
/// in by the caller.
Expected<Visit, Turned> check_visitor(const control::OpenStream& stream,
                                      const signal::KeyLookup& keys, WallTime now);

}  // namespace aula::node
