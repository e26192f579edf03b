// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "dtls/connection.hpp"

namespace aula::dtls {

/// One end with all it said and heard.
struct End {
    End(const Identity& identity, Role role, const std::string& remote_fingerprint)
        : connection(identity, role, remote_fingerprint, handlers()) {}

    Connection::Handlers handlers() {
        return {
            .send = [this](Bytes datagram) { sent.emplace_back(datagram.begin(), datagram.end()); },
            .on_connected = [this](SrtpKeys made) { keys.push_back(std::move(made)); },
            .on_data =
                [this](Bytes message) {
                    messages.emplace_back(text_of(message));
                    if (on_message) on_message();
                },
            .on_closed = [this] { ++closed; }};
    }

    std::deque<Buffer> sent;
    std::vector<SrtpKeys> keys;
    std::vector<std::string> messages;
    int closed = 0;
    std::function<void()> on_message;
    Connection connection;
};

/// A client and a server with a wire between them that the test may cut.
struct Pair {
    Pair() = default;
    Pair(const std::string& seen_by_client, const std::string& seen_by_server)
        : client(std::make_unique<End>(client_identity, Role::client, seen_by_client)),
          server(std::make_unique<End>(server_identity, Role::server, seen_by_server)) {}

    static std::unique_ptr<Pair> trusting() {
        auto pair = std::make_unique<Pair>();
        pair->client = std::make_unique<End>(pair->client_identity, Role::client,
                                             pair->server_identity.fingerprint());
        pair->server = std::make_unique<End>(pair->server_identity, Role::server,
                                             pair->client_identity.fingerprint());
        return pair;
    }

    static std::unique_ptr<Pair> connected() {
        auto pair = trusting();
        pair->client->connection.start();
        pair->run();
        return pair;
    }

    /// Carries datagrams both ways until nothing moves; passes() says which arrive.
    void run(const std::function<bool(const Buffer&)>& passes = [](const Buffer&) {
        return true;
    }) {
        while (!client->sent.empty() || !server->sent.empty()) {
            carry(*client, *server, passes);
            carry(*server, *client, passes);
        }
    }

    /// Also runs the timers, which are OpenSSL's own and follow the real clock.
    void run_with_timers(const std::function<bool(const Buffer&)>& passes) {
        run(passes);
        for (int rounds = 0; rounds < 12 && !(both_connected() && last_flight_arrived());
             ++rounds) {
            const auto never = Duration::max();
            const auto wait = std::min(client->connection.timeout().value_or(never),
                                       server->connection.timeout().value_or(never));
            if (wait == never) return;
            std::this_thread::sleep_for(wait);
            client->connection.handle_timeout();
            server->connection.handle_timeout();
            run(passes);
        }
    }

    bool both_connected() const { return client->keys.size() == 1 && server->keys.size() == 1; }
    bool last_flight_arrived() const {
        return !client->connection.timeout() && !server->connection.timeout();
    }

    static void carry(End& from, End& to, const std::function<bool(const Buffer&)>& passes) {
        while (!from.sent.empty()) {
            const auto datagram = std::move(from.sent.front());
            from.sent.pop_front();
            if (passes(datagram)) to.connection.receive(datagram);
        }
    }

    Identity client_identity;
    Identity server_identity;
    std::unique_ptr<End> client;
    std::unique_ptr<End> server;
};

}  // namespace aula::dtls
