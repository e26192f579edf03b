// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <functional>
#include <memory>

#include "base/bytes.hpp"
#include "net/tcp.hpp"

namespace aula::transport {

/// Packets over one TCP connection, each behind its length (RFC 4571).
class FramedConnection {
public:
    static constexpr std::size_t frame_limit = 2048;
    static constexpr std::size_t buffer_limit = 256 * 1024;
    static constexpr std::size_t prefix_size = 2;

    struct Handlers {
        std::function<void()> on_open;
        std::function<void(MutableBytes frame)> on_frame;
        std::function<void()> on_broken;  // closed by the peer, or a frame over the limit
    };

    FramedConnection(std::unique_ptr<net::Stream> stream, Handlers handlers);
    FramedConnection(const FramedConnection&) = delete;
    FramedConnection& operator=(const FramedConnection&) = delete;

    /// Drops the frame when too much is buffered already: late media is worth nothing.
    bool send(Bytes frame);
    /// The same for a frame that stands behind prefix_size free bytes.
    bool send_prefixed(MutableBytes prefixed);
    /// No handler is called any more.
    void abort();

    const net::Address& peer() const { return stream_->peer(); }

private:
    void on_bytes(Bytes bytes);
    Bytes fill(Bytes bytes, std::size_t wanted);

    std::unique_ptr<net::Stream> stream_;
    Handlers handlers_;
    bool is_aborted_ = false;
    std::size_t have_ = 0;
    Buffer in_ = Buffer(prefix_size + frame_limit);
};

}  // namespace aula::transport
