// SPDX-License-Identifier: Apache-2.0
#include "http/frames.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <wslay/wslay.h>

#include "base/encoding.hpp"
#include "base/expects.hpp"
#include "crypto/random.hpp"

namespace aula::http {

/// wslay's context and what its callbacks work on.
struct Frames::Wire {
    Wire(Side side, std::size_t most, std::deque<Event>& into);
    ~Wire() { wslay_event_context_free(context); }
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    static Wire& of(void* user) { return *static_cast<Wire*>(user); }
    void begin_frame(const wslay_event_on_frame_recv_start_arg& frame);
    void add(Bytes part);
    void received(const wslay_event_on_msg_recv_arg& message);
    void queue(std::uint8_t opcode, Bytes message);
    void ended(std::uint16_t code, Bytes reason);
    bool ended_by_newer_code();

    wslay_event_context_ptr context = nullptr;
    std::size_t most_message_bytes;
    std::deque<Event>& events;
    Bytes input;
    Buffer output;
    Buffer message;      // the data message under way; grows with what has come, not with what is
                         // announced
    Buffer close_frame;  // its payload as far as it has come
    std::uint64_t close_length = 0;
    bool in_data_frame = false;
    bool close_told = false;
};

namespace {

constexpr std::size_t most_reason = 123;  // a control frame's 125 less the code

}  // namespace

Frames::Wire::Wire(Side side, std::size_t most, std::deque<Event>& into)
    : most_message_bytes(most), events(into) {
    wslay_event_callbacks callbacks{};
    callbacks.recv_callback = [](wslay_event_context_ptr reader, std::uint8_t* room,
                                 std::size_t size, int, void* user) -> ssize_t {
        Wire& wire = of(user);
        const std::size_t count = std::min(size, wire.input.size());
        if (count == 0) {
            wslay_event_set_error(reader, WSLAY_ERR_WOULDBLOCK);
            return -1;
        }
        std::memcpy(room, wire.input.data(), count);
        wire.input = wire.input.subspan(count);
        return static_cast<ssize_t>(count);
    };
    callbacks.send_callback = [](wslay_event_context_ptr, const std::uint8_t* bytes,
                                 std::size_t size, int, void* user) -> ssize_t {
        Buffer& out = of(user).output;
        out.insert(out.end(), bytes, bytes + size);
        return static_cast<ssize_t>(size);
    };
    callbacks.genmask_callback = [](wslay_event_context_ptr, std::uint8_t* mask, std::size_t size,
                                    void*) -> int {
        crypto::random_fill({mask, size});
        return 0;
    };
    callbacks.on_frame_recv_start_callback = [](wslay_event_context_ptr,
                                                const wslay_event_on_frame_recv_start_arg* frame,
                                                void* user) { of(user).begin_frame(*frame); };
    callbacks.on_frame_recv_chunk_callback =
        [](wslay_event_context_ptr, const wslay_event_on_frame_recv_chunk_arg* part, void* user) {
            of(user).add({part->data, part->data_length});
        };
    callbacks.on_msg_recv_callback = [](wslay_event_context_ptr,
                                        const wslay_event_on_msg_recv_arg* arrived,
                                        void* user) { of(user).received(*arrived); };
    const int made = side == Side::server
                         ? wslay_event_context_server_init(&context, &callbacks, this)
                         : wslay_event_context_client_init(&context, &callbacks, this);
    AULA_EXPECTS(made == 0);
    // wslay would allocate what a frame announces, and a chunk for each tiny fragment.
    wslay_event_config_set_no_buffering(context, 1);
}

void Frames::Wire::begin_frame(const wslay_event_on_frame_recv_start_arg& frame) {
    in_data_frame = !wslay_is_ctrl_frame(frame.opcode);
    if (frame.opcode == WSLAY_CONNECTION_CLOSE) close_length = frame.payload_length;
    if (!in_data_frame) return;
    if (frame.opcode != WSLAY_CONTINUATION_FRAME) message.clear();
    if (frame.payload_length <= most_message_bytes - message.size()) return;
    in_data_frame = false;
    wslay_event_shutdown_read(context);
    wslay_event_queue_close(context, message_too_big, nullptr, 0);
    ended(message_too_big, {});
}

void Frames::Wire::add(Bytes part) {
    if (in_data_frame) message.insert(message.end(), part.begin(), part.end());
    if (close_length != 0) close_frame.insert(close_frame.end(), part.begin(), part.end());
}

void Frames::Wire::received(const wslay_event_on_msg_recv_arg& arrived) {
    if (close_told) return;
    const Bytes control(arrived.msg, arrived.msg_length);
    switch (arrived.opcode) {
        case WSLAY_TEXT_FRAME:
        case WSLAY_BINARY_FRAME:
            events.push_back({arrived.opcode == WSLAY_TEXT_FRAME ? Kind::text : Kind::binary,
                              std::exchange(message, {})});
            return;
        case WSLAY_PING:
            events.push_back({Kind::ping, {}});
            return;
        case WSLAY_PONG:
            events.push_back({Kind::pong, {}});
            return;
        default:
            ended(arrived.status_code == 0 ? no_status : arrived.status_code,
                  control.subspan(std::min<std::size_t>(2, control.size())));
    }
}

void Frames::Wire::ended(std::uint16_t code, Bytes reason) {
    if (std::exchange(close_told, true)) return;
    events.push_back({Kind::close, Buffer(reason.begin(), reason.end()), code});
}

/// wslay 1.1.1 knows the codes of RFC 6455 only and takes a close frame with 1012 to 1014 (IANA's
/// registry: service restart, try again later, bad gateway) for a breach.
bool Frames::Wire::ended_by_newer_code() {
    if (close_frame.size() < 2 || close_frame.size() != close_length) return false;
    const std::uint16_t code = load16(close_frame.data());
    const Bytes reason = Bytes(close_frame).subspan(2);
    if (code < 1012 || code > 1014 || !is_utf8(text_of(reason))) return false;
    ended(code, reason);
    return true;
}

void Frames::Wire::queue(std::uint8_t opcode, Bytes bytes) {
    const wslay_event_msg out{opcode, bytes.data(), bytes.size()};
    if (wslay_event_queue_msg(context, &out) == 0) wslay_event_send(context);
}

Frames::Frames(Side side, std::size_t most_message_bytes)
    : wire_(std::make_unique<Wire>(side, most_message_bytes, events_)) {}
Frames::~Frames() = default;

void Frames::feed(Bytes input) {
    Wire& wire = *wire_;
    wire.input = input;
    const int result = wslay_event_recv(wire.context);
    wire.input = {};
    wslay_event_send(wire.context);
    if (result == 0 && wslay_event_want_read(wire.context)) return;
    if (wire.ended_by_newer_code()) return;
    // Reading ended without a close frame of the peer's: ours says what was wrong.
    const std::uint16_t sent = wslay_event_get_status_code_sent(wire.context);
    wire.ended(sent >= protocol_error && sent != no_status ? sent : protocol_error, {});
}

std::optional<Frames::Event> Frames::next() {
    if (events_.empty()) return std::nullopt;
    Event event = std::move(events_.front());
    events_.pop_front();
    return event;
}

void Frames::send(bool binary, Bytes message) {
    wire_->queue(binary ? WSLAY_BINARY_FRAME : WSLAY_TEXT_FRAME, message);
}

void Frames::ping() { wire_->queue(WSLAY_PING, {}); }

void Frames::close(std::uint16_t code, std::string reason) {
    reason.resize(std::min(reason.size(), most_reason));
    while (!is_utf8(reason)) reason.pop_back();  // a character cut in two
    wslay_event_queue_close(wire_->context, code, bytes_of(reason).data(), reason.size());
    wslay_event_send(wire_->context);
}

Buffer Frames::take_output() { return std::exchange(wire_->output, {}); }

}  // namespace aula::http
