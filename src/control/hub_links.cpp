// SPDX-License-Identifier: Apache-2.0
#include "control/hub_links.hpp"

#include <optional>
#include <unordered_map>
#include <utility>

#include "base/log.hpp"
#include "control/channel.hpp"
#include "control/credit.hpp"
#include "net/tcp.hpp"

namespace aula::control {

namespace {

constexpr std::uint32_t service_restart = 1012;  // IANA's WebSocket close codes: come back
constexpr std::uint32_t policy_violation = 1008;

}  // namespace

struct HubLinks::State {
    struct Stream {
        StreamHandlers handlers;
        SendCredit out;
        ReceiveCredit in;
        std::function<void()> on_writable;
        std::optional<CloseStream> closing;  // said once what is queued went out
    };
    struct Link {
        std::string name;  // empty until its hello
        std::unique_ptr<Channel> channel;
        std::uint32_t last_stream = 0;
        std::unordered_map<std::uint32_t, Stream> streams;
    };

    State(net::Loop& l, Handlers h) : loop(l), handlers(std::move(h)) {}
    ~State();

    void accept(int fd, const net::Address& peer);
    bool on_frame(Link& link, Bytes frame);
    bool on_hello(Link& link, const Hello& hello);
    void on_stream_message(Link& link, const StreamMessage& message);
    void on_credit(Link& link, const Credit& credit);
    void on_down(Link& link, const std::string& why);
    void remove(Link& link);
    void flush(Link& link, std::uint32_t id, Stream& stream);
    void end_stream(Link& link, std::uint32_t id, std::uint32_t code, const std::string& reason);

    Link* find(const std::string& node) {
        const auto at = nodes.find(node);
        return at == nodes.end() ? nullptr : at->second;
    }
    std::pair<Link*, Stream*> find(const std::string& node, std::uint32_t id) {
        Link* link = find(node);
        if (link == nullptr) return {nullptr, nullptr};
        const auto at = link->streams.find(id);
        return {link, at == link->streams.end() ? nullptr : &at->second};
    }

    net::Loop& loop;
    Handlers handlers;
    crypto::TlsContext tls;
    std::unique_ptr<net::Listener> listener;
    std::unordered_map<Link*, std::unique_ptr<Link>> links;
    std::unordered_map<std::string, Link*> nodes;
    Counters counters;
};

Expected<std::unique_ptr<HubLinks>, Error> HubLinks::open(net::Loop& loop,
                                                          const net::Address& local,
                                                          const std::string& authority_pem,
                                                          const crypto::Certificate& own,
                                                          Handlers handlers) {
    auto state = std::make_unique<State>(loop, std::move(handlers));
    auto tls = crypto::mutual_tls(authority_pem, own, true);
    if (!tls) return fail(std::move(tls).error());
    state->tls = std::move(*tls);
    auto listener = net::Listener::open(
        loop, local, [s = state.get()](int fd, const net::Address& peer) { s->accept(fd, peer); });
    if (!listener) return fail(std::move(listener).error());
    state->listener = std::move(*listener);
    return std::unique_ptr<HubLinks>(new HubLinks(std::move(state)));
}

HubLinks::HubLinks(std::unique_ptr<State> state) : state_(std::move(state)) {}
HubLinks::~HubLinks() = default;

HubLinks::State::~State() {
    for (auto& [key, link] : links) link->channel->retire();
}

void HubLinks::State::accept(int fd, const net::Address& peer) {
    auto owned = std::make_unique<Link>();
    Link& link = *owned;
    link.channel = std::make_unique<Channel>(
        loop, net::Stream::accepted(loop, fd, peer, tls.get()),
        Channel::Handlers{
            .on_open = [] {},
            .on_frame = [this, &link](Bytes frame) { return on_frame(link, frame); },
            .send_beat =
                [](Channel& channel) {
                    ToNode beat;
                    beat.mutable_beat();
                    channel.send(beat);
                },
            .on_down = [this, &link](const std::string& why) { on_down(link, why); },
        });
    links.emplace(&link, std::move(owned));
}

bool HubLinks::State::on_frame(Link& link, Bytes frame) {
    ToHub message;
    if (!message.ParseFromArray(frame.data(), static_cast<int>(frame.size()))) {
        ++counters.garbage;
        return false;
    }
    if (link.name.empty() != message.has_hello()) {
        ++counters.garbage;  // hello comes first, and once
        return false;
    }
    const auto answered = [&](std::uint32_t id) { return link.streams.find(id); };
    switch (message.message_case()) {
        case ToHub::kHello:
            return on_hello(link, message.hello());
        case ToHub::kBeat:
            break;
        case ToHub::kStreamMessage:
            on_stream_message(link, message.stream_message());
            break;
        case ToHub::kCredit:
            on_credit(link, message.credit());
            break;
        case ToHub::kStreamAccepted:
            if (const auto at = answered(message.stream_accepted().stream());
                at != link.streams.end()) {
                if (const auto handler = at->second.handlers.on_accepted) handler();
            }
            break;
        case ToHub::kStreamAnswered:
            if (const auto at = answered(message.stream_answered().stream());
                at != link.streams.end()) {
                const auto handler = std::move(at->second.handlers.on_answered);
                link.streams.erase(at);
                if (handler) handler(message.stream_answered());
            }
            break;
        case ToHub::kCloseStream: {
            const CloseStream& close = message.close_stream();
            end_stream(link, close.stream(), close.code(), close.reason());
            break;
        }
        case ToHub::MESSAGE_NOT_SET:
            ++counters.strays;
            break;  // of a newer version
        default:
            handlers.on_message(link.name, message);
    }
    return true;
}

bool HubLinks::State::on_hello(Link& link, const Hello& hello) {
    const std::string name = link.channel->peer_name();
    if (name.empty()) return false;
    if (Link* older = find(name)) {
        ++counters.replaced;
        older->channel->fail("the node dialled again");
    }
    link.name = name;
    nodes[name] = &link;
    ++counters.links;
    ToNode answer;
    *answer.mutable_welcome() = handlers.make_welcome(name);
    link.channel->send(answer);
    log::info("a node's link is up", {{"node", name}, {"version", hello.version()}});
    handlers.on_node_up(name, hello);
    return true;
}

void HubLinks::State::on_stream_message(Link& link, const StreamMessage& message) {
    const auto at = link.streams.find(message.stream());
    if (at == link.streams.end()) {
        ++counters.strays;  // closed here while this was under way
        return;
    }
    if (!at->second.in.receive(message.payload().size())) {
        ++counters.credit_broken;
        ToNode close;
        close.mutable_close_stream()->set_stream(message.stream());
        close.mutable_close_stream()->set_code(policy_violation);
        link.channel->send(close);
        return end_stream(link, message.stream(), policy_violation, "sent without credit");
    }
    if (at->second.closing) return;
    // A copy: the handler may close this very stream.
    if (const auto handler = at->second.handlers.on_message) {
        handler(message.binary(), bytes_of(message.payload()));
    }
}

void HubLinks::State::on_credit(Link& link, const Credit& credit) {
    const auto at = link.streams.find(credit.stream());
    if (at == link.streams.end()) return;
    Stream& stream = at->second;
    stream.out.grant(credit.bytes());
    const bool writable = !stream.closing && !stream.out.is_used_up();
    auto callback = writable ? std::exchange(stream.on_writable, nullptr) : nullptr;
    flush(link, credit.stream(), stream);
    if (callback) callback();
}

void HubLinks::State::flush(Link& link, std::uint32_t id, Stream& stream) {
    while (auto message = stream.out.pop()) {
        ToNode wrapped;
        StreamMessage& out = *wrapped.mutable_stream_message();
        out.set_stream(id);
        out.set_binary(message->binary);
        out.set_payload(message->payload.data(), message->payload.size());
        link.channel->send(wrapped);
    }
    if (!stream.closing || !stream.out.is_empty()) return;
    ToNode wrapped;
    *wrapped.mutable_close_stream() = *stream.closing;
    link.channel->send(wrapped);
    link.streams.erase(id);
}

void HubLinks::State::end_stream(Link& link, std::uint32_t id, std::uint32_t code,
                                 const std::string& reason) {
    const auto at = link.streams.find(id);
    if (at == link.streams.end()) return;
    const auto handler = at->second.closing ? nullptr : std::move(at->second.handlers.on_closed);
    link.streams.erase(at);
    if (handler) handler(code, reason);
}

void HubLinks::State::on_down(Link& link, const std::string& why) {
    const std::string name = link.name;
    if (name.empty()) {
        log::warning("a node was refused or gave up before its hello", {{"why", why}});
        return remove(link);
    }
    ++counters.broken;
    log::warning("a node's link is down", {{"node", name}, {"why", why}});
    nodes.erase(name);
    auto streams = std::exchange(link.streams, {});
    remove(link);
    for (auto& [id, stream] : streams) {
        if (!stream.closing && stream.handlers.on_closed) {
            stream.handlers.on_closed(service_restart, "the node's link broke");
        }
    }
    handlers.on_node_down(name);
}

void HubLinks::State::remove(Link& link) {
    const auto at = links.find(&link);
    bury(loop, std::move(at->second->channel));
    links.erase(at);
}

const HubLinks::Counters& HubLinks::counters() const { return state_->counters; }
const net::Address& HubLinks::local() const { return state_->listener->local(); }
bool HubLinks::is_up(const std::string& node) const { return state_->nodes.contains(node); }

void HubLinks::send(const std::string& node, const ToNode& message) {
    if (auto* link = state_->find(node)) link->channel->send(message);
}

std::uint32_t HubLinks::open_stream(const std::string& node, OpenStream open,
                                    StreamHandlers handlers) {
    auto* link = state_->find(node);
    if (link == nullptr) return 0;
    std::uint32_t id = ++link->last_stream;
    while (id == 0 || link->streams.contains(id)) id = ++link->last_stream;
    link->streams[id].handlers = std::move(handlers);
    ++state_->counters.streams;
    open.set_stream(id);
    ToNode message;
    *message.mutable_open_stream() = std::move(open);
    link->channel->send(message);
    return id;
}

bool HubLinks::send_stream(const std::string& node, std::uint32_t id, bool binary, Bytes message) {
    const auto [link, stream] = state_->find(node, id);
    if (stream == nullptr || stream->closing) return true;
    stream->out.push(binary, message);
    state_->flush(*link, id, *stream);
    return !stream->out.is_used_up();
}

void HubLinks::on_stream_writable(const std::string& node, std::uint32_t id,
                                  std::function<void()> callback) {
    const auto [link, stream] = state_->find(node, id);
    if (stream != nullptr) stream->on_writable = std::move(callback);
}

void HubLinks::grant(const std::string& node, std::uint32_t id, std::size_t bytes) {
    const auto [link, stream] = state_->find(node, id);
    if (stream == nullptr) return;
    const std::uint32_t granted = stream->in.consume(bytes);
    if (granted == 0) return;
    ToNode message;
    message.mutable_credit()->set_stream(id);
    message.mutable_credit()->set_bytes(granted);
    link->channel->send(message);
}

void HubLinks::close_stream(const std::string& node, std::uint32_t id, std::uint32_t code,
                            const std::string& reason) {
    const auto [link, stream] = state_->find(node, id);
    if (stream == nullptr || stream->closing) return;
    stream->closing.emplace();
    stream->closing->set_stream(id);
    stream->closing->set_code(code);
    stream->closing->set_reason(reason);
    state_->flush(*link, id, *stream);
}

}  // namespace aula::control
