// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/city_clock.hpp"
#include "http/server.hpp"
#include "hub/accounts.hpp"
#include "hub/operator_audit.hpp"

namespace aula::hub {

/// Who comes to the operator's API: cookies, origins, and the paths of sessions and accounts
/// (docs/protocol/operator.md). Lives on the hub's loop.
class SignIn {
public:
    SignIn(Accounts& accounts, OperatorAudit& audit, const std::string& public_url,
           CityClock clock);

    /// Who asks; a refusal when nobody is signed in, a viewer wants to act, or the request comes
    /// from another site's page.
    Expected<Caller, ApiError> admit(const http::Request& request);
    /// Answers the paths of its own ("/session", below /api/operator); gives back the responder of
    /// any other.
    std::optional<http::Responder> handle(const http::Request& request, const std::string& path,
                                          http::Responder responder, const std::string& address);

private:
    using Answer = Expected<http::Response, ApiError>;
    struct Visit {
        const http::Request& request;
        const std::string& address;
        std::shared_ptr<http::Responder> responder;
    };

    Expected<void, ApiError> check_origin(const http::Request& request) const;
    std::optional<std::string> cookie_in(const http::Request& request) const;
    http::Response with_cookie(http::Response response, const std::string& token) const;
    Accounts::Opened open_answer(const Visit& visit, int status, const char* act);

    void sign_in(const Visit& visit);
    void set_up(const Visit& visit);
    void change_password(const Visit& visit, const Caller& caller);
    void sign_out(const Visit& visit, const Caller& caller, bool everywhere);

    void handle_accounts(const Visit& visit, const Caller& caller, const std::string& name);
    Answer list_accounts() const;
    void add_account(const Visit& visit, const Caller& caller);
    void change_account(const Visit& visit, const Caller& caller, const std::string& name);
    void remove_account(const Visit& visit, const Caller& caller, const std::string& name);
    http::Response card_answer(int status, const std::string& name) const;
    void note(const std::string& address, const std::string& who, const char* act,
              std::string what);

    Accounts& accounts_;
    OperatorAudit& audit_;
    CityClock clock_;     // of the audit
    std::string origin_;  // of the public URL
    bool is_secure_ = false;
};

}  // namespace aula::hub
