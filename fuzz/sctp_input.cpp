// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <deque>

#include <usrsctp.h>

#include "sctp/association.hpp"

namespace {

using namespace aula;

/// An end of an association; notes the verification tag its packets must carry.
struct End {
    End(sctp::Side side, Time now)
        : association(side,
                      {[this](Bytes packet) { sent.emplace_back(packet.begin(), packet.end()); },
                       [](std::uint16_t, const std::string&) {},
                       [this](std::uint16_t channel, bool binary, Bytes message) {
                           if (sent.size() < 64) association.send(channel, binary, message);
                       },
                       {},
                       {}},
                      now) {}

    std::deque<Buffer> sent;
    sctp::Association association;
};

void carry(End& from, End& to, Time now, std::uint32_t& tag) {
    for (int i = 0; i < 64 && !from.sent.empty(); ++i) {
        const Buffer packet = std::move(from.sent.front());
        from.sent.pop_front();
        if (packet.size() >= 8 && load32(packet.data() + 4) != 0) tag = load32(packet.data() + 4);
        to.association.receive(packet, now);
    }
}

}  // namespace

/// Chunks of the fuzzer's choice, framed as packets with the right tag and checksum, reach an
/// established association. The input is a row of packets, each behind its length in two bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Time now = Time{} + 1h;
    now += 20ms;
    End client(sctp::Side::dtls_client, now);
    End server(sctp::Side::dtls_server, now);
    client.association.open_channel({"chat"});
    std::uint32_t server_tag = 0, client_tag = 0;
    for (int i = 0; i < 6; ++i) {
        carry(client, server, now, server_tag);
        carry(server, client, now, client_tag);
    }
    Bytes rest(data, size);
    for (int i = 0; i < 32 && rest.size() > 2; ++i) {
        const std::size_t length = std::min<std::size_t>(load16(rest.data()), rest.size() - 2);
        Buffer packet(12);
        store16(packet.data(), 5000);
        store16(packet.data() + 2, 5000);
        store32(packet.data() + 4, server_tag);
        packet.insert(packet.end(), rest.begin() + 2,
                      rest.begin() + static_cast<std::ptrdiff_t>(2 + length));
        const std::uint32_t checksum = usrsctp_crc32c(packet.data(), packet.size());
        std::copy_n(reinterpret_cast<const std::uint8_t*>(&checksum), 4, packet.begin() + 8);
        server.association.receive(packet, now);
        server.association.receive(rest.subspan(2, length), now);
        rest = rest.subspan(2 + length);
        now += 20ms;
        server.association.poll(now);
    }
    return 0;
}
