// SPDX-License-Identifier: Apache-2.0
#include "http/web_socket.hpp"

#include <utility>

#include "http/web_socket_opening.hpp"
#include "http/web_socket_state.hpp"

namespace aula::http {
namespace {

constexpr std::uint16_t going_away = 1001;
constexpr std::uint16_t no_close_frame = 1006;
constexpr auto close_answer_time = 2s;
constexpr std::size_t most_unread_pongs = 1 << 20;  // bytes a pinging peer may leave unread

}  // namespace

WebSocket::State::State(net::Loop& on, Frames::Side side, std::size_t most_message_bytes)
    : loop(on), frames_(side, most_message_bytes), heartbeat_(on.now()) {}

WebSocket::State::~State() {
    loop.cancel(beat_);
    loop.cancel(close_limit_);
}

net::Stream::Handlers WebSocket::State::stream_handlers() {
    const auto weak = weak_from_this();
    return {.on_open = {},
            .on_bytes =
                [weak](Bytes bytes) {
                    if (const auto self = weak.lock()) self->on_bytes(bytes);
                },
            .on_drained =
                [weak] {
                    const auto self = weak.lock();
                    const auto handlers = self ? self->handlers_ : nullptr;
                    if (handlers && handlers->on_drained) handlers->on_drained();
                },
            .on_close =
                [weak](const std::string& why) {
                    if (const auto self = weak.lock()) self->end(no_close_frame, why);
                }};
}

void WebSocket::State::begin(std::unique_ptr<net::Stream> connection, Buffer early,
                             std::shared_ptr<void> place) {
    stream = std::move(connection);
    place_ = std::move(place);
    stream->set_handlers(stream_handlers());
    if (paused_)
        stream->pause_reading();
    else
        stream->resume_reading();
    heartbeat_.heard(loop.now());
    const auto weak = weak_from_this();
    beat_ = loop.every(Heartbeat::period, [weak] {
        if (const auto self = weak.lock()) self->beat();
    });
    if (early.empty()) return;
    early_ = std::move(early);
    loop.post([weak] {
        if (const auto self = weak.lock()) self->on_bytes({});
    });
}

void WebSocket::State::set_handlers(Handlers handlers) {
    handlers_ = std::make_shared<Handlers>(std::move(handlers));
}

void WebSocket::State::on_bytes(Bytes bytes) {
    heartbeat_.heard(loop.now());
    // What came with the handshake is first, also when more is read before its turn.
    if (const Buffer early = std::exchange(early_, {}); !early.empty()) frames_.feed(early);
    if (!bytes.empty()) frames_.feed(bytes);
    push_out();
    deliver();
}

void WebSocket::State::deliver() {
    while (stream && !paused_) {
        const auto event = frames_.next();
        if (!event) return;
        deliver_one(*event);
    }
}

void WebSocket::State::deliver_one(const Frames::Event& event) {
    switch (event.kind) {
        case Frames::Kind::text:
        case Frames::Kind::binary: {
            const auto handlers = handlers_;
            if (closing_ || !handlers->on_message) return;
            handlers->on_message(event.kind == Frames::Kind::binary, event.bytes);
            return;
        }
        case Frames::Kind::ping:
            if (buffered() > most_unread_pongs) end(no_close_frame, "pings without reading");
            return;
        case Frames::Kind::pong:
            return;
        case Frames::Kind::close:
            end(event.code, std::string(text_of(event.bytes)));
    }
}

void WebSocket::State::push_out() {
    if (!stream || opening) return;
    const Buffer output = frames_.take_output();
    stream->write(output);
}

void WebSocket::State::send(bool binary, Bytes message) {
    frames_.send(binary, message);
    push_out();
}

void WebSocket::State::ping() {
    frames_.ping();
    push_out();
}

void WebSocket::State::beat() {
    // Whom we do not read we cannot hear.
    if (paused_) heartbeat_.heard(loop.now());
    if (heartbeat_.is_lost(loop.now())) {
        end(no_close_frame, "nothing heard for 30 s");
    } else {
        ping();
    }
}

void WebSocket::State::pause(bool paused) {
    if (paused_ == paused) return;
    paused_ = paused;
    if (!stream || opening) return;
    if (paused) return stream->pause_reading();
    stream->resume_reading();
    loop.post([weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->deliver();
    });
}

void WebSocket::State::close(std::uint16_t code, const std::string& reason) {
    if (std::exchange(closing_, true)) return;
    frames_.close(code, reason);
    push_out();
    pause(false);  // to hear the answer
    close_limit_ = loop.after(close_answer_time, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->end(no_close_frame, "the close was not answered");
    });
}

void WebSocket::State::end(std::uint16_t code, const std::string& reason) {
    if (!stream) return;
    if (opening) {
        opening_ended(-1, reason);
        return;
    }
    net::Stream::let_go(std::move(stream));
    place_.reset();
    loop.cancel(beat_);
    loop.cancel(close_limit_);
    const auto handlers = handlers_;
    if (handlers->on_close) handlers->on_close(code, reason);
}

void WebSocket::State::leave() {
    set_handlers({});
    if (opening) {
        loop.cancel(opening->limit);
        opening.reset();
        stream.reset();
    }
    if (!stream) return;
    frames_.close(going_away, "");
    push_out();
    net::Stream::let_go(std::move(stream));
    place_.reset();
}

WebSocket::WebSocket(std::shared_ptr<State> state) : state_(std::move(state)) {}
WebSocket::~WebSocket() { state_->leave(); }

void WebSocket::set_handlers(Handlers handlers) { state_->set_handlers(std::move(handlers)); }
void WebSocket::send(bool binary, Bytes message) { state_->send(binary, message); }
void WebSocket::ping() { state_->ping(); }
std::size_t WebSocket::buffered() const { return state_->buffered(); }
void WebSocket::pause_reading() { state_->pause(true); }
void WebSocket::resume_reading() { state_->pause(false); }
void WebSocket::close(std::uint16_t code, const std::string& reason) {
    state_->close(code, reason);
}

}  // namespace aula::http
