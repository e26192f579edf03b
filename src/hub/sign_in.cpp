// SPDX-License-Identifier: Apache-2.0
#include "hub/sign_in.hpp"

#include <memory>
#include <utility>

#include <boost/json.hpp>

#include "hub/operator_json.hpp"

namespace aula::hub {

namespace {

// As long as a session may last at most.
constexpr int cookie_seconds = 36'000;
constexpr std::string_view accounts_path = "/accounts/";

/// "https://aula.example/path" to "https://aula.example"
std::string origin_of(const std::string& url) {
    const auto scheme = url.find("://");
    return scheme == std::string::npos ? url : url.substr(0, url.find('/', scheme + 3));
}

bool reads_only(const http::Request& request) {
    return request.method == "GET" || request.method == "HEAD";
}

ApiError signed_out() { return {401, "signed_out", "nobody is signed in"}; }
ApiError no_such_method() { return {405, "bad_method", "this path does not know the method"}; }

boost::json::object caller_json(const Caller& caller) {
    return {{"account",
             {{"name", caller.name}, {"role", std::string(identity::role_name(caller.role))}}}};
}

boost::json::object account_card(const identity::Account& account) {
    boost::json::object card{{"name", account.name},
                             {"role", std::string(identity::role_name(account.role))},
                             {"created", unix_ms(account.created)},
                             {"last_sign_in", nullptr}};
    if (account.last_sign_in) card["last_sign_in"] = unix_ms(*account.last_sign_in);
    return card;
}

Expected<Credentials, ApiError> credentials_in(const boost::json::object& json) {
    auto name = text_in(json, "name", 256);
    if (!name) return fail(std::move(name).error());
    auto password = text_in(json, "password");
    if (!password) return fail(std::move(password).error());
    return Credentials{std::move(*name), std::move(*password)};
}

Expected<identity::AccountRole, ApiError> role_in(const std::string& name) {
    const auto role = identity::parse_account_role(name);
    if (!role) return fail(ApiError{400, "bad_request", "role is neither viewer nor operator"});
    return *role;
}

}  // namespace

SignIn::SignIn(Accounts& accounts, OperatorAudit& audit, const std::string& public_url,
               CityClock clock)
    : accounts_(accounts),
      audit_(audit),
      clock_(clock),
      origin_(origin_of(public_url)),
      is_secure_(public_url.starts_with("https://")) {}

/// Browsers send Origin with everything that changes something, and no page can set it. Behind a
/// proxy the public URL is the origin; who comes by another name of this host says it in Host.
Expected<void, ApiError> SignIn::check_origin(const http::Request& request) const {
    const std::string* origin = request.headers.find("origin");
    const std::string* host = request.headers.find("host");
    if (origin != nullptr && *origin == origin_) return {};
    if (origin != nullptr && host != nullptr && !is_secure_ && *origin == "http://" + *host)
        return {};
    return fail(ApiError{403, "foreign_origin", "this request comes from another site's page"});
}

std::optional<std::string> SignIn::cookie_in(const http::Request& request) const {
    const std::string* header = request.headers.find("cookie");
    if (header == nullptr) return std::nullopt;
    const std::string wanted = is_secure_ ? "__Host-aula_operator=" : "aula_operator=";
    std::string_view rest = *header;
    while (!rest.empty()) {
        const auto end = std::min(rest.find(';'), rest.size());
        std::string_view pair = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        while (pair.starts_with(' ')) pair.remove_prefix(1);
        if (pair.starts_with(wanted)) return std::string(pair.substr(wanted.size()));
    }
    return std::nullopt;
}

http::Response SignIn::with_cookie(http::Response response, const std::string& token) const {
    // RFC 6265bis: the prefix keeps other hosts of the domain and plain http from setting it.
    const std::string name = is_secure_ ? "__Host-aula_operator" : "aula_operator";
    response.headers.set("set-cookie", name + "=" + token +
                                           "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" +
                                           std::to_string(token.empty() ? 0 : cookie_seconds) +
                                           (is_secure_ ? "; Secure" : ""));
    return response;
}

Expected<Caller, ApiError> SignIn::admit(const http::Request& request) {
    if (!reads_only(request)) {
        if (auto ours = check_origin(request); !ours) return fail(std::move(ours).error());
    }
    const auto token = cookie_in(request);
    auto caller = token ? accounts_.find_caller(*token) : std::nullopt;
    if (!caller) return fail(signed_out());
    return std::move(*caller);
}

std::optional<http::Responder> SignIn::handle(const http::Request& request, const std::string& path,
                                              http::Responder responder,
                                              const std::string& address) {
    const bool is_account = path == "/accounts" || path.starts_with(accounts_path);
    if (path != "/session" && path != "/sessions" && path != "/setup" && path != "/password" &&
        !is_account)
        return responder;
    const Visit visit{request, address, std::make_shared<http::Responder>(std::move(responder))};
    const auto say = [&](Answer answer) {
        visit.responder->answer(answer ? std::move(*answer) : refuse(answer.error()));
    };
    const bool is_entry = request.method == "POST" && (path == "/session" || path == "/setup");
    if (is_entry) {
        if (auto ours = check_origin(request); !ours) {
            say(fail(std::move(ours).error()));
        } else if (path == "/setup") {
            set_up(visit);
        } else {
            sign_in(visit);
        }
        return std::nullopt;
    }
    const auto caller = admit(request);
    if (!caller) {
        say(fail(caller.error()));
    } else if (is_account) {
        handle_accounts(
            visit, *caller,
            path.size() > accounts_path.size() ? path.substr(accounts_path.size()) : std::string());
    } else if (path == "/session" && request.method == "GET") {
        say(json_answer(200, caller_json(*caller)));
    } else if (path != "/password" && request.method == "DELETE") {
        sign_out(visit, *caller, path == "/sessions");
    } else if (path == "/password" && request.method == "POST") {
        change_password(visit, *caller);
    } else {
        say(fail(no_such_method()));
    }
    return std::nullopt;
}

void SignIn::note(const std::string& address, const std::string& who, const char* act,
                  std::string what) {
    audit_.add({.at = unix_ms(clock_.now()),
                .who = who,
                .act = act,
                .what = std::move(what),
                .why = {},
                .address = address});
}

/// The answer to who signed in: his name and the cookie.
Accounts::Opened SignIn::open_answer(const Visit& visit, int status, const char* act) {
    return [this, responder = visit.responder, address = visit.address, status,
            act](Expected<OpenedSession, ApiError> opened) {
        if (!opened) return responder->answer(refuse(opened.error()));
        note(address, opened->caller.name, act, {});
        responder->answer(
            with_cookie(json_answer(status, caller_json(opened->caller)), opened->token));
    };
}

void SignIn::sign_in(const Visit& visit) {
    const auto json = parse_body(visit.request.body);
    auto credentials = json ? credentials_in(*json) : fail(json.error());
    if (!credentials) return visit.responder->answer(refuse(credentials.error()));
    accounts_.sign_in(std::move(*credentials), visit.address, open_answer(visit, 200, "sign_in"));
}

void SignIn::set_up(const Visit& visit) {
    const auto json = parse_body(visit.request.body);
    auto credentials = json ? credentials_in(*json) : fail(json.error());
    if (!credentials) return visit.responder->answer(refuse(credentials.error()));
    const auto token = text_in(*json, "token", 100);
    if (!token) return visit.responder->answer(refuse(token.error()));
    accounts_.set_up(*token, std::move(*credentials), visit.address,
                     open_answer(visit, 201, "set_up"));
}

void SignIn::sign_out(const Visit& visit, const Caller& caller, bool everywhere) {
    const auto done = [this, responder = visit.responder](const Expected<void, ApiError>& out) {
        responder->answer(out ? with_cookie(json_answer(200, boost::json::object()), "")
                              : refuse(out.error()));
    };
    if (everywhere) return accounts_.sign_out_everywhere(caller, done);
    accounts_.sign_out(caller, done);
}

void SignIn::change_password(const Visit& visit, const Caller& caller) {
    const auto json = parse_body(visit.request.body);
    const auto old_one = json ? text_in(*json, "old") : fail(json.error());
    if (!old_one) return visit.responder->answer(refuse(old_one.error()));
    const auto new_one = text_in(*json, "new");
    if (!new_one) return visit.responder->answer(refuse(new_one.error()));
    accounts_.change_password(caller, *old_one, *new_one, visit.address,
                              [this, who = caller.name, address = visit.address,
                               responder = visit.responder](Expected<void, ApiError> changed) {
                                  if (!changed) return responder->answer(refuse(changed.error()));
                                  note(address, who, "password", {});
                                  responder->answer(json_answer(200, boost::json::object()));
                              });
}

void SignIn::handle_accounts(const Visit& visit, const Caller& caller, const std::string& name) {
    const auto say = [&](Answer answer) {
        visit.responder->answer(answer ? std::move(*answer) : refuse(answer.error()));
    };
    if (caller.role != identity::AccountRole::operator_)
        return say(fail(ApiError{403, "not_allowed", "a viewer may only look"}));
    const auto& method = visit.request.method;
    if (name.empty() && method == "GET") return say(list_accounts());
    if (name.empty() && method == "POST") return add_account(visit, caller);
    if (!name.empty() && method == "PUT") return change_account(visit, caller, name);
    if (!name.empty() && method == "DELETE") return remove_account(visit, caller, name);
    say(fail(no_such_method()));
}

SignIn::Answer SignIn::list_accounts() const {
    boost::json::array list;
    for (const auto& [key, account] : accounts_.all()) list.push_back(account_card(account));
    return json_answer(200, boost::json::object{{"accounts", std::move(list)}});
}

void SignIn::add_account(const Visit& visit, const Caller& caller) {
    const auto json = parse_body(visit.request.body);
    auto credentials = json ? credentials_in(*json) : fail(json.error());
    if (!credentials) return visit.responder->answer(refuse(credentials.error()));
    const auto role_text = text_in(*json, "role", 20);
    const auto role = role_text ? role_in(*role_text) : fail(role_text.error());
    if (!role) return visit.responder->answer(refuse(role.error()));
    const auto name = credentials->name;
    accounts_.add(std::move(*credentials), *role,
                  [this, name, who = caller.name, address = visit.address,
                   responder = visit.responder](Expected<void, ApiError> added) {
                      if (!added) return responder->answer(refuse(added.error()));
                      note(address, who, "account_add", name);
                      responder->answer(card_answer(201, name));
                  });
}

void SignIn::change_account(const Visit& visit, const Caller& caller, const std::string& name) {
    const auto json = parse_body(visit.request.body);
    const auto role_text = json
                               ? optional_text_in(*json, "role", 20)
                               : Expected<std::optional<std::string>, ApiError>(fail(json.error()));
    if (!role_text) return visit.responder->answer(refuse(role_text.error()));
    auto password = optional_text_in(*json, "password");
    if (!password) return visit.responder->answer(refuse(password.error()));
    const auto noted = [&](const char* act, Accounts::Done next) -> Accounts::Done {
        return [this, name, act, next = std::move(next), who = caller.name,
                address = visit.address](Expected<void, ApiError> set) {
            if (set) note(address, who, act, name);
            next(std::move(set));
        };
    };
    Accounts::Done change = [this, name,
                             responder = visit.responder](Expected<void, ApiError> set) {
        responder->answer(set ? card_answer(200, name) : refuse(set.error()));
    };
    if (*password) {
        change = [this, name, password = **password,
                  set = noted("account_password", std::move(change))](Expected<void, ApiError> ok) {
            if (!ok) return set(std::move(ok));
            accounts_.set_password(name, password, set);
        };
    }
    if (!*role_text) return change({});
    const auto role = role_in(**role_text);
    if (!role) return visit.responder->answer(refuse(role.error()));
    accounts_.set_role(name, *role, noted("account_role", std::move(change)));
}

/// The account as it is now; another operator may have removed it meanwhile.
http::Response SignIn::card_answer(int status, const std::string& name) const {
    const auto* account = accounts_.find(name);
    return account == nullptr ? refuse({404, "not_found", "there is no such account"})
                              : json_answer(status, account_card(*account));
}

void SignIn::remove_account(const Visit& visit, const Caller& caller, const std::string& name) {
    accounts_.remove(name, [this, name, who = caller.name, address = visit.address,
                            responder = visit.responder](Expected<void, ApiError> removed) {
        if (!removed) return responder->answer(refuse(removed.error()));
        note(address, who, "account_remove", name);
        responder->answer(json_answer(200, boost::json::object()));
    });
}

}  // namespace aula::hub
