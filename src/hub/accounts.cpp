// SPDX-License-Identifier: Apache-2.0
#include "hub/accounts.hpp"

#include <algorithm>
#include <utility>

#include "base/bytes.hpp"
#include "base/log.hpp"
#include "crypto/hash.hpp"
#include "crypto/random.hpp"
#include "net/address.hpp"
#include "store/store.hpp"

namespace aula::hub {

namespace {

constexpr std::size_t setup_token_length = 32;
constexpr std::size_t most_account_characters = 64;
constexpr auto tidy_sessions_period = std::chrono::minutes(10);

void nobody_asked(const Expected<void, ApiError>&) {}

ApiError busy() { return {503, "busy", "too many sign-ins at once", 2}; }
ApiError wrong_password() {
    return {401, "wrong_password", "the name or the password is not right"};
}

ApiError flawed(identity::PasswordFlaw flaw) {
    static const std::map<identity::PasswordFlaw, const char*> texts = {
        {identity::PasswordFlaw::too_short, "the password has fewer than 10 characters"},
        {identity::PasswordFlaw::too_long, "the password has more than 256 bytes"},
        {identity::PasswordFlaw::not_text, "the password is not UTF-8"},
        {identity::PasswordFlaw::is_name, "the password is the account's name"}};
    return {400, "weak_password", texts.at(flaw)};
}

ApiError refusal_of(identity::AccountRefusal refusal) {
    switch (refusal) {
        case identity::AccountRefusal::exists:
            return {409, "exists", "there is an account of this name"};
        case identity::AccountRefusal::unknown:
            return {404, "not_found", "there is no such account"};
        case identity::AccountRefusal::too_many:
            return {409, "exists", "there are too many accounts"};
        case identity::AccountRefusal::last_operator:
            break;
    }
    return {409, "last_operator", "this is the last operator"};
}

}  // namespace

Accounts::Accounts(Wiring wiring) : wiring_(std::move(wiring)) {
    passwords_ = std::make_unique<identity::PasswordThread>(
        [loop = wiring_.loop](Task task) { loop->post(std::move(task)); }, wiring_.cost);
    tidy_ = wiring_.loop->every(tidy_sessions_period, [this] { tidy(); });
    look_ = wiring_.loop->every(wiring_.look, [this] { look_at_store(); });
}

Accounts::~Accounts() {
    wiring_.loop->cancel(tidy_);
    wiring_.loop->cancel(look_);
}

Expected<void, Error> Accounts::load() {
    auto stored = wiring_.store->run_now(read_all);
    if (!stored) return fail(std::move(stored).error());
    take(std::move(*stored));
    if (table_.all().empty()) setup_token_ = crypto::random_text(setup_token_length);
    return {};
}

void Accounts::set_up(const std::string& token, Credentials credentials, const std::string& address,
                      Opened opened) {
    if (setup_token_.empty())
        return opened(fail(ApiError{410, "set_up", "there is an account already"}));
    auto attempt = begin_attempt("", address);
    if (!attempt) return opened(fail(std::move(attempt).error()));
    if (!crypto::equal_in_constant_time(bytes_of(token), bytes_of(setup_token_)))
        return opened(fail(ApiError{403, "bad_setup", "the set-up link is not the right one"}));
    auto name = credentials.name;
    make(std::move(credentials), identity::AccountRole::operator_, true,
         [this, name, opened = std::move(opened)](Expected<void, ApiError> made) {
             if (!made) return opened(fail(std::move(made).error()));
             open_session(name, opened);
         });
}

void Accounts::add(Credentials credentials, identity::AccountRole role, Done done) {
    make(std::move(credentials), role, false, std::move(done));
}

void Accounts::make(Credentials credentials, identity::AccountRole role, bool is_first, Done done) {
    const auto name = clean_name(credentials.name, most_account_characters);
    if (!name || *name != credentials.name)
        return done(fail(ApiError{400, "bad_request", "the name must have 1 to 64 characters"}));
    if (const auto flaw = identity::flaw_of(credentials.password, *name))
        return done(fail(flawed(*flaw)));
    if (table_.find(*name) != nullptr)
        return done(fail(refusal_of(identity::AccountRefusal::exists)));
    const auto hashed = [this, name = *name, role, is_first, done](std::optional<std::string> h) {
        if (!h) return done(fail(busy()));
        if (is_first && !table_.all().empty())
            return done(fail(ApiError{410, "set_up", "there is an account already"}));
        identity::Account account;
        account.name = name;
        account.role = role;
        account.password = std::move(*h);
        account.created = wiring_.city.now();
        if (auto added = table_.add(std::move(account)); !added)
            return done(fail(refusal_of(added.error())));
        save_account(identity::AccountTable::key_of(name),
                     [this, name, done](Expected<void, ApiError> saved) {
                         // What is not on disk does not hold, and the link stays good.
                         if (saved)
                             setup_token_.clear();
                         else
                             table_.take_back(name);
                         done(std::move(saved));
                     });
    };
    if (!passwords_->hash(std::move(credentials.password), hashed)) done(fail(busy()));
}

Expected<Accounts::Attempt, ApiError> Accounts::begin_attempt(const std::string& name,
                                                              const std::string& address) {
    Attempt attempt{identity::AccountTable::key_of(name), address, net::network_of(address), {}};
    attempt.both = attempt.account + '\n' + attempt.network;
    const auto now = wiring_.loop->now();
    const auto wait =
        std::max({by_both_.wait(attempt.both, now), by_address_.wait(attempt.network, now),
                  by_account_.wait(attempt.account, now)});
    if (wait.count() > 0)
        return fail(
            ApiError{429, "too_many", "too many wrong passwords", static_cast<int>(wait.count())});
    // Before the answer is known: many attempts at once are many.
    by_both_.count(attempt.both, now);
    by_address_.count(attempt.network, now);
    by_account_.count(attempt.account, now);
    return attempt;
}

/// That the password is the account's.
void Accounts::check(const std::string& name, std::string password, const std::string& address,
                     Done done) {
    auto attempt = begin_attempt(name, address);
    if (!attempt) return done(fail(std::move(attempt).error()));
    const auto* account = table_.find(name);
    const auto stored = account == nullptr ? std::nullopt : std::optional(account->password);
    auto checked = [this, attempt = *attempt, done, password,
                    stored](identity::PasswordCheck outcome) {
        if (outcome == identity::PasswordCheck::wrong) {
            log::warning("a wrong password at the operator's page", {{"address", attempt.address}});
            return done(fail(wrong_password()));
        }
        // Another password was set meanwhile: the old one neither lets in nor comes back.
        const auto* now = table_.find(attempt.account);
        if (now == nullptr || now->password != stored) return done(fail(busy()));
        by_both_.forget(attempt.both);
        by_account_.forget(attempt.account);
        if (outcome == identity::PasswordCheck::right_but_old) rehash(attempt.account, password);
        done({});
    };
    if (!passwords_->check(stored, std::move(password), std::move(checked))) done(fail(busy()));
}

void Accounts::sign_in(Credentials credentials, const std::string& address, Opened opened) {
    check(credentials.name, std::move(credentials.password), address,
          [this, name = credentials.name, opened = std::move(opened)](Expected<void, ApiError> ok) {
              if (!ok) return opened(fail(std::move(ok).error()));
              open_session(name, opened);
          });
}

void Accounts::open_session(const std::string& name, const Opened& opened) {
    const auto* account = table_.find(name);
    // It may have been deleted while its password was checked.
    if (account == nullptr) return opened(fail(wrong_password()));
    const auto key = identity::AccountTable::key_of(name);
    const auto now = wiring_.clock();
    table_.note_sign_in(name, wiring_.city.now());
    auto session = sessions_.open(key, now);
    if (!session.closed.empty()) forget_sessions({session.closed}, nobody_asked);
    OpenedSession answer{{account->name, account->role, session.key}, std::move(session.token)};
    save_account(key, nobody_asked);
    save_session(session.key,
                 [this, opened, answer = std::move(answer)](Expected<void, ApiError> saved) {
                     if (saved) return opened(answer);
                     sessions_.close(answer.caller.session);
                     opened(fail(std::move(saved).error()));
                 });
}

std::optional<Caller> Accounts::find_caller(const std::string& token) {
    const auto now = wiring_.clock();
    const auto key = sessions_.use(token, now);
    if (!key) return std::nullopt;
    const auto& session = *sessions_.find(*key);
    const auto* account = table_.find(session.account);
    if (account == nullptr) return std::nullopt;
    if (now >= saved_uses_[*key] + use_grain) save_use(*key, session);
    return Caller{account->name, account->role, *key};
}

void Accounts::sign_out(const Caller& caller, Done done) {
    sessions_.close(caller.session);
    forget_sessions({caller.session}, std::move(done));
}

void Accounts::sign_out_everywhere(const Caller& caller, Done done) {
    forget_sessions_of(identity::AccountTable::key_of(caller.name), {}, std::move(done));
}

void Accounts::change_password(const Caller& caller, std::string old_one, std::string new_one,
                               const std::string& address, Done done) {
    if (const auto flaw = identity::flaw_of(new_one, caller.name)) return done(fail(flawed(*flaw)));
    const auto key = identity::AccountTable::key_of(caller.name);
    const auto set = [this, key, session = caller.session, done](Expected<void, ApiError> stored) {
        if (!stored) return done(std::move(stored));
        forget_sessions_of(key, session, done);
    };
    check(caller.name, std::move(old_one), address,
          [this, key, set, new_one = std::move(new_one)](Expected<void, ApiError> right) {
              if (!right) return set(std::move(right));
              store_new_password(key, new_one, set);
          });
}

void Accounts::set_password(const std::string& name, std::string password, Done done) {
    const auto key = identity::AccountTable::key_of(name);
    if (table_.find(key) == nullptr)
        return done(fail(refusal_of(identity::AccountRefusal::unknown)));
    if (const auto flaw = identity::flaw_of(password, name)) return done(fail(flawed(*flaw)));
    store_new_password(key, std::move(password), [this, key, done](Expected<void, ApiError> set) {
        if (!set) return done(std::move(set));
        forget_sessions_of(key, {}, done);
    });
}

void Accounts::store_new_password(const std::string& key, std::string password, Done done) {
    const auto hashed = [this, key, done](std::optional<std::string> hash) {
        if (!hash) return done(fail(busy()));
        if (auto set = table_.set_password(key, std::move(*hash)); !set)
            return done(fail(refusal_of(set.error())));
        save_account(key, done);
    };
    if (!passwords_->hash(std::move(password), hashed)) done(fail(busy()));
}

/// At today's cost; if there is no time for it now, then at the next sign-in.
void Accounts::rehash(const std::string& key, std::string password) {
    store_new_password(key, std::move(password), nobody_asked);
}

void Accounts::set_role(const std::string& name, identity::AccountRole role, Done done) {
    if (auto set = table_.set_role(name, role); !set) return done(fail(refusal_of(set.error())));
    save_account(identity::AccountTable::key_of(name), std::move(done));
}

void Accounts::remove(const std::string& name, Done done) {
    if (auto removed = table_.remove(name); !removed)
        return done(fail(refusal_of(removed.error())));
    const auto key = identity::AccountTable::key_of(name);
    delete_account(key, std::move(done));
}

void Accounts::tidy() { forget_sessions(sessions_.expire(wiring_.clock()), nobody_asked); }

}  // namespace aula::hub
