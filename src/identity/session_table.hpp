// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.hpp"

namespace aula::identity {

/// Somebody is signed in, in one browser.
struct SignedIn {
    std::string account;  // its key
    WallTime since{};
    WallTime used{};
};

struct SessionLife {
    std::chrono::minutes idle{120};  // since its last use
    std::chrono::minutes whole{600};
};

/// Who is signed in. A session is known by the hash of a random token that only the browser has, so
/// that what lies in the store lets nobody in.
class SessionTable {
public:
    explicit SessionTable(SessionLife life = {}) : life_(life) {}

    struct Opened {
        std::string token;   // 256 random bits
        std::string key;     // its hash
        std::string closed;  // the key of the account's oldest session if it had too many, or empty
    };
    Opened open(std::string account, WallTime now);
    /// What lay in the store.
    void restore(std::string key, SignedIn session);

    /// The key of a living session, which counts as used now; nothing: unknown or expired.
    std::optional<std::string> use(std::string_view token, WallTime now);
    const SignedIn* find(const std::string& key) const;
    void close(const std::string& key);
    /// All of an account, but the one with this key; which those were.
    std::vector<std::string> close_all(std::string_view account, std::string_view except = {});
    /// Forgets what has expired; which those were.
    std::vector<std::string> expire(WallTime now);
    std::size_t size() const { return sessions_.size(); }

    static std::string key_of(std::string_view token);

private:
    bool is_over(const SignedIn& session, WallTime now) const;

    SessionLife life_;
    std::unordered_map<std::string, SignedIn> sessions_;
};

}  // namespace aula::identity
