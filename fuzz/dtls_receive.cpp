// SPDX-License-Identifier: Apache-2.0
// A server and a client in the handshake, and an established one, hear what the input says: a list
// of datagrams, each behind one byte (the lowest two bits say to whom) and two bytes of size.
#include <cstdlib>
#include <deque>
#include <string>

#include "dtls/connection.hpp"

using namespace aula;

namespace {

struct FuzzEnd {
    FuzzEnd(const dtls::Identity& identity, dtls::Role role, const std::string& remote)
        : connection(identity, role, remote,
                     {.send = [this](Bytes b) { sent.emplace_back(b.begin(), b.end()); },
                      .on_connected = [this](dtls::SrtpKeys) { ++connected; },
                      .on_data = [this](Bytes) { ++messages; },
                      .on_closed = [this] { ++closed; }}) {}
    std::deque<Buffer> sent;
    int connected = 0;
    int messages = 0;
    int closed = 0;
    dtls::Connection connection;
};

void carry(FuzzEnd& from, FuzzEnd& to) {
    for (; !from.sent.empty(); from.sent.pop_front()) to.connection.receive(from.sent.front());
}

void expect(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const dtls::Identity identity;
    FuzzEnd fresh_server(identity, dtls::Role::server, identity.fingerprint());
    FuzzEnd fresh_client(identity, dtls::Role::client, identity.fingerprint());
    fresh_client.connection.start();
    FuzzEnd server(identity, dtls::Role::server, identity.fingerprint());
    FuzzEnd client(identity, dtls::Role::client, identity.fingerprint());
    client.connection.start();
    while (!client.sent.empty() || !server.sent.empty()) {
        carry(client, server);
        carry(server, client);
    }
    expect(server.connected == 1 && client.connected == 1);

    FuzzEnd* const ends[] = {&fresh_server, &fresh_client, &server, &client};
    for (Bytes rest{data, size}; rest.size() >= 3;) {
        FuzzEnd& end = *ends[rest[0] & 3];
        const std::size_t length = std::min<std::size_t>(load16(&rest[1]), rest.size() - 3);
        end.connection.receive(rest.subspan(3, length));
        end.sent.clear();
        rest = rest.subspan(3 + length);
    }
    // Nobody here knows a key, so the established pair must still talk.
    expect(fresh_server.connected == 0 && fresh_client.connected == 0);
    expect(fresh_server.closed <= 1 && fresh_client.closed <= 1);
    expect(server.closed == 0 && client.closed == 0 && server.messages == 0);
    client.connection.send(bytes_of("ping"));
    carry(client, server);
    expect(server.messages == 1);
    return 0;
}
