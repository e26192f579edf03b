// SPDX-License-Identifier: Apache-2.0
#include "sctp/association.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <span>
#include <utility>

#include "sctp/dcep.hpp"
#include "sctp/stack.hpp"

namespace aula::sctp {

namespace {

/// Payload protocol identifiers (RFC 8831 section 8).
enum PayloadProtocol : std::uint32_t {
    control = 50,
    text = 51,
    binary = 53,
    empty_text = 56,
    empty_binary = 57,
};

constexpr std::size_t common_header_size = 12;

}  // namespace

struct Association::State {
    struct Channel {
        bool in_use = false;
        bool acknowledged = false;   // the peer knows how the channel works
        bool incoming_over = false;  // the peer closed its half
        bool outgoing_over = false;
        bool wants_reset = false;  // we close ours, and usrsctp has not taken the request yet
        dcep::Open open;
    };

    State(Side own_side, Handlers own_handlers)
        : side(own_side), handlers(std::move(own_handlers)) {}

    void hand_out();
    void handle(const StackEvent& event);
    void on_message(const StackEvent& event);
    void on_control(std::uint16_t stream, Bytes message);
    void on_incoming_reset(std::uint16_t stream);
    void on_lost();
    void begin_close(std::uint16_t stream);
    void finish_close(std::uint16_t stream);
    void retry_resets();
    bool push(std::uint16_t stream, PayloadProtocol protocol, Bytes message);
    Channel* find(std::uint16_t stream) {
        return stream < channels.size() && channels[stream].in_use ? &channels[stream] : nullptr;
    }
    Channel& channel_at(std::uint16_t stream) {
        if (stream >= channels.size()) channels.resize(stream + std::size_t{1});
        return channels[stream];
    }

    Side side;
    Handlers handlers;
    Counters counters;
    StackSocket socket;
    // By stream number, as far as any was used; a deque, since handlers hold on to a label while
    // further ones open.
    std::deque<Channel> channels;
    std::deque<StackEvent> events;
    bool reset_waits = false;
    bool handing_out = false;
    bool over = false;
};

void Association::State::hand_out() {
    while (socket.has_output()) {
        StackSocket::Output output = socket.take_output();
        for (const Buffer& packet : output.packets) handlers.send(packet);
        for (StackEvent& event : output.events) events.push_back(std::move(event));
    }
    if (handing_out) return;  // a handler called us; the events follow when it is back
    handing_out = true;
    while (!events.empty() && !over) {
        const StackEvent event = std::move(events.front());
        events.pop_front();
        handle(event);
    }
    handing_out = false;
}

void Association::State::handle(const StackEvent& event) {
    switch (event.kind) {
        case StackEvent::Kind::message:
            return on_message(event);
        case StackEvent::Kind::incoming_reset:
            for (const std::uint16_t stream : event.streams) on_incoming_reset(stream);
            return;
        case StackEvent::Kind::outgoing_reset:
            for (const std::uint16_t stream : event.streams) {
                if (Channel* channel = find(stream)) channel->outgoing_over = true;
                finish_close(stream);
            }
            return;
        case StackEvent::Kind::lost:
            return on_lost();
    }
}

void Association::State::on_message(const StackEvent& event) {
    const std::uint16_t stream = event.streams.front();
    if (event.complete && event.payload_protocol == PayloadProtocol::control) {
        return on_control(stream, event.message);
    }
    const Channel* channel = find(stream);
    const bool is_text = event.payload_protocol == PayloadProtocol::text;
    const bool is_binary = event.payload_protocol == PayloadProtocol::binary;
    // SCTP cannot carry an empty message, so one byte stands for it (RFC 8831 section 6.6).
    const bool is_empty = event.payload_protocol == PayloadProtocol::empty_text ||
                          event.payload_protocol == PayloadProtocol::empty_binary;
    if (!event.complete || channel == nullptr || !(is_text || is_binary || is_empty)) {
        ++counters.refused;
        return;
    }
    ++counters.messages_in;
    const bool as_binary = is_binary || event.payload_protocol == PayloadProtocol::empty_binary;
    handlers.on_message(stream, as_binary, is_empty ? Bytes{} : Bytes(event.message));
}

void Association::State::on_control(std::uint16_t stream, Bytes message) {
    Channel* channel = find(stream);
    if (dcep::is_ack(message)) {
        if (channel != nullptr) channel->acknowledged = true;
        return;
    }
    auto open = dcep::parse_open(message);
    if (!open || channel != nullptr || stream >= channel_limit) {
        ++counters.refused;
        // RFC 8832 section 6: an opening we cannot take is answered by closing the stream.
        if (stream < channel_limit) begin_close(stream);
        return;
    }
    Channel& opened = channel_at(stream);
    opened = {true, true, false, false, false, std::move(*open)};
    push(stream, PayloadProtocol::control, dcep::write_ack());
    handlers.on_open(stream, opened.open.label);
}

void Association::State::begin_close(std::uint16_t stream) {
    channel_at(stream).wants_reset = true;
    reset_waits = true;
    retry_resets();
}

void Association::State::retry_resets() {
    if (!reset_waits) return;
    std::array<std::uint16_t, channel_limit> streams{};
    std::size_t count = 0;
    for (std::uint16_t stream = 0; stream < channels.size(); ++stream) {
        if (channels[stream].wants_reset) streams[count++] = stream;
    }
    if (!socket.reset_outgoing(std::span(streams).first(count))) return;
    for (Channel& channel : channels) channel.wants_reset = false;
    reset_waits = false;
}

void Association::State::on_incoming_reset(std::uint16_t stream) {
    Channel* channel = find(stream);
    if (channel == nullptr || channel->incoming_over) return;
    channel->incoming_over = true;
    // The peer's close is answered by closing our half too (RFC 8831 section 6.7).
    if (!channel->outgoing_over) begin_close(stream);
    finish_close(stream);
}

void Association::State::finish_close(std::uint16_t stream) {
    Channel* channel = find(stream);
    if (channel == nullptr || !channel->incoming_over || !channel->outgoing_over) return;
    *channel = {};
    if (handlers.on_channel_closed) handlers.on_channel_closed(stream);
}

void Association::State::on_lost() {
    over = true;
    socket.close();
    if (handlers.on_closed) handlers.on_closed();
}

bool Association::State::push(std::uint16_t stream, PayloadProtocol protocol, Bytes message) {
    const Channel& channel = channels[stream];
    SendOptions options;
    options.stream = stream;
    options.payload_protocol = protocol;
    if (protocol != PayloadProtocol::control) {
        // Unordered data must not overtake the opening (RFC 8832 section 6).
        options.unordered = !channel.open.ordered && channel.acknowledged;
        if (!channel.open.reliable) {
            options.retransmit =
                channel.open.timed ? Retransmit::limited_milliseconds : Retransmit::limited_times;
            options.retransmit_limit = channel.open.reliability;
        }
    }
    return socket.send(options, message);
}

Association::Association(Side side, Handlers handlers, Time now)
    : state_(std::make_unique<State>(side, std::move(handlers))) {
    StackSocket::advance(now);  // the timers begin to count from here
    state_->socket.connect();
    state_->hand_out();
}

Association::~Association() = default;

void Association::receive(Bytes packet, Time now) {
    if (state_->over) return;
    if (packet.size() < common_header_size) {
        ++state_->counters.malformed;
        return;
    }
    StackSocket::advance(now);
    state_->socket.receive(packet);
    state_->hand_out();
}

std::uint16_t Association::open_channel(const ChannelOptions& options) {
    if (state_->over || options.label.size() > dcep::text_limit) return no_channel;
    std::uint16_t stream = state_->side == Side::dtls_client ? 0 : 1;
    while (stream < channel_limit && state_->find(stream) != nullptr) stream += 2;
    if (stream >= channel_limit) return no_channel;
    State::Channel& channel = state_->channel_at(stream);
    channel = {};
    channel.open.ordered = options.ordered;
    channel.open.reliable = options.reliable;
    channel.open.label = options.label;
    if (!state_->push(stream, PayloadProtocol::control, dcep::write_open(channel.open))) {
        return no_channel;
    }
    channel.in_use = true;
    state_->hand_out();
    return stream;
}

bool Association::send(std::uint16_t stream, bool is_binary, Bytes message) {
    const State::Channel* channel = state_->find(stream);
    const bool possible = !state_->over && channel != nullptr && !channel->outgoing_over &&
                          !channel->wants_reset && message.size() <= message_limit;
    if (!possible || buffered() + message.size() > send_buffer) return false;
    static constexpr std::array<std::uint8_t, 1> nothing{};
    bool sent = false;
    if (message.empty()) {
        sent = state_->push(stream,
                            is_binary ? PayloadProtocol::empty_binary : PayloadProtocol::empty_text,
                            nothing);
    } else {
        sent = state_->push(stream, is_binary ? PayloadProtocol::binary : PayloadProtocol::text,
                            message);
    }
    if (sent) ++state_->counters.messages_out;
    state_->hand_out();
    return sent;
}

void Association::close_channel(std::uint16_t stream) {
    if (state_->over || state_->find(stream) == nullptr) return;
    state_->begin_close(stream);
    state_->hand_out();
}

std::size_t Association::buffered() const { return state_->socket.buffered(); }

void Association::poll(Time now) {
    StackSocket::advance(now);
    if (state_->over) return;
    state_->retry_resets();
    state_->hand_out();
}

void Association::close() {
    if (std::exchange(state_->over, true)) return;
    state_->socket.close();
    for (const Buffer& packet : state_->socket.take_output().packets) state_->handlers.send(packet);
}

const Association::Counters& Association::counters() const { return state_->counters; }

}  // namespace aula::sctp
