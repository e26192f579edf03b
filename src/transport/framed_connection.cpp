// SPDX-License-Identifier: Apache-2.0
#include "transport/framed_connection.hpp"

#include <algorithm>
#include <utility>

namespace aula::transport {

FramedConnection::FramedConnection(std::unique_ptr<net::Stream> stream, Handlers handlers)
    : stream_(std::move(stream)), handlers_(std::move(handlers)) {
    stream_->set_handlers({[this] {
                               if (handlers_.on_open) handlers_.on_open();
                           },
                           [this](Bytes bytes) { on_bytes(bytes); },
                           {},
                           [this](const std::string&) {
                               if (!is_aborted_) handlers_.on_broken();
                           }});
}

/// Moves bytes into the frame until it holds as many as wanted; returns what is left.
Bytes FramedConnection::fill(Bytes bytes, std::size_t wanted) {
    const std::size_t count = std::min(bytes.size(), wanted - have_);
    std::copy_n(bytes.begin(), count, in_.begin() + static_cast<std::ptrdiff_t>(have_));
    have_ += count;
    return bytes.subspan(count);
}

void FramedConnection::on_bytes(Bytes bytes) {
    while (!is_aborted_ && !bytes.empty()) {
        if (have_ < prefix_size) bytes = fill(bytes, prefix_size);
        if (have_ < prefix_size) return;
        const std::size_t size = load16(in_.data());
        if (size > frame_limit) return handlers_.on_broken();
        bytes = fill(bytes, prefix_size + size);
        if (have_ < prefix_size + size) return;
        have_ = 0;
        handlers_.on_frame(MutableBytes(in_).subspan(prefix_size, size));
    }
}

bool FramedConnection::send(Bytes frame) {
    if (frame.size() > frame_limit) return false;
    std::array<std::uint8_t, prefix_size + frame_limit> room;  // NOLINT: filled below
    std::copy(frame.begin(), frame.end(), room.begin() + prefix_size);
    return send_prefixed(MutableBytes(room).first(prefix_size + frame.size()));
}

bool FramedConnection::send_prefixed(MutableBytes prefixed) {
    if (is_aborted_ || stream_->buffered() + prefixed.size() > buffer_limit) return false;
    store16(prefixed.data(), static_cast<std::uint16_t>(prefixed.size() - prefix_size));
    stream_->write(prefixed);
    return true;
}

void FramedConnection::abort() {
    is_aborted_ = true;
    stream_->abort();
}

}  // namespace aula::transport
