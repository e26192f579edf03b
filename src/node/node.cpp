// SPDX-License-Identifier: Apache-2.0
#include "node/node.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "base/log.hpp"
#include "dtls/connection.hpp"
#include "http/server.hpp"
#include "node/doorway.hpp"
#include "node/load.hpp"
#include "room/shard.hpp"

namespace aula::node {
namespace {

constexpr Duration report_period = 1s;
constexpr Duration drain_limit = 3s;

/// Each shard has the port after the last one's, unless any will do.
net::Address of_shard(const net::Address& first, unsigned shard) {
    if (first.port() == 0) return first;
    return first.with_port(static_cast<std::uint16_t>(first.port() + shard));
}

}  // namespace

struct Node::State {
    net::Loop& loop;
    NodeOptions options;
    dtls::Identity identity;
    std::vector<std::unique_ptr<room::Shard>> shards;
    std::unique_ptr<control::NodeLink> link;
    std::unique_ptr<http::Server> metrics_server;
    Load load;
    std::map<std::string, std::string> keys;
    std::map<std::string, std::size_t> rooms;                // to shard
    std::unordered_map<std::uint32_t, std::string> streams;  // to room
    std::set<std::uint32_t> at_door;  // streams to which their room has said neither yes nor no
    net::TimerId report_timer = net::TimerId::none;
    std::function<void()> drained;
    bool draining = false;

    State(net::Loop& l, NodeOptions o) : loop(l), options(std::move(o)), load(options.shards) {}

    control::Hello hello() const;
    room::RoomOutlet outlet_for_room();
    room::SocketOutlet outlet_for_sockets();
    void open_room(const control::OpenRoom& message);
    void open_stream(const control::OpenStream& message);
    void turn_away(std::uint32_t stream, const Turned& why);
    void admit(std::uint32_t stream, const std::string& room, Visit visit);
    void on_room_closed(const std::string& room, std::string why);
    void turn_away_from(const std::string& room);
    void drain(std::function<void()> done);
    void finish_drain();
    void collect();
    net::Ref<room::Room> ref(const std::string& room) { return shards[rooms.at(room)]->ref(room); }

    template <class F>
    void tell_room_of(std::uint32_t stream, F message) {
        const auto at = streams.find(stream);
        if (at != streams.end() && rooms.contains(at->second))
            ref(at->second).tell(std::move(message));
    }
};

control::Hello Node::State::hello() const {
    control::Hello hello;
    hello.set_version(AULA_VERSION);
    hello.set_shards(options.shards);
    hello.set_seats(options.seats);
    for (const auto& [room, shard] : rooms) hello.add_open_rooms(room);
    return hello;
}

// Rooms live on other threads: each of these passes its words on to the link's.
room::SocketOutlet Node::State::outlet_for_sockets() {
    using room::SocketId;
    const auto number = [](SocketId id) { return static_cast<std::uint32_t>(id); };
    room::SocketOutlet outlet;
    outlet.accept = [this, number](SocketId id) {
        loop.post([this, id, number] {
            at_door.erase(number(id));
            link->accept_stream(number(id));
        });
    };
    outlet.refuse = [this, number](SocketId id, int status, std::string body) {
        loop.post([this, id, number, status, body = std::move(body)] {
            turn_away(number(id), {status, body});
        });
    };
    outlet.send = [this, number](SocketId id, bool binary, std::string message) {
        loop.post([this, id, number, binary, message = std::move(message)] {
            link->send_stream(number(id), binary, bytes_of(message));
        });
    };
    outlet.close = [this, number](SocketId id, std::uint16_t code, std::string reason) {
        loop.post([this, id, number, code, reason = std::move(reason)] {
            streams.erase(number(id));
            at_door.erase(number(id));
            link->close_stream(number(id), code, reason);
        });
    };
    outlet.answer = [this, number](SocketId id, int status, std::string body,
                                   std::string content_type) {
        loop.post([this, id, number, status, body = std::move(body),
                   content_type = std::move(content_type)] {
            streams.erase(number(id));
            at_door.erase(number(id));
            link->answer_stream(number(id), static_cast<std::uint32_t>(status), body, content_type);
        });
    };
    return outlet;
}

room::RoomOutlet Node::State::outlet_for_room() {
    room::RoomOutlet outlet;
    outlet.sockets = outlet_for_sockets();
    outlet.store_events = [this](const std::string& name, std::uint64_t first,
                                 std::vector<std::string> events) {
        loop.post([this, name, first, events = std::move(events)]() mutable {
            control::ToHub message;
            message.mutable_lesson_events()->set_room(name);
            message.mutable_lesson_events()->set_first_sequence(first);
            for (std::string& event : events)
                message.mutable_lesson_events()->add_events(std::move(event));
            link->send(message);
        });
    };
    outlet.webhook = [this](std::string event) {
        loop.post([this, event = std::move(event)]() mutable {
            control::ToHub message;
            message.mutable_webhook()->set_event(std::move(event));
            link->send(message);
        });
    };
    // The keys of this moment: a room outlives a change of them by no more than a lesson.
    outlet.mint = [known = keys](const signal::AccessToken& token) {
        const auto key = known.find(token.key_id);
        return key == known.end() ? std::string() : signal::mint(token, key->second);
    };
    outlet.closed = [this](const std::string& name, std::string why) {
        loop.post([this, name, why = std::move(why)] { on_room_closed(name, why); });
    };
    return outlet;
}

void Node::State::open_room(const control::OpenRoom& message) {
    const std::string& name = message.room();
    if (!rooms.contains(name) && !draining) {
        std::vector<std::size_t> rooms_on(shards.size());
        for (const auto& [room, shard] : rooms) ++rooms_on[shard];
        const auto least =
            static_cast<std::size_t>(std::ranges::min_element(rooms_on) - rooms_on.begin());
        room::RoomSettings settings;
        settings.name = name;
        settings.title = message.title();
        settings.metadata = message.metadata();
        settings.max_participants = message.max_participants();
        if (message.empty_timeout_seconds() != 0)
            settings.empty_timeout = std::chrono::seconds(message.empty_timeout_seconds());
        if (message.departure_timeout_seconds() != 0)
            settings.departure_timeout = std::chrono::seconds(message.departure_timeout_seconds());
        if (auto setup = lesson::parse_setup(message.setup()))
            settings.setup = std::move(*setup);
        else
            log::warning("a lesson's setup could not be read", {{"room", name}});
        settings.lesson_events.assign(message.lesson_events().begin(),
                                      message.lesson_events().end());
        rooms.emplace(name, least);
        shards[least]->open_room(std::move(settings), outlet_for_room());
        log::info("room opened", {{"room", name}, {"shard", least}});
    }
    if (!rooms.contains(name)) return;
    control::ToHub opened;
    opened.mutable_room_opened()->set_room(name);
    link->send(opened);
}

void Node::State::open_stream(const control::OpenStream& message) {
    const auto lookup = [this](std::string_view key) -> std::optional<std::string> {
        const auto at = keys.find(std::string(key));
        return at == keys.end() ? std::nullopt : std::optional(at->second);
    };
    auto visit = check_visitor(message, lookup, WallClock::now());
    if (!visit) return turn_away(message.stream(), visit.error());
    if (!rooms.contains(message.room()))
        return turn_away(message.stream(), {503, "The room is not open here."});
    admit(message.stream(), message.room(), std::move(*visit));
}

void Node::State::turn_away(std::uint32_t stream, const Turned& why) {
    streams.erase(stream);
    at_door.erase(stream);
    link->answer_stream(stream, static_cast<std::uint32_t>(why.status), why.text);
}

void Node::State::admit(std::uint32_t stream, const std::string& room, Visit visit) {
    streams[stream] = room;
    at_door.insert(stream);
    const auto id = static_cast<room::SocketId>(stream);
    ref(room).tell([id, visit = std::move(visit)](room::Room& r) mutable {
        if (auto* join = std::get_if<room::JoinIntent>(&visit)) {
            join->socket = id;
            r.join(*join);
        } else if (auto* classroom = std::get_if<room::ClassroomIntent>(&visit)) {
            classroom->socket = id;
            r.enter_classroom(*classroom);
        } else {
            const ServiceCall& call = std::get<ServiceCall>(visit);
            r.on_service_call(id, call.method, call.grant, bytes_of(call.body), call.json);
        }
    });
}

void Node::State::on_room_closed(const std::string& room, std::string why) {
    rooms.erase(room);
    log::info("room closed", {{"room", room}, {"why", why}});
    control::ToHub message;
    message.mutable_room_closed()->set_room(room);
    message.mutable_room_closed()->set_why(std::move(why));
    link->send(message);
    turn_away_from(room);
    if (draining && rooms.empty()) finish_drain();
}

/// Who came while the room closed was heard by nobody. The hub, which knows of the close by now,
/// opens the room anew for them.
void Node::State::turn_away_from(const std::string& room) {
    std::vector<std::uint32_t> unheard;
    for (const std::uint32_t stream : at_door) {
        if (streams.at(stream) == room) unheard.push_back(stream);
    }
    for (const std::uint32_t stream : unheard)
        turn_away(stream, {503, "The room has just closed."});
}

void Node::State::drain(std::function<void()> done) {
    const bool already = std::exchange(draining, true);
    // The hub's order to drain and the process's own end may come in either order: both are served.
    drained = [before = std::move(drained), done = std::move(done)] {
        if (before) before();
        done();
    };
    if (already) {
        if (rooms.empty()) finish_drain();
        return;
    }
    log::info("draining", {{"rooms", rooms.size()}});
    link->send([this] {
        control::ToHub message;
        *message.mutable_load_report() = load.report(true);
        return message;
    }());
    if (rooms.empty()) return finish_drain();
    for (const auto& [room, shard] : rooms) {
        ref(room).tell([](room::Room& r) {
            r.close(livekit::SERVER_SHUTDOWN, livekit::LeaveRequest::RECONNECT);
        });
    }
    loop.after(drain_limit, [this] { finish_drain(); });
}

void Node::State::finish_drain() {
    // After this turn, so that the last words are on the link.
    if (auto done = std::exchange(drained, nullptr))
        loop.after(100ms, [done = std::move(done)] { done(); });
}

void Node::State::collect() {
    for (std::size_t at = 0; at < shards.size(); ++at) {
        room::Shard& shard = *shards[at];
        shard.loop().post([this, at, &shard] {
            ShardFigures figures;
            figures.sent = shard.port().socket().queue().counters();
            figures.received = shard.port().counters();
            figures.counted = shard.counters();
            shard.for_each_room([&](room::Room& r) { figures.rooms.push_back(r.figures()); });
            loop.post([this, at, figures = std::move(figures)]() mutable {
                load.update(at, std::move(figures));
            });
        });
    }
    control::ToHub message;
    *message.mutable_load_report() = load.report(draining);
    link->send(message);
}

Node::Node(std::unique_ptr<State> state) : state_(std::move(state)) {}

Node::~Node() {
    state_->loop.cancel(state_->report_timer);
    state_->link->stop();
    state_->shards.clear();
}

Expected<std::unique_ptr<Node>, Error> Node::start(net::Loop& loop, NodeOptions options) {
    auto state = std::make_unique<State>(loop, std::move(options));
    State& self = *state;
    for (unsigned at = 0; at < self.options.shards; ++at) {
        transport::MediaPortOptions media;
        media.local = of_shard(self.options.media, at);
        for (const auto& address : self.options.advertised)
            media.advertised.push_back(of_shard(address, at));
        auto shard = room::Shard::start(media, self.identity);
        if (!shard) return fail(shard.error());
        self.shards.push_back(std::move(*shard));
    }
    if (self.options.metrics) {
        auto server = http::Server::open(
            loop, *self.options.metrics, {},
            [&self](http::Request request, http::Responder responder) {
                responder.answer(request.path == "/metrics"
                                     ? http::text_response(200, self.load.metrics())
                                     : http::text_response(404, "Only /metrics is here.\n"));
            });
        if (!server) return fail(server.error());
        self.metrics_server = std::move(*server);
    }
    control::NodeLink::Handlers handlers;
    handlers.make_hello = [&self] { return self.hello(); };
    handlers.on_welcome = [&self](const control::Welcome& welcome) {
        self.keys.clear();
        for (const auto& [key, secret] : welcome.livekit_keys()) self.keys.emplace(key, secret);
    };
    handlers.on_open_room = [&self](const control::OpenRoom& message) { self.open_room(message); };
    handlers.on_close_room = [&self](const control::CloseRoom& message) {
        if (!self.rooms.contains(message.room())) return;
        const auto reason = static_cast<livekit::DisconnectReason>(message.reason());
        const auto ended = lesson::end_reason_of(message.ended());
        self.ref(message.room()).tell([reason, ended](room::Room& r) {
            if (ended) return r.end(*ended);
            r.close(reason, livekit::LeaveRequest::DISCONNECT);
        });
    };
    handlers.on_open_stream = [&self](const control::OpenStream& message) {
        self.open_stream(message);
    };
    handlers.on_stream_message = [&self](std::uint32_t stream, bool binary, Bytes message) {
        self.tell_room_of(
            stream, [stream, binary, copy = Buffer(message.begin(), message.end())](room::Room& r) {
                r.on_message(static_cast<room::SocketId>(stream), binary, copy);
            });
    };
    handlers.on_stream_closed = [&self](std::uint32_t stream, std::uint32_t) {
        self.tell_room_of(stream, [stream](room::Room& r) {
            r.on_socket_closed(static_cast<room::SocketId>(stream));
        });
        self.streams.erase(stream);
        self.at_door.erase(stream);
    };
    handlers.on_events_lost = [&self](const std::string& room) {
        log::error("a lesson's events could not be kept, it goes on from what is stored",
                   {{"room", room}});
        if (!self.rooms.contains(room)) return;
        self.ref(room).tell(
            [](room::Room& r) { r.close(livekit::MIGRATION, livekit::LeaveRequest::RECONNECT); });
    };
    handlers.on_events_stored = [&self](const control::EventsStored& message) {
        if (!self.rooms.contains(message.room())) return;
        self.ref(message.room()).tell([sequence = message.sequence()](room::Room& r) {
            r.on_events_stored(sequence);
        });
    };
    handlers.on_drain = [&self] { self.drain([] {}); };
    handlers.on_down = [] { log::warning("the link to the hub is down"); };
    self.link = std::make_unique<control::NodeLink>(loop, self.options.link, std::move(handlers));
    self.report_timer = loop.every(report_period, [&self] { self.collect(); });
    return std::unique_ptr<Node>(new Node(std::move(state)));
}

void Node::drain(std::function<void()> done) { state_->drain(std::move(done)); }

std::optional<net::Address> Node::metrics_address() const {
    if (!state_->metrics_server) return std::nullopt;
    return state_->metrics_server->local();
}

}  // namespace aula::node
