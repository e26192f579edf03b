// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "sctp/association.hpp"

namespace aula::sctp {

/// The clock of every test of this binary: usrsctp has one clock for the process.
inline Time& test_clock() {
    static Time now = Time{} + 1h;
    return now;
}

struct Message {
    std::uint16_t channel = 0;
    bool binary = false;
    Buffer bytes;
    std::string text() const { return std::string(text_of(bytes)); }
};

/// One end of an association of a test, with what it heard.
struct Endpoint {
    explicit Endpoint(Side side)
        : association(
              side,
              {[this](Bytes packet) { sent.emplace_back(packet.begin(), packet.end()); },
               [this](std::uint16_t channel, const std::string& label) {
                   opened.emplace_back(channel, label);
                   if (on_open) on_open(channel);
               },
               [this](std::uint16_t channel, bool binary, Bytes message) {
                   heard.push_back({channel, binary, Buffer(message.begin(), message.end())});
                   if (on_message) on_message(channel);
               },
               [this](std::uint16_t channel) { closed_channels.push_back(channel); },
               [this] { closed = true; }},
              test_clock()) {}

    std::deque<Buffer> sent;
    std::vector<std::pair<std::uint16_t, std::string>> opened;
    std::vector<Message> heard;
    std::vector<std::uint16_t> closed_channels;
    bool closed = false;
    std::function<void(std::uint16_t)> on_open;
    std::function<void(std::uint16_t)> on_message;
    Association association;
};

/// Two ends joined by a wire on the virtual clock; lose says which packets vanish.
struct Pair {
    Endpoint client{Side::dtls_client};
    Endpoint server{Side::dtls_server};
    std::function<bool()> lose = [] { return false; };

    void carry(Endpoint& from, Endpoint& to) {
        while (!from.sent.empty()) {
            const Buffer packet = std::move(from.sent.front());
            from.sent.pop_front();
            if (!lose()) to.association.receive(packet, test_clock());
        }
    }
    void exchange() {
        while (!client.sent.empty() || !server.sent.empty()) {
            carry(client, server);
            carry(server, client);
        }
    }
    /// True once the condition holds; false when it does not within the virtual time.
    bool run_until(const std::function<bool()>& condition, Duration longest = 60s) {
        const Time end = test_clock() + longest;
        exchange();
        while (!condition() && test_clock() < end) {
            test_clock() += Association::tick_period;
            client.association.poll(test_clock());
            server.association.poll(test_clock());
            exchange();
        }
        return condition();
    }
};

}  // namespace aula::sctp
