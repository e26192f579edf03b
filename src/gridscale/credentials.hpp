// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace aula::gridscale {

/// The token is a secret: it never goes into a log line or an error's text.
struct Credentials {
    std::string user_id;
    std::string token;
};

/// {"user_id": "...", "token": "..."} or USER_UUID:TOKEN, from the file; an empty path: from the
/// environment's AULA_CLOUD_CREDENTIALS.
Expected<Credentials, Error> read_credentials(const std::filesystem::path& file);

}  // namespace aula::gridscale
