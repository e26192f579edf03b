// SPDX-License-Identifier: Apache-2.0
// Accounts and sessions in the store, which other hubs may change, too.
#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "crypto/random.hpp"
#include "hub/accounts.hpp"
#include "store/store.hpp"
#include "store/tables.hpp"

namespace aula::hub {

namespace {

constexpr const char* account_kind = "account";
constexpr const char* session_kind = "operator_session";
constexpr const char* version_setting = "accounts_version";
constexpr const char* no_version = "0";
constexpr std::size_t version_length = 16;

WallTime at_ms(const boost::json::value& value) {
    return WallTime(std::chrono::milliseconds(value.to_number<std::int64_t>()));
}

std::string account_json(const identity::Account& account) {
    boost::json::object json{{"name", account.name},
                             {"role", identity::role_name(account.role)},
                             {"password", account.password},
                             {"created", unix_ms(account.created)}};
    if (account.last_sign_in) json["last_sign_in"] = unix_ms(*account.last_sign_in);
    return boost::json::serialize(json);
}

identity::Account account_from(const std::string& text) {
    const auto json = boost::json::parse(text).as_object();
    identity::Account account;
    account.name = json.at("name").as_string();
    account.role = identity::parse_account_role(json.at("role").as_string())
                       .value_or(identity::AccountRole::viewer);
    account.password = json.at("password").as_string();
    account.created = at_ms(json.at("created"));
    if (const auto* last = json.if_contains("last_sign_in")) account.last_sign_in = at_ms(*last);
    return account;
}

std::string signed_in_json(const identity::SignedIn& session) {
    return boost::json::serialize(boost::json::object{{"account", session.account},
                                                      {"since", unix_ms(session.since)},
                                                      {"used", unix_ms(session.used)}});
}

identity::SignedIn signed_in_from(const std::string& text) {
    const auto json = boost::json::parse(text).as_object();
    return {std::string(json.at("account").as_string()), at_ms(json.at("since")),
            at_ms(json.at("used"))};
}

/// As the store has them: also those that another hub opened a moment ago.
void delete_sessions_of(soci::session& session, const std::string& account,
                        const std::string& except) {
    for (const auto& [key, json] : store::load_documents(session, session_kind)) {
        if (key != except && signed_in_from(json).account == account)
            store::delete_document(session, session_kind, key);
    }
}

}  // namespace

Accounts::Stored Accounts::read_all(soci::session& session) {
    Stored stored;
    stored.version = store::load_setting(session, version_setting).value_or(no_version);
    for (const auto& [key, json] : store::load_documents(session, account_kind))
        stored.accounts.push_back(account_from(json));
    for (const auto& [key, json] : store::load_documents(session, session_kind))
        stored.sessions.emplace_back(key, signed_in_from(json));
    return stored;
}

void Accounts::take(Stored stored) {
    version_ = std::move(stored.version);
    table_ = {};
    for (auto& account : stored.accounts) (void)table_.add(std::move(account));
    identity::SessionTable sessions;
    saved_uses_.clear();
    for (auto& [key, session] : stored.sessions) {
        saved_uses_[key] = session.used;
        // What it was used for after its last write only its own hub knows: rather a little too
        // long.
        const auto* known = sessions_.find(key);
        session.used =
            known != nullptr ? std::max(session.used, known->used) : session.used + use_grain;
        sessions.restore(key, std::move(session));
    }
    sessions_ = std::move(sessions);
    if (!table_.all().empty()) setup_token_.clear();
}

/// Another hub on this store may have removed an account, or signed somebody out.
void Accounts::look_at_store() {
    wiring_.store->ask(
        [known = version_](soci::session& session) -> std::optional<Stored> {
            if (store::load_setting(session, version_setting).value_or(no_version) == known)
                return std::nullopt;
            return read_all(session);
        },
        [this, writes = writes_](Expected<std::optional<Stored>, Error> stored) {
            // What changed here meanwhile is newer than what was read: with the next look, then.
            if (stored && *stored && writes == writes_) take(std::move(**stored));
        });
}

void Accounts::write(std::function<void(soci::session&)> work, Done done) {
    ++writes_;
    wiring_.store->ask(
        [work = std::move(work),
         version = crypto::random_text(version_length)](soci::session& session) {
            work(session);
            store::save_setting(session, version_setting, version);
        },
        [this, done = std::move(done)](const Expected<void, Error>& written) {
            if (written) return done({});
            version_.clear();  // what is in memory is not what is stored
            done(fail(ApiError{503, "unavailable", written.error().text, 5}));
        });
}

void Accounts::save_account(const std::string& key, Done done) {
    const auto* account = table_.find(key);
    if (account == nullptr)
        return done(fail(ApiError{404, "not_found", "there is no such account"}));
    write([key, json = account_json(*account)](
              soci::session& session) { store::save_document(session, account_kind, key, json); },
          std::move(done));
}

void Accounts::delete_account(const std::string& key, Done done) {
    close_sessions_of(key, {});
    write(
        [key](soci::session& session) {
            store::delete_document(session, account_kind, key);
            delete_sessions_of(session, key, {});
        },
        std::move(done));
}

void Accounts::save_session(const std::string& key, Done done) {
    const auto* session = sessions_.find(key);
    if (session == nullptr) return done(fail(ApiError{401, "signed_out", "the session is over"}));
    saved_uses_[key] = session->used;
    write([key, json = signed_in_json(*session)](
              soci::session& s) { store::save_document(s, session_kind, key, json); },
          std::move(done));
}

/// If it is still there: another hub may have ended it a moment ago.
void Accounts::save_use(const std::string& key, const identity::SignedIn& session) {
    saved_uses_[key] = session.used;
    write(
        [key, json = signed_in_json(session)](soci::session& s) {
            const auto stored = store::load_documents(s, session_kind);
            if (std::any_of(stored.begin(), stored.end(),
                            [&](const auto& one) { return one.first == key; }))
                store::save_document(s, session_kind, key, json);
        },
        [](const Expected<void, ApiError>&) {});
}

void Accounts::close_sessions_of(const std::string& account, const std::string& except) {
    for (const auto& key : sessions_.close_all(account, except)) saved_uses_.erase(key);
}

void Accounts::forget_sessions_of(const std::string& account, const std::string& except,
                                  Done done) {
    close_sessions_of(account, except);
    write(
        [account, except](soci::session& session) { delete_sessions_of(session, account, except); },
        std::move(done));
}

void Accounts::forget_sessions(const std::vector<std::string>& keys, Done done) {
    if (keys.empty()) return done({});
    for (const auto& key : keys) saved_uses_.erase(key);
    write(
        [keys](soci::session& session) {
            for (const auto& key : keys) store::delete_document(session, session_kind, key);
        },
        std::move(done));
}

}  // namespace aula::hub
