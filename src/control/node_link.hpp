// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "control/control.pb.h"
#include "crypto/certificate.hpp"
#include "net/address.hpp"
#include "net/loop.hpp"

namespace aula::control {

struct NodeLinkOptions {
    std::string hub;  // "host:port"
    std::string authority_pem;
    crypto::Certificate certificate;
};

/// The node's end of the link to its hub: dials, says hello, dials again with back-off when it
/// breaks. Lives on one loop; everything is called on that loop's thread.
class NodeLink {
public:
    struct Handlers {
        std::function<Hello()> make_hello;               // each time the link comes up
        std::function<void(const Welcome&)> on_welcome;  // may come again after a lost link
        std::function<void(const OpenRoom&)> on_open_room;
        std::function<void(const CloseRoom&)> on_close_room;
        std::function<void(const OpenStream&)> on_open_stream;
        std::function<void(std::uint32_t stream, bool binary, Bytes message)> on_stream_message;
        std::function<void(std::uint32_t stream, std::uint32_t code)>
            on_stream_closed;  // by the client, or the link broke
        std::function<void(const EventsStored&)> on_events_stored;
        /// What was not stored of this room was too much to be kept: nothing of it is sent any more
        /// until the room was reported closed.
        std::function<void(const std::string& room)> on_events_lost = [](const std::string&) {};
        std::function<void()> on_drain;
        std::function<void()> on_down;  // the link broke; its streams were closed before
    };

    NodeLink(net::Loop& loop, NodeLinkOptions options, Handlers handlers);
    ~NodeLink();
    NodeLink(const NodeLink&) = delete;
    NodeLink& operator=(const NodeLink&) = delete;

    struct Counters {
        std::uint64_t dials = 0, links = 0, broken = 0, garbage = 0, events_dropped = 0,
                      messages_dropped = 0;
        std::uint64_t credit_broken = 0;
    };
    const Counters& counters() const;

    bool is_up() const;

    void accept_stream(std::uint32_t stream);
    void answer_stream(std::uint32_t stream, std::uint32_t status, std::string body,
                       std::string content_type = "text/plain");
    /// Queued while the client's credit is used up. False when more than 8 MiB wait: the stream was
    /// closed (1013).
    bool send_stream(std::uint32_t stream, bool binary, Bytes message);
    /// What is queued goes out first.
    void close_stream(std::uint32_t stream, std::uint32_t code, std::string reason);

    /// Events that were not yet reported stored are kept and sent again after a lost link (bounded
    /// by the sender).
    void send(const ToHub& message);

    /// Says nothing more and hangs up.
    void stop();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace aula::control
