// SPDX-License-Identifier: Apache-2.0
#include "cloud/cloud.hpp"

#include <algorithm>
#include <cctype>
#include <csignal>
#include <limits>
#include <optional>

#include "base/log.hpp"
#include "cloud/admin.hpp"
#include "cloud/formats.hpp"
#include "cloud/rate_window.hpp"
#include "cloud/routes.hpp"
#include "crypto/hash.hpp"
#include "http/server.hpp"

namespace aula::cloud {
namespace {

constexpr std::size_t largest_body = 1 << 20;
constexpr const char* methods = "GET, POST, PUT, PATCH, DELETE, OPTIONS";

/// Whatever its parameters: "application/json; charset=utf-8". Names are not case-sensitive.
bool is_json(std::string_view content_type) {
    constexpr std::string_view json_type = "application/json";
    const auto type = content_type.substr(0, content_type.find_first_of("; \t"));
    return std::equal(
        type.begin(), type.end(), json_type.begin(), json_type.end(),
        [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
}

bool is_same_secret(std::string_view a, std::string_view b) {
    // Of their hashes, so that not even the length shows in the time.
    return crypto::equal_in_constant_time(crypto::hash(crypto::HashKind::sha256, bytes_of(a)),
                                          crypto::hash(crypto::HashKind::sha256, bytes_of(b)));
}

http::Response response_of(Answer answer) {
    http::Response response;
    response.status = answer.status;
    response.body = std::move(answer.body);
    auto& headers = response.headers;
    if (!response.body.empty()) headers.set("content-type", "application/json");
    headers.set("x-request-id", answer.request_id.empty() ? make_uuid() : answer.request_id);
    headers.set("x-time-provisioning", "0");
    headers.set("x-exec-time", "0");
    headers.set("x-api-version", "1.0.50");
    headers.set("x-api-identity", "aula cloud");
    if (!answer.allowed_methods.empty()) headers.set("allow", answer.allowed_methods);
    headers.set("access-control-allow-origin", "*");
    headers.set("access-control-allow-credentials", "true");
    headers.set("access-control-expose-headers", "X-Exec-Time, X-Api-Version, X-Request-Id");
    return response;
}

/// What a browser asks before a call from another origin; it has no credentials yet.
http::Response preflight_response() {
    auto response = response_of({204});
    response.headers.set("allow", methods);
    response.headers.set("access-control-allow-methods", methods);
    response.headers.set("access-control-allow-headers",
                         "Origin, X-Requested-With, Content-Type, Accept, X-Auth-UserId, "
                         "X-Auth-Token, X-Exec-Time, X-API-Version, X-Api-Client");
    return response;
}

void show_rate(http::Response& response, const RateWindow::Verdict& verdict, unsigned limit) {
    response.headers.set("ratelimit-limit", std::to_string(limit));
    response.headers.set("ratelimit-remaining", std::to_string(verdict.remaining));
    response.headers.set("ratelimit-reset", std::to_string(unix_ms(verdict.reset)));
}

}  // namespace

struct Cloud::State {
    State(net::Loop& l, CloudOptions o, std::unique_ptr<Datacenter> d)
        : loop(l), options(std::move(o)), datacenter(std::move(d)) {}

    /// The user whose token this is; an unknown user and a wrong token look the same.
    std::optional<std::string> user_of(const http::Request& request) const {
        const auto* id = request.headers.find("x-auth-userid");
        const auto* token = request.headers.find("x-auth-token");
        if (!id || !token) return std::nullopt;
        const auto user = options.users.find(*id);
        const bool known = user != options.users.end();
        const bool right = is_same_secret(known ? user->second : make_uuid(), *token);
        return known && right ? std::optional(*id) : std::nullopt;
    }

    bool is_admin(const http::Request& request) const {
        const auto* given = request.headers.find("authorization");
        return !options.admin_token.empty() && given &&
               is_same_secret("Bearer " + options.admin_token, *given);
    }

    /// Saved before it is acknowledged.
    Answer saved(Answer answer) const {
        const auto written = datacenter->commit();
        if (written) return answer;
        log::error("cloud state not saved", {{"why", written.error().text}});
        return error_answer(500, "The change could not be saved");
    }

    Answer answer(const http::Request& request, std::string_view user) const {
        const auto* type = request.headers.find("content-type");
        if (!request.body.empty() && (!type || !is_json(*type)))
            return error_answer(415, "The Content-Type must be application/json");
        if (request.body.size() > largest_body)
            return error_answer(413, "The body is longer than 1 MiB");
        // The HTTP server leaves the body out of what is answered to a HEAD.
        const auto method = request.method == "HEAD" ? std::string_view("GET") : request.method;
        return saved(
            route(*datacenter,
                  {user, method, request.path, request.query, request.body, Kind::server, {}}));
    }

    http::Response administered(const http::Request& request) const {
        if (!is_admin(request)) return response_of(error_answer(401, "Wrong admin token"));
        return response_of(administer(
            *datacenter,
            {{}, request.method, request.path, request.query, request.body, Kind::server, {}}));
    }

    void serve(const http::Request& request, http::Responder responder) {
        if (request.path.starts_with("/aula/")) return responder.answer(administered(request));
        if (request.method == "OPTIONS") return responder.answer(preflight_response());
        const Occasion occasion{request.method, request.path, {}};
        if (datacenter->strike(FaultKind::outage, occasion)) return responder.hang_up();
        const auto user = user_of(request);
        if (!user)
            return responder.answer(response_of(error_answer(401, "Wrong user id or token")));
        const auto verdict = windows[*user].count(datacenter->now(), limit());
        auto response = limited(request, *user, verdict);
        if (options.rate_limit != 0) show_rate(response, verdict, options.rate_limit);
        if (datacenter->strike(FaultKind::lost_answer, occasion)) return responder.hang_up();
        responder.answer(std::move(response));
    }

    http::Response limited(const http::Request& request, const std::string& user,
                           const RateWindow::Verdict& verdict) const {
        if (!verdict.allowed) return response_of(error_answer(429, {}));
        const auto fault =
            datacenter->strike(FaultKind::error_answer, {request.method, request.path, {}});
        if (!fault) return response_of(answer(request, user));
        auto response = response_of(error_answer(fault->status, "A fault was ordered"));
        if (fault->retry_after)
            response.headers.set("retry-after", std::to_string(fault->retry_after->count()));
        return response;
    }

    unsigned limit() const {
        return options.rate_limit == 0 ? std::numeric_limits<unsigned>::max() : options.rate_limit;
    }

    void wait_for_machines(std::function<void()> done) {
        if (datacenter->machines().none_is_on()) return done();
        loop.after(10ms, [this, done = std::move(done)] { wait_for_machines(done); });
    }

    net::Loop& loop;
    CloudOptions options;
    std::unique_ptr<Datacenter> datacenter;
    std::map<std::string, RateWindow> windows;
    std::unique_ptr<http::Server> server;
};

Cloud::Cloud(std::unique_ptr<State> state) : state_(std::move(state)) {}
Cloud::~Cloud() = default;

Expected<std::unique_ptr<Cloud>, Error> Cloud::start(net::Loop& loop, CloudOptions options) {
    std::error_code ignored;
    std::filesystem::create_directories(options.data_dir, ignored);
    auto datacenter = Datacenter::open(
        loop, {options.data_dir, options.program, options.clock, options.boot, options.job_time});
    if (!datacenter) return fail(datacenter.error());
    const auto listen = options.listen;
    auto state = std::make_unique<State>(loop, std::move(options), std::move(*datacenter));
    http::ServerLimits limits;
    limits.body_bytes = 4 * largest_body;  // so that we can say why it is refused
    auto server =
        http::Server::open(loop, listen, limits,
                           [raw = state.get()](http::Request request, http::Responder responder) {
                               raw->serve(request, std::move(responder));
                           });
    if (!server) return fail(server.error());
    state->server = std::move(*server);
    return std::unique_ptr<Cloud>(new Cloud(std::move(state)));
}

const net::Address& Cloud::address() const { return state_->server->local(); }

void Cloud::stop(std::chrono::milliseconds grace, std::function<void()> done) {
    state_->server->stop_accepting();
    state_->datacenter->stop();
    state_->datacenter->machines().signal_all(SIGTERM);
    state_->loop.after(grace, [this] { state_->datacenter->machines().signal_all(SIGKILL); });
    state_->wait_for_machines(std::move(done));
}

}  // namespace aula::cloud
