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

/// The hub's end: listens for nodes, knows each by the name in its certificate.
/// A node that dials again replaces its older link. Lives on one loop.
class HubLinks {
public:
    struct StreamHandlers {
        std::function<void()> on_accepted;  // WEB_SOCKET only
        std::function<void(const StreamAnswered&)> on_answered;
        std::function<void(bool binary, Bytes message)> on_message;
        std::function<void(std::uint32_t code, const std::string& reason)>
            on_closed;  // also when the link broke (1012)
    };
    struct Handlers {
        std::function<Welcome(const std::string& node)> make_welcome;
        std::function<void(const std::string& node, const Hello&)> on_node_up;
        std::function<void(const std::string& node)> on_node_down;
        std::function<void(const std::string& node, const ToHub&)>
            on_message;  // all but hello, beats and streams
    };

    static Expected<std::unique_ptr<HubLinks>, Error> open(net::Loop& loop,
                                                           const net::Address& local,
                                                           const std::string& authority_pem,
                                                           const crypto::Certificate& own,
                                                           Handlers handlers);
    ~HubLinks();
    HubLinks(const HubLinks&) = delete;
    HubLinks& operator=(const HubLinks&) = delete;

    struct Counters {
        std::uint64_t links = 0, broken = 0, garbage = 0, replaced = 0, credit_broken = 0,
                      strays = 0;
        std::uint64_t streams = 0;
    };
    const Counters& counters() const;

    const net::Address& local() const;
    bool is_up(const std::string& node) const;

    void send(const std::string& node, const ToNode& message);
    /// Opens a relayed stream (its number is chosen here); 0 when the node is not up.
    std::uint32_t open_stream(const std::string& node, OpenStream open, StreamHandlers handlers);
    /// False when the node's credit is used up: stop reading the client until on_writable.
    bool send_stream(const std::string& node, std::uint32_t stream, bool binary, Bytes message);
    void on_stream_writable(const std::string& node, std::uint32_t stream,
                            std::function<void()> callback);
    /// The client took this many bytes: allows the node to send as many more.
    void grant(const std::string& node, std::uint32_t stream, std::size_t bytes);
    void close_stream(const std::string& node, std::uint32_t stream, std::uint32_t code,
                      const std::string& reason);
    /// Expires with this object: for timers that may outlast it.
    std::weak_ptr<const void> lifetime() const { return lifetime_; }

private:
    struct State;
    explicit HubLinks(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
    std::shared_ptr<const void> lifetime_ = std::make_shared<char>();
};

}  // namespace aula::control
