// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "signal/access_token.hpp"

/// The JSON inside an access token. Part of access_token.cpp, kept apart for its length.
namespace aula::signal {

struct Claims {
    std::optional<std::string> key_id;  // nullopt: not JSON, or without an issuer
    bool well_formed = false;           // every claim we know has its type and is within its bounds
    AccessToken token;
    std::optional<WallTime> issued_at;
};

Expected<void, TokenError> check_header(std::string_view json);
Claims read_claims(std::string_view json);
std::string write_claims(const AccessToken& token);

}  // namespace aula::signal
