// SPDX-License-Identifier: Apache-2.0
#include "hub/relay.hpp"

#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lesson/close_code.hpp"

namespace aula::hub {

namespace {

constexpr auto signal_patience = std::chrono::seconds(4);  // SDKs give up after 5 s and more
constexpr auto classroom_patience = std::chrono::seconds(180);
constexpr auto node_patience = std::chrono::seconds(10);
constexpr std::uint16_t service_restart = 1012;
constexpr std::uint16_t going_away = 1001;

std::uint16_t close_code(lesson::CloseCode code) { return static_cast<std::uint16_t>(code); }

int status_of(Door door) {
    switch (door) {
        case Door::open:
            return 200;
        case Door::bad_token:
            return 401;
        case Door::no_grant:
        case Door::removed:
            return 403;
        case Door::over:
            return 404;
    }
    return 500;
}

lesson::CloseCode classroom_code_of(int status) {
    switch (status) {
        case 400:
        case 401:
            return lesson::CloseCode::token_invalid;
        case 403:
            return lesson::CloseCode::removed;
        case 404:
        case 410:
            return lesson::CloseCode::lesson_over;
        case 429:
            return lesson::CloseCode::full;
        default:
            return lesson::CloseCode::restart;
    }
}

/// What the client is told; the classroom has a code of its own for "come back at once".
std::uint16_t code_for(bool is_classroom, std::uint32_t code) {
    if (is_classroom && code == service_restart) return close_code(lesson::CloseCode::restart);
    // RFC 6455 section 7.4: some codes may not stand in a close frame.
    const bool is_defined = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
    if (is_defined || (code >= 3000 && code <= 4999)) return static_cast<std::uint16_t>(code);
    return code == 0 ? 1000 : 1011;
}

http::Response refusal_of(int status, const std::string& text) {
    auto response = http::text_response(status, text);
    allow_any_origin(response);
    if (status == 503) response.headers.set("retry-after", "5");
    return response;
}

control::OpenStream stream_for(http::Request& request, const std::string& room,
                               const std::string& address) {
    control::OpenStream open;
    open.set_kind(control::OpenStream::WEB_SOCKET);
    open.set_method(request.method);
    open.set_path(request.path);
    open.set_query(std::move(request.query));
    open.set_room(room);
    open.set_client_address(address);
    for (const char* name : {"authorization", "content-type", "user-agent", "origin"}) {
        if (const std::string* value = request.headers.find(name))
            (*open.mutable_headers())[name] = *value;
    }
    return open;
}

}  // namespace

struct Relay::State {
    using Id = std::uint64_t;
    /// First it waits for its room, then for the node's yes, then frames pass.
    struct Client {
        control::OpenStream open;
        signal::RoomConfiguration wanted_room;
        std::optional<http::Responder> responder;  // until it is answered or upgraded
        std::unique_ptr<http::WebSocket> socket;
        std::string node;
        std::uint32_t stream = 0;
        bool is_classroom = false;
        bool is_accepted = false;
        bool was_sent_on = false;     // to another node, once
        std::size_t not_granted = 0;  // bytes that wait in the client's socket
        Time node_until{};
    };

    void locate(Client client, Duration patience);
    void on_located(Id id, const Expected<std::string, Error>& node);
    void on_accepted(Id id);
    void on_answered(Id id, const control::StreamAnswered& answer);
    void on_node_message(Id id, bool binary, Bytes message);
    void on_node_closed(Id id, std::uint32_t code, const std::string& reason);
    void on_client_message(Id id, bool binary, Bytes message);
    void on_client_closed(Id id, std::uint16_t code);
    void handle_socket(Id id, Client& client);
    void grant(Client& client);
    void refuse(Id id, int status, const std::string& text);
    void tick();

    Client* find(Id id) {
        const auto at = clients.find(id);
        return at == clients.end() ? nullptr : &at->second;
    }

    Wiring wiring;
    std::unordered_map<Id, Client> clients;
    Id last_id = 0;
    Counters counters;
    net::TimerId timer = net::TimerId::none;
};

Relay::Relay(Wiring wiring) : state_(std::make_unique<State>()) {
    state_->wiring = wiring;
    state_->timer = wiring.loop->every(std::chrono::seconds(1), [this] { state_->tick(); });
}

Relay::~Relay() { state_->wiring.loop->cancel(state_->timer); }

void Relay::open_signal(http::Request request, http::Responder responder,
                        const std::string& address) {
    // LiveKit answers a request without upgrade so; its clients take it for "path not served here".
    if (!responder.wants_web_socket()) return responder.answer(refusal_of(404, "not a WebSocket"));
    const auto admission =
        admit(request, *state_->wiring.keys, *state_->wiring.lessons, WallClock::now());
    if (admission.door != Door::open) {
        ++state_->counters.refused;
        return responder.answer(refusal_of(status_of(admission.door), admission.text));
    }
    State::Client client;
    client.open = stream_for(request, admission.token.video.room, address);
    client.wanted_room = admission.token.room;
    client.responder = std::move(responder);
    state_->locate(std::move(client), signal_patience);
}

http::Response Relay::validate(const http::Request& request) const {
    const auto admission =
        admit(request, *state_->wiring.keys, *state_->wiring.lessons, WallClock::now());
    const int status = status_of(admission.door);
    return refusal_of(status, status == 200 ? "success" : admission.text);
}

void Relay::open_classroom(http::Request request, http::Responder responder,
                           const std::string& address) {
    if (!responder.wants_web_socket()) return responder.answer(refusal_of(404, "not a WebSocket"));
    const auto admission =
        admit(request, *state_->wiring.keys, *state_->wiring.lessons, WallClock::now());
    State::Client client;
    client.open = stream_for(request, admission.token.video.room, address);
    client.is_classroom = true;
    client.socket = responder.accept_web_socket();
    if (!client.socket) return;
    if (admission.door == Door::open) return state_->locate(std::move(client), classroom_patience);
    const State::Id id = ++state_->last_id;
    auto& refused = state_->clients.emplace(id, std::move(client)).first->second;
    state_->handle_socket(id, refused);
    state_->refuse(id, admission.door == Door::no_grant ? 401 : status_of(admission.door),
                   admission.text);
}

void Relay::State::locate(Client client, Duration patience) {
    const Id id = ++last_id;
    const std::string room = client.open.room();
    Client& waiting = clients.emplace(id, std::move(client)).first->second;
    if (waiting.socket) {
        handle_socket(id, waiting);
        waiting.socket->pause_reading();
    }
    wiring.rooms->locate(
        room, patience,
        [this, id](const Expected<std::string, Error>& node) { on_located(id, node); },
        signal::RoomConfiguration(waiting.wanted_room));
    Client* still = find(id);
    if (still == nullptr || still->stream != 0 || !still->socket || wiring.rooms->could_open(room))
        return;
    still->socket->send_text(R"({"type":"opening","seconds":)" +
                             std::to_string(wiring.rooms->until_node(room).count()) + '}');
}

void Relay::State::on_located(Id id, const Expected<std::string, Error>& node) {
    Client* client = find(id);
    if (client == nullptr) return;  // gone while it waited
    if (!node) {
        const bool is_over =
            node.error().code == ErrorCode::not_found || node.error().code == ErrorCode::refused;
        return refuse(id, is_over ? 404 : 503, node.error().text);
    }
    client->node = *node;
    client->node_until = wiring.loop->now() + node_patience;
    const std::uint32_t stream = wiring.links->open_stream(
        *node, client->open,
        {.on_accepted = [this, id] { on_accepted(id); },
         .on_answered = [this,
                         id](const control::StreamAnswered& answer) { on_answered(id, answer); },
         .on_message = [this, id](bool binary,
                                  Bytes message) { on_node_message(id, binary, message); },
         .on_closed = [this, id](std::uint32_t code,
                                 const std::string& reason) { on_node_closed(id, code, reason); }});
    if (stream == 0) return refuse(id, 503, "the node is gone");
    client->stream = stream;
}

void Relay::State::on_accepted(Id id) {
    Client* client = find(id);
    if (client == nullptr || client->is_accepted) return;
    client->is_accepted = true;
    client->open.Clear();  // up to a mebibyte of join request
    ++counters.opened;
    if (client->socket) return client->socket->resume_reading();
    client->socket = client->responder->accept_web_socket();
    client->responder.reset();
    if (!client->socket) return on_client_closed(id, going_away);
    handle_socket(id, *client);
}

void Relay::State::on_answered(Id id, const control::StreamAnswered& answer) {
    Client* client = find(id);
    if (client == nullptr) return;
    client->stream = 0;  // it ended with the answer
    // The room was closed there while the stream was under way: it is opened anew.
    if (answer.status() == 503 && !std::exchange(client->was_sent_on, true)) {
        wiring.rooms->locate(
            client->open.room(), signal_patience,
            [this, id](const Expected<std::string, Error>& node) { on_located(id, node); },
            signal::RoomConfiguration(client->wanted_room));
        return;
    }
    refuse(id, static_cast<int>(answer.status()), answer.body());
}

void Relay::State::handle_socket(Id id, Client& client) {
    client.socket->set_handlers(
        {.on_message = [this, id](bool binary,
                                  Bytes message) { on_client_message(id, binary, message); },
         .on_drained =
             [this, id] {
                 if (Client* drained = find(id)) grant(*drained);
             },
         .on_close = [this, id](std::uint16_t code,
                                const std::string&) { on_client_closed(id, code); }});
}

void Relay::State::on_node_message(Id id, bool binary, Bytes message) {
    Client* client = find(id);
    if (client == nullptr || !client->socket) return;
    counters.to_client_bytes += message.size();
    client->not_granted += message.size();
    client->socket->send(binary, message);
    if (client->socket->buffered() == 0) grant(*client);
}

void Relay::State::grant(Client& client) {
    const std::size_t bytes = std::exchange(client.not_granted, 0);
    if (bytes != 0 && client.stream != 0) wiring.links->grant(client.node, client.stream, bytes);
}

void Relay::State::on_node_closed(Id id, std::uint32_t code, const std::string& reason) {
    Client* client = find(id);
    if (client == nullptr) return;
    client->stream = 0;
    if (code == service_restart) ++counters.node_lost;
    if (client->socket) return client->socket->close(code_for(client->is_classroom, code), reason);
    refuse(id, 503, "the node is gone");
}

void Relay::State::on_client_message(Id id, bool binary, Bytes message) {
    Client* client = find(id);
    if (client == nullptr || client->stream == 0) return;
    counters.to_node_bytes += message.size();
    if (wiring.links->send_stream(client->node, client->stream, binary, message)) return;
    client->socket->pause_reading();
    wiring.links->on_stream_writable(client->node, client->stream, [this, id] {
        Client* writable = find(id);
        if (writable != nullptr && writable->socket) writable->socket->resume_reading();
    });
}

void Relay::State::on_client_closed(Id id, std::uint16_t code) {
    const auto at = clients.find(id);
    if (at == clients.end()) return;
    const Client client = std::move(at->second);
    clients.erase(at);
    if (client.stream != 0)
        wiring.links->close_stream(client.node, client.stream, code, "the client hung up");
}

void Relay::State::refuse(Id id, int status, const std::string& text) {
    Client* client = find(id);
    if (client == nullptr) return;
    ++counters.refused;
    if (client->socket) return client->socket->close(close_code(classroom_code_of(status)), text);
    if (client->responder) client->responder->answer(refusal_of(status, text));
    clients.erase(id);
}

/// Gives up on nodes that say neither yes nor no, and on clients that left before it.
void Relay::State::tick() {
    std::vector<Id> late, gone;
    for (const auto& [id, client] : clients) {
        if (client.responder && !client.responder->client_is_there()) gone.push_back(id);
        if (client.stream != 0 && !client.is_accepted && wiring.loop->now() > client.node_until)
            late.push_back(id);
    }
    for (const Id id : gone) on_client_closed(id, going_away);
    for (const Id id : late) {
        Client* client = find(id);
        if (client == nullptr) continue;
        ++counters.timed_out;
        wiring.links->close_stream(client->node, std::exchange(client->stream, 0), going_away,
                                   "too late");
        refuse(id, 503, "the node did not answer");
    }
}

void Relay::close_all() {
    std::vector<State::Id> ids;
    for (const auto& [id, client] : state_->clients) ids.push_back(id);
    for (const auto id : ids) {
        auto* client = state_->find(id);
        if (client == nullptr) continue;
        if (client->stream != 0) {
            const auto stream = std::exchange(client->stream, 0);
            state_->wiring.links->close_stream(client->node, stream, service_restart,
                                               "the hub restarts");
        }
        if (client->socket) {
            client->socket->close(code_for(client->is_classroom, service_restart),
                                  "the hub restarts");
        } else {
            state_->refuse(id, 503, "the hub restarts");
        }
    }
}

std::size_t Relay::size() const { return state_->clients.size(); }
const Relay::Counters& Relay::counters() const { return state_->counters; }

}  // namespace aula::hub
