// SPDX-License-Identifier: Apache-2.0
#include "control/channel.hpp"

#include <utility>

#include <google/protobuf/message_lite.h>

#include "base/log.hpp"

namespace aula::control {

namespace {

constexpr auto beat_period = 5s;
constexpr auto silence_limit = 15s;
// Streams are bounded by their credits; a peer that reads nothing at all is given up before it
// costs more than this.
constexpr std::size_t most_buffered = 256 << 20;

}  // namespace

Channel::Channel(net::Loop& loop, std::unique_ptr<net::Stream> stream, Handlers handlers)
    : loop_(loop), stream_(std::move(stream)), handlers_(std::move(handlers)), heard_(loop.now()) {
    stream_->set_handlers({
        .on_open =
            [this] {
                open_ = true;
                heard_ = loop_.now();
                handlers_.on_open();
            },
        .on_bytes = [this](Bytes bytes) { read(bytes); },
        .on_drained = [] {},
        .on_close =
            [this](const std::string& why) { fail(why.empty() ? "the other end hung up" : why); },
    });
    timer_ = loop_.every(beat_period, [this] { beat(); });
}

Channel::~Channel() { loop_.cancel(timer_); }

void Channel::send(const google::protobuf::MessageLite& message) {
    if (retired_ || overflowed_) return;
    Buffer frame(4 + message.ByteSizeLong());
    if (frame.size() - 4 > max_frame_bytes) {
        return log::error("a message was too large for the link",
                          {{"type", message.GetTypeName()}});
    }
    store32(frame.data(), static_cast<std::uint32_t>(frame.size() - 4));
    message.SerializeWithCachedSizesToArray(frame.data() + 4);
    stream_->write(frame);
    overflowed_ = stream_->buffered() > most_buffered;
}

void Channel::retire(bool flush) {
    if (std::exchange(retired_, true)) return;
    loop_.cancel(timer_);
    if (flush) {
        stream_->finish();
    } else {
        stream_->abort();
    }
}

void Channel::fail(const std::string& why) {
    if (retired_) return;
    retire();
    handlers_.on_down(why);
}

void Channel::read(Bytes bytes) {
    if (retired_) return;
    heard_ = loop_.now();
    reader_.add(bytes);
    while (!retired_) {
        const auto frame = reader_.next();
        if (!frame) return fail("a frame over 4 MiB");
        if (!*frame) return;
        if (!handlers_.on_frame(**frame)) return fail("not a message");
    }
}

void Channel::beat() {
    if (overflowed_) return fail("the other end does not read");
    if (loop_.now() - heard_ > silence_limit) return fail("nothing heard for 15 s");
    if (open_) handlers_.send_beat(*this);
}

void bury(net::Loop& loop, std::unique_ptr<Channel> channel) {
    if (channel) loop.post([dead = std::move(channel)] {});
}

}  // namespace aula::control
