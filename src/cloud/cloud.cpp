// SPDX-License-Identifier: Apache-2.0
#include "cloud/cloud.hpp"

#include <csignal>
#include <optional>

#include "base/log.hpp"
#include "cloud/servers_resource.hpp"
#include "crypto/hash.hpp"
#include "http/server.hpp"

namespace aula::cloud {
namespace {

std::vector<std::string> split_path(std::string_view path) {
    std::vector<std::string> parts;
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto part = path.substr(0, path.find('/'));
        if (!part.empty()) parts.emplace_back(part);
        path.remove_prefix(part.size());
    }
    return parts;
}

http::Response response_of(Answer answer, std::string_view user) {
    http::Response response;
    response.status = answer.status;
    response.body = std::move(answer.body);
    if (!response.body.empty()) response.headers.set("content-type", "application/json");
    response.headers.set("x-request-id",
                         answer.request_id.empty() ? make_uuid() : answer.request_id);
    response.headers.set("x-api-identity", std::string(user));
    response.headers.set("x-time-provisioning", "0");
    response.headers.set("access-control-allow-origin", "*");
    return response;
}

}  // namespace

struct Cloud::State {
    State(net::Loop& l, CloudOptions o, Inventory i)
        : loop(l),
          options(std::move(o)),
          inventory(std::move(i)),
          machines(l, {options.program, options.data_dir / "servers", options.boot_time},
                   [this](const std::string& id) { servers.on_machine_stopped(id); }),
          servers(inventory, machines, requests) {}

    /// The user whose token this is; an unknown user and a wrong token look the same.
    std::optional<std::string> user_of(const http::Request& request) const {
        const auto* id = request.headers.find("x-auth-userid");
        const auto* token = request.headers.find("x-auth-token");
        if (!id || !token) return std::nullopt;
        const auto user = options.users.find(*id);
        if (user == options.users.end()) return std::nullopt;
        if (!crypto::equal_in_constant_time(bytes_of(user->second), bytes_of(*token)))
            return std::nullopt;
        return *id;
    }

    Answer answer(const http::Request& request, const std::string& user) {
        const auto* type = request.headers.find("content-type");
        if (!request.body.empty() && (!type || !type->starts_with("application/json"))) {
            return error_answer(415, "The Content-Type must be application/json");
        }
        auto path = split_path(request.path);
        if (path.size() == 2 && path[0] == "requests") {
            return request.method == "GET" ? requests.get(path[1], user)
                                           : error_answer(405, "Method not allowed");
        }
        if (path.size() >= 2 && path[0] == "objects" && path[1] == "servers") {
            path.erase(path.begin(), path.begin() + 2);
            return servers.answer({user, request.method, std::move(path), request.body});
        }
        return error_answer(404, "No such path");
    }

    void serve(const http::Request& request, http::Responder responder) {
        const auto user = user_of(request);
        if (!user)
            return responder.answer(response_of(error_answer(401, "Wrong user id or token"), ""));
        responder.answer(response_of(answer(request, *user), *user));
    }

    void wait_for_machines(std::function<void()> done) {
        if (machines.none_is_on()) return done();
        loop.after(10ms, [this, done = std::move(done)] { wait_for_machines(done); });
    }

    net::Loop& loop;
    CloudOptions options;
    Inventory inventory;
    Requests requests;
    Machines machines;
    ServersResource servers;
    std::unique_ptr<http::Server> server;
};

Cloud::Cloud(std::unique_ptr<State> state) : state_(std::move(state)) {}
Cloud::~Cloud() = default;

Expected<std::unique_ptr<Cloud>, Error> Cloud::start(net::Loop& loop, CloudOptions options) {
    std::error_code ignored;
    std::filesystem::create_directories(options.data_dir, ignored);
    auto inventory = Inventory::open(options.data_dir / "cloud.json");
    if (!inventory) return fail(inventory.error());
    const auto listen = options.listen;
    auto state = std::make_unique<State>(loop, std::move(options), std::move(*inventory));
    auto server = http::Server::open(
        loop, listen, {}, [raw = state.get()](http::Request request, http::Responder responder) {
            raw->serve(request, std::move(responder));
        });
    if (!server) return fail(server.error());
    state->server = std::move(*server);
    return std::unique_ptr<Cloud>(new Cloud(std::move(state)));
}

const net::Address& Cloud::address() const { return state_->server->local(); }

void Cloud::stop(std::chrono::milliseconds grace, std::function<void()> done) {
    state_->server->stop_accepting();
    state_->machines.signal_all(SIGTERM);
    state_->loop.after(grace, [this] { state_->machines.signal_all(SIGKILL); });
    state_->wait_for_machines(std::move(done));
}

}  // namespace aula::cloud
