// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "hub/lessons.hpp"

namespace aula::hub {

/// A session as text that only this hub can have made: base64url of JSON, a point, base64url of an
/// HMAC-SHA256.
std::string seal_session(const Session& session, std::string_view key, WallTime expires);
Expected<Session, Error> unseal_session(std::string_view sealed, std::string_view key,
                                        WallTime now);

}  // namespace aula::hub
