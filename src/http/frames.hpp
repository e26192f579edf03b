// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.hpp"

namespace aula::http {

/// The frames of one WebSocket (RFC 6455 section 5): bytes in, events and bytes out. Answers pings
/// and close frames by itself; breaches of the protocol end it with the close code that names them.
class Frames {
public:
    enum class Side : std::uint8_t { server, client };
    enum class Kind : std::uint8_t { text, binary, ping, pong, close };
    struct Event {
        Kind kind;
        Buffer bytes;            // the message, or the reason of a close
        std::uint16_t code = 0;  // of a close: the peer's, or ours when the peer broke the protocol
    };

    static constexpr std::uint16_t no_status = 1005;
    static constexpr std::uint16_t protocol_error = 1002;
    static constexpr std::uint16_t message_too_big = 1009;

    /// A message over that size ends the socket with 1009.
    Frames(Side side, std::size_t most_message_bytes);
    ~Frames();
    Frames(const Frames&) = delete;
    Frames& operator=(const Frames&) = delete;

    void feed(Bytes input);
    /// What was fed, in order. After a close there is nothing more.
    std::optional<Event> next();

    /// Nothing is sent after a close.
    void send(bool binary, Bytes message);
    void ping();
    void close(std::uint16_t code, std::string reason);
    /// Takes what has to go to the peer.
    Buffer take_output();

private:
    struct Wire;
    std::unique_ptr<Wire> wire_;
    std::deque<Event> events_;
};

}  // namespace aula::http
