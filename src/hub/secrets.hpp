// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "crypto/certificate.hpp"

namespace aula::store {
class Store;
}

namespace aula::hub {

/// What a hub makes once and keeps: made at the first start, read at every other.
struct Secrets {
    std::string admin_token;
    std::string session_key;
    std::string livekit_key;  // used when none is configured
    std::string livekit_secret;
    crypto::Certificate authority;  // signs the hub's and the nodes' certificates
};

/// The admin token lies in a file of the data folder that only its owner can read, so that the link
/// can be printed again; the others lie in the store. Call before the store has its thread.
Expected<Secrets, Error> load_secrets(store::Store& store, const std::filesystem::path& data_dir);

}  // namespace aula::hub
