// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/city_clock.hpp"
#include "base/rate_limit.hpp"
#include "base/result.hpp"
#include "hub/api_request.hpp"
#include "identity/account.hpp"
#include "identity/password_thread.hpp"
#include "identity/session_table.hpp"
#include "net/loop.hpp"

namespace soci {
class session;
}
namespace aula::store {
class Store;
}

namespace aula::hub {

/// Who asks something of the operator's API.
struct Caller {
    std::string name;
    identity::AccountRole role = identity::AccountRole::viewer;
    std::string session;  // its key
};

struct Credentials {
    std::string name;
    std::string password;
};

/// A session that begins: its token goes into the browser's cookie and stays nowhere else.
struct OpenedSession {
    Caller caller;
    std::string token;
};

/// The accounts of the operator's page and who is signed in, in memory and in the store; what
/// another hub changed there is noticed within two seconds. Lives on the hub's loop; passwords are
/// hashed on a thread of their own.
class Accounts {
public:
    struct Wiring {
        net::Loop* loop = nullptr;
        store::Store* store = nullptr;
        identity::PasswordCost cost;
        std::function<WallTime()> clock = [] { return WallClock::now(); };  // sessions end by it
        Duration look = std::chrono::seconds(2);  // at the store, for what another hub changed
        CityClock city;                           // when an account was made and last used
    };
    using Opened = std::function<void(Expected<OpenedSession, ApiError>)>;
    using Done = std::function<void(Expected<void, ApiError>)>;

    explicit Accounts(Wiring wiring);
    ~Accounts();
    Accounts(const Accounts&) = delete;
    Accounts& operator=(const Accounts&) = delete;

    /// At start-up, before the store has its thread.
    Expected<void, Error> load();

    /// With it the first account can be made; empty once there is one.
    const std::string& setup_token() const { return setup_token_; }
    void set_up(const std::string& token, Credentials credentials, const std::string& address,
                Opened opened);

    void sign_in(Credentials credentials, const std::string& address, Opened opened);
    std::optional<Caller> find_caller(const std::string& token);
    // Like all that changes something: holds at once, and also over a restart when it is done.
    void sign_out(const Caller& caller, Done done);
    void sign_out_everywhere(const Caller& caller, Done done);
    /// Signs the account's other browsers out.
    void change_password(const Caller& caller, std::string old_one, std::string new_one,
                         const std::string& address, Done done);

    void add(Credentials credentials, identity::AccountRole role, Done done);
    void set_role(const std::string& name, identity::AccountRole role, Done done);
    /// Signs it out everywhere.
    void set_password(const std::string& name, std::string password, Done done);
    void remove(const std::string& name, Done done);
    const identity::Account* find(const std::string& name) const { return table_.find(name); }
    const std::map<std::string, identity::Account>& all() const { return table_.all(); }

private:
    // A session's last use is written this coarsely: not each look at the page is worth a write.
    static constexpr auto use_grain = std::chrono::minutes(5);
    struct Attempt {
        std::string account, address, network, both;
    };
    Expected<Attempt, ApiError> begin_attempt(const std::string& name, const std::string& address);
    void check(const std::string& name, std::string password, const std::string& address,
               Done done);
    void store_new_password(const std::string& key, std::string password, Done done);
    void make(Credentials credentials, identity::AccountRole role, bool is_first, Done done);
    void open_session(const std::string& name, const Opened& opened);
    void rehash(const std::string& key, std::string password);
    // accounts_store.cpp
    struct Stored {
        std::string version;  // another one after every change
        std::vector<identity::Account> accounts;
        std::vector<std::pair<std::string, identity::SignedIn>> sessions;
    };
    static Stored read_all(soci::session& session);
    void take(Stored stored);
    void look_at_store();
    void write(std::function<void(soci::session&)> work, Done done);
    void save_account(const std::string& key, Done done);
    void delete_account(const std::string& key, Done done);
    void save_session(const std::string& key, Done done);
    void save_use(const std::string& key, const identity::SignedIn& session);
    void forget_sessions(const std::vector<std::string>& keys, Done done);
    void forget_sessions_of(const std::string& account, const std::string& except, Done done);
    void close_sessions_of(const std::string& account, const std::string& except);
    void tidy();

    Wiring wiring_;
    identity::AccountTable table_;
    identity::SessionTable sessions_;
    std::map<std::string, WallTime> saved_uses_;  // of sessions: what the store has
    std::string version_;       // of the store's, as it was read last; empty: it is to be read
    std::uint64_t writes_ = 0;  // so far
    std::string setup_token_;
    // Everybody who signs in from one place and mistypes, somebody who guesses one account's
    // password, and somebody who does so from many places, so as not to lock its owner out.
    RateLimit by_both_{5, std::chrono::seconds(30)};
    RateLimit by_address_{30, std::chrono::seconds(10)};
    RateLimit by_account_{100, std::chrono::seconds(10)};
    net::TimerId tidy_ = net::TimerId::none;
    net::TimerId look_ = net::TimerId::none;
    std::unique_ptr<identity::PasswordThread> passwords_;  // goes first
};

}  // namespace aula::hub
