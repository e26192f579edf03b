// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/bytes.hpp"
#include "control/frame.hpp"
#include "net/loop.hpp"
#include "net/tcp.hpp"

namespace google::protobuf {
class MessageLite;
}

namespace aula::control {

/// Framed messages over one TLS connection, with a beat every 5 s and a limit of 15 s for the other
/// end's silence. Either end of the link has one. Its callbacks may retire() it, but not destroy
/// it.
class Channel {
public:
    struct Handlers {
        std::function<void()> on_open;
        std::function<bool(Bytes frame)>
            on_frame;  // false: not a message we know, which ends the link
        std::function<void(Channel&)> send_beat;
        std::function<void(const std::string& why)> on_down;  // once, not after retire()
    };

    Channel(net::Loop& loop, std::unique_ptr<net::Stream> stream, Handlers handlers);
    ~Channel();
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    /// Never calls back: a peer that does not read is given up by the next beat.
    void send(const google::protobuf::MessageLite& message);
    std::string peer_name() const { return stream_->peer_certificate_name(); }

    /// No more callbacks. What was sent still goes out if flush is set.
    void retire(bool flush = false);
    /// Ends the link as if the peer had broken it.
    void fail(const std::string& why);

private:
    void read(Bytes bytes);
    void beat();

    net::Loop& loop_;
    std::unique_ptr<net::Stream> stream_;
    Handlers handlers_;
    FrameReader reader_;
    Time heard_;
    net::TimerId timer_ = net::TimerId::none;
    bool open_ = false;
    bool overflowed_ = false;
    bool retired_ = false;
};

/// Destroys a channel at a time when none of its functions is on the stack.
void bury(net::Loop& loop, std::unique_ptr<Channel> channel);

}  // namespace aula::control
