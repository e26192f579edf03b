// SPDX-License-Identifier: Apache-2.0
#include "control/node_link.hpp"

#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "base/log.hpp"
#include "control/back_off.hpp"
#include "control/channel.hpp"
#include "control/credit.hpp"
#include "control/dial.hpp"
#include "control/unstored_events.hpp"
#include "crypto/random.hpp"

namespace aula::control {

namespace {

constexpr std::size_t most_queued_for_client = 8 << 20;
constexpr std::size_t most_unstored_events = 64 << 20;
constexpr std::uint32_t link_broke = 1012;
constexpr std::uint32_t client_too_slow = 1013;
constexpr std::uint32_t no_credit = 1008;

}  // namespace

struct NodeLink::State {
    struct Stream {
        SendCredit out;
        ReceiveCredit in;
        std::optional<CloseStream> closing;
    };

    State(net::Loop& l, NodeLinkOptions o, Handlers h)
        : loop(l), options(std::move(o)), handlers(std::move(h)) {}

    void dial();
    void dial_later();
    bool on_frame(Bytes frame);
    void on_welcome(const Welcome& welcome);
    void send_unstored(const std::string& room);
    bool keep(const LessonEvents& events);
    void on_open_stream(const OpenStream& open);
    void on_stream_message(const StreamMessage& message);
    void on_credit(const Credit& credit);
    void on_close_stream(const CloseStream& close);
    void on_down(const std::string& why);
    void flush(std::uint32_t id, Stream& stream);
    void say_closed(std::uint32_t id, std::uint32_t code, const std::string& reason);

    Stream* find(std::uint32_t id) {
        const auto at = streams.find(id);
        return at == streams.end() ? nullptr : &at->second;
    }

    net::Loop& loop;
    NodeLinkOptions options;
    Handlers handlers;
    crypto::TlsContext tls;
    std::unique_ptr<Channel> channel;
    BackOff back_off;
    net::TimerId redial = net::TimerId::none;
    bool up = false;  // welcomed
    std::unordered_map<std::uint32_t, Stream> streams;
    UnstoredEvents unstored{most_unstored_events};
    std::set<std::string> given_up;  // rooms whose events were lost, until they are closed
    Counters counters;
};

NodeLink::NodeLink(net::Loop& loop, NodeLinkOptions options, Handlers handlers)
    : state_(std::make_unique<State>(loop, std::move(options), std::move(handlers))) {
    state_->dial();
}

NodeLink::~NodeLink() {
    state_->loop.cancel(state_->redial);
    if (state_->channel) state_->channel->retire();
}

void NodeLink::State::dial() {
    ++counters.dials;
    if (!tls) {
        auto made = crypto::mutual_tls(options.authority_pem, options.certificate, false);
        if (!made) {
            log::error("the link's certificates are of no use", {{"why", made.error().text}});
            return dial_later();
        }
        tls = std::move(*made);
    }
    const auto target = find_hub(options.hub);
    if (!target) {
        log::warning("the hub was not found", {{"why", target.error().text}});
        return dial_later();
    }
    channel = std::make_unique<Channel>(
        loop, net::Stream::connect(loop, target->address, tls.get(), target->host),
        Channel::Handlers{
            .on_open =
                [this] {
                    ToHub hello;
                    *hello.mutable_hello() = handlers.make_hello();
                    channel->send(hello);
                },
            .on_frame = [this](Bytes frame) { return on_frame(frame); },
            .send_beat =
                [](Channel& to) {
                    ToHub beat;
                    beat.mutable_beat();
                    to.send(beat);
                },
            .on_down = [this](const std::string& why) { on_down(why); },
        });
}

void NodeLink::State::dial_later() {
    redial = loop.after(back_off.next(crypto::random32()), [this] { dial(); });
}

bool NodeLink::State::on_frame(Bytes frame) {
    ToNode message;
    if (!message.ParseFromArray(frame.data(), static_cast<int>(frame.size()))) {
        ++counters.garbage;
        return false;
    }
    if (!up && !message.has_welcome() && !message.has_beat()) {
        ++counters.garbage;  // welcome comes first
        return false;
    }
    switch (message.message_case()) {
        case ToNode::kWelcome:
            on_welcome(message.welcome());
            break;
        case ToNode::kOpenRoom:
            handlers.on_open_room(message.open_room());
            break;
        case ToNode::kCloseRoom:
            handlers.on_close_room(message.close_room());
            break;
        case ToNode::kOpenStream:
            on_open_stream(message.open_stream());
            break;
        case ToNode::kStreamMessage:
            on_stream_message(message.stream_message());
            break;
        case ToNode::kCloseStream:
            on_close_stream(message.close_stream());
            break;
        case ToNode::kCredit:
            on_credit(message.credit());
            break;
        case ToNode::kEventsStored:
            unstored.stored(message.events_stored());
            handlers.on_events_stored(message.events_stored());
            break;
        case ToNode::kSendEventsAgain:
            send_unstored(message.send_events_again().room());
            break;
        case ToNode::kDrain:
            handlers.on_drain();
            break;
        case ToNode::kBeat:
        case ToNode::MESSAGE_NOT_SET:
            break;  // nothing to do, or of a newer version
    }
    return true;
}

void NodeLink::State::on_welcome(const Welcome& welcome) {
    if (!std::exchange(up, true)) {
        ++counters.links;
        back_off.reset();
        log::info("the link to the hub is up", {{"hub", options.hub}});
        send_unstored({});
    }
    handlers.on_welcome(welcome);
}

/// Of one room, or of all when the name is empty.
void NodeLink::State::send_unstored(const std::string& room) {
    unstored.for_each([&](const LessonEvents& events) {
        if (!room.empty() && events.room() != room) return;
        ToHub again;
        *again.mutable_lesson_events() = events;
        channel->send(again);
    });
}

/// False: the events came after some that were lost, and must not be stored without them.
bool NodeLink::State::keep(const LessonEvents& events) {
    if (given_up.contains(events.room())) {
        counters.events_dropped += static_cast<std::uint64_t>(events.events_size());
        return false;
    }
    const auto lost = unstored.add(events);
    counters.events_dropped += lost.events;
    for (const std::string& room : lost.rooms) {
        given_up.insert(room);
        handlers.on_events_lost(room);
    }
    return !given_up.contains(events.room());
}

void NodeLink::State::on_open_stream(const OpenStream& open) {
    if (!streams.try_emplace(open.stream()).second) return;  // a number twice: the hub's mistake
    handlers.on_open_stream(open);
}

void NodeLink::State::on_stream_message(const StreamMessage& message) {
    Stream* stream = find(message.stream());
    if (stream == nullptr) return;  // closed here while this was under way
    if (!stream->in.receive(message.payload().size())) {
        ++counters.credit_broken;
        say_closed(message.stream(), no_credit, "sent without credit");
        streams.erase(message.stream());
        return handlers.on_stream_closed(message.stream(), no_credit);
    }
    if (const std::uint32_t granted = stream->in.consume(message.payload().size()); granted != 0) {
        ToHub credit;
        credit.mutable_credit()->set_stream(message.stream());
        credit.mutable_credit()->set_bytes(granted);
        channel->send(credit);
    }
    if (!stream->closing) {
        handlers.on_stream_message(message.stream(), message.binary(), bytes_of(message.payload()));
    }
}

void NodeLink::State::on_credit(const Credit& credit) {
    Stream* stream = find(credit.stream());
    if (stream == nullptr) return;
    stream->out.grant(credit.bytes());
    flush(credit.stream(), *stream);
}

void NodeLink::State::on_close_stream(const CloseStream& close) {
    const auto at = streams.find(close.stream());
    if (at == streams.end()) return;
    const bool was_open = !at->second.closing;
    streams.erase(at);
    if (was_open) handlers.on_stream_closed(close.stream(), close.code());
}

void NodeLink::State::on_down(const std::string& why) {
    bury(loop, std::move(channel));
    const bool was_up = std::exchange(up, false);
    dial_later();
    if (!was_up)
        return log::warning("the hub was not reached", {{"hub", options.hub}, {"why", why}});
    ++counters.broken;
    log::warning("the link to the hub is down", {{"hub", options.hub}, {"why", why}});
    for (const auto& [id, stream] : std::exchange(streams, {})) {
        if (!stream.closing) handlers.on_stream_closed(id, link_broke);
    }
    handlers.on_down();
}

void NodeLink::State::flush(std::uint32_t id, Stream& stream) {
    while (auto message = stream.out.pop()) {
        ToHub wrapped;
        StreamMessage& out = *wrapped.mutable_stream_message();
        out.set_stream(id);
        out.set_binary(message->binary);
        out.set_payload(message->payload.data(), message->payload.size());
        channel->send(wrapped);
    }
    if (!stream.closing || !stream.out.is_empty()) return;
    say_closed(id, stream.closing->code(), stream.closing->reason());
    streams.erase(id);
}

void NodeLink::State::say_closed(std::uint32_t id, std::uint32_t code, const std::string& reason) {
    ToHub wrapped;
    CloseStream& close = *wrapped.mutable_close_stream();
    close.set_stream(id);
    close.set_code(code);
    close.set_reason(reason);
    channel->send(wrapped);
}

const NodeLink::Counters& NodeLink::counters() const { return state_->counters; }
bool NodeLink::is_up() const { return state_->up; }

void NodeLink::accept_stream(std::uint32_t id) {
    if (!state_->up || state_->find(id) == nullptr) return;
    ToHub message;
    message.mutable_stream_accepted()->set_stream(id);
    state_->channel->send(message);
}

void NodeLink::answer_stream(std::uint32_t id, std::uint32_t status, std::string body,
                             std::string content_type) {
    if (!state_->up || state_->streams.erase(id) == 0) return;
    ToHub message;
    StreamAnswered& answer = *message.mutable_stream_answered();
    answer.set_stream(id);
    answer.set_status(status);
    answer.set_body(std::move(body));
    (*answer.mutable_headers())["content-type"] = std::move(content_type);
    state_->channel->send(message);
}

bool NodeLink::send_stream(std::uint32_t id, bool binary, Bytes message) {
    auto* stream = state_->find(id);
    if (stream == nullptr || stream->closing) return false;
    if (stream->out.queued_bytes() + message.size() > most_queued_for_client) {
        state_->say_closed(id, client_too_slow, "the client is too slow");
        state_->streams.erase(id);
        return false;
    }
    stream->out.push(binary, message);
    state_->flush(id, *stream);
    return true;
}

void NodeLink::close_stream(std::uint32_t id, std::uint32_t code, std::string reason) {
    auto* stream = state_->find(id);
    if (stream == nullptr || stream->closing) return;
    stream->closing.emplace();
    stream->closing->set_code(code);
    stream->closing->set_reason(std::move(reason));
    state_->flush(id, *stream);
}

void NodeLink::send(const ToHub& message) {
    if (message.has_room_closed()) state_->given_up.erase(message.room_closed().room());
    if (message.has_lesson_events()) {
        if (!state_->keep(message.lesson_events())) return;
    } else if (!state_->up) {
        ++state_->counters.messages_dropped;
    }
    if (state_->up) state_->channel->send(message);
}

void NodeLink::stop() {
    state_->loop.cancel(state_->redial);
    state_->up = false;
    state_->streams.clear();
    if (state_->channel) state_->channel->retire(true);
}

}  // namespace aula::control
