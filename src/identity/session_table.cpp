// SPDX-License-Identifier: Apache-2.0
#include "identity/session_table.hpp"

#include <array>
#include <utility>

#include "base/bytes.hpp"
#include "base/encoding.hpp"
#include "crypto/hash.hpp"
#include "crypto/random.hpp"

namespace aula::identity {

namespace {

// Of one account: more than anybody has browsers.
constexpr std::size_t most_sessions = 20;
constexpr std::size_t token_bytes = 32;

}  // namespace

std::string SessionTable::key_of(std::string_view token) {
    return hex(crypto::hash(crypto::HashKind::sha256, bytes_of(token)));
}

bool SessionTable::is_over(const SignedIn& session, WallTime now) const {
    return now >= session.used + life_.idle || now >= session.since + life_.whole;
}

SessionTable::Opened SessionTable::open(std::string account, WallTime now) {
    Opened opened;
    std::size_t count = 0;
    const std::pair<const std::string, SignedIn>* oldest = nullptr;
    for (const auto& entry : sessions_) {
        if (entry.second.account != account) continue;
        ++count;
        if (oldest == nullptr || entry.second.used < oldest->second.used) oldest = &entry;
    }
    if (count >= most_sessions) {
        opened.closed = oldest->first;
        sessions_.erase(opened.closed);
    }
    std::array<std::uint8_t, token_bytes> random{};
    crypto::random_fill(random);
    opened.token = base64url(random);
    opened.key = key_of(opened.token);
    sessions_[opened.key] = {std::move(account), now, now};
    return opened;
}

void SessionTable::restore(std::string key, SignedIn session) {
    sessions_[std::move(key)] = std::move(session);
}

std::optional<std::string> SessionTable::use(std::string_view token, WallTime now) {
    auto key = key_of(token);
    const auto at = sessions_.find(key);
    if (at == sessions_.end() || is_over(at->second, now)) return std::nullopt;
    at->second.used = now;
    return key;
}

const SignedIn* SessionTable::find(const std::string& key) const {
    const auto at = sessions_.find(key);
    return at == sessions_.end() ? nullptr : &at->second;
}

void SessionTable::close(const std::string& key) { sessions_.erase(key); }

std::vector<std::string> SessionTable::close_all(std::string_view account,
                                                 std::string_view except) {
    std::vector<std::string> closed;
    for (const auto& [key, session] : sessions_)
        if (session.account == account && key != except) closed.push_back(key);
    for (const auto& key : closed) sessions_.erase(key);
    return closed;
}

std::vector<std::string> SessionTable::expire(WallTime now) {
    std::vector<std::string> closed;
    for (const auto& [key, session] : sessions_)
        if (is_over(session, now)) closed.push_back(key);
    for (const auto& key : closed) sessions_.erase(key);
    return closed;
}

}  // namespace aula::identity
