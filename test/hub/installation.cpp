// SPDX-License-Identifier: Apache-2.0
#include "installation.hpp"

#include <gtest/gtest.h>

namespace aula::hub::testing {

PlayedNode::PlayedNode(net::Loop& loop, control::NodeLinkOptions options, std::uint32_t seats) {
    control::NodeLink::Handlers handlers;
    handlers.make_hello = [this, seats] {
        control::Hello hello;
        hello.set_version("played");
        hello.set_seats(seats);
        for (const auto& [room, open] : rooms) hello.add_open_rooms(room);
        return hello;
    };
    handlers.on_welcome = [](const control::Welcome&) {};
    handlers.on_open_room = [this](const control::OpenRoom& open) {
        rooms.try_emplace(open.room(), open);
    };
    handlers.on_close_room = [this](const control::CloseRoom& close) {
        closed_rooms[close.room()] = close.reason();
        close_room(close.room(), "ROOM_DELETED");
    };
    handlers.on_open_stream = [this](const control::OpenStream& open) {
        streams.push_back(open);
        if (before_answer) return std::function(before_answer)(open);
        if (open.kind() == control::OpenStream::REQUEST) {
            link->answer_stream(open.stream(), 200, answer, "application/json");
        } else if (refuse_with != 0) {
            link->answer_stream(open.stream(), refuse_with, "refused by the node");
        } else {
            link->accept_stream(open.stream());
        }
    };
    handlers.on_stream_message = [this](std::uint32_t stream, bool binary, Bytes message) {
        received[stream].emplace_back(text_of(message));
        if (echo) link->send_stream(stream, binary, message);
    };
    handlers.on_stream_closed = [this](std::uint32_t stream, std::uint32_t code) {
        closed[stream] = code;
    };
    handlers.on_events_stored = [this](const control::EventsStored& e) { stored.push_back(e); };
    handlers.on_drain = [] {};
    handlers.on_down = [] {};
    link = std::make_unique<control::NodeLink>(loop, std::move(options), std::move(handlers));
}

void PlayedNode::send_events(const std::string& room, std::uint64_t first,
                             std::vector<std::string> events) {
    control::ToHub message;
    message.mutable_lesson_events()->set_room(room);
    message.mutable_lesson_events()->set_first_sequence(first);
    for (auto& event : events) message.mutable_lesson_events()->add_events(std::move(event));
    link->send(message);
}

void PlayedNode::report(const std::string& room, std::uint32_t participants, bool draining) {
    control::ToHub message;
    message.mutable_load_report()->set_draining(draining);
    auto& load = *message.mutable_load_report()->add_rooms();
    load.set_room(room);
    load.set_participants(participants);
    link->send(message);
}

void PlayedNode::close_room(const std::string& room, const std::string& why) {
    rooms.erase(room);
    control::ToHub message;
    message.mutable_room_closed()->set_room(room);
    message.mutable_room_closed()->set_why(why);
    link->send(message);
}

void PlayedNode::webhook(const std::string& json) {
    control::ToHub message;
    message.mutable_webhook()->set_event(json);
    link->send(message);
}

Visitor::Visitor(net::Loop& loop, const std::string& url, const http::Headers& headers) {
    socket = http::WebSocket::connect(loop, url, headers, [this](int status, const std::string&) {
        opened = true;
        if (status != 0) refused = status;
    });
    socket->set_handlers({.on_message =
                              [this](bool, Bytes message) {
                                  messages.emplace_back(text_of(message));
                                  bytes += message.size();
                              },
                          .on_drained = [] {},
                          .on_close = [this](std::uint16_t c, const std::string&) { code = c; }});
}

Installation::Installation(std::function<void(HubOptions&)> change) {
    options.listen = *net::Address::parse("127.0.0.1:0");
    options.node_link = *net::Address::parse("127.0.0.1:0");
    options.data_dir = folder.path / "data";
    options.livekit_keys = {{"key", "a secret of thirty-two characters"}};
    // The least that Argon2id does.
    options.password_cost = {1, 8 << 10};
    options.on_node_wanted = [this] { ++nodes_wanted; };
    change(options);
    start();
    client = std::make_unique<http::Client>(loop);
}

void Installation::start() {
    auto started = Hub::start(loop, options);
    ASSERT_TRUE(started) << started.error().text;
    hub = std::move(*started);
    options.listen = hub->address();  // a restart takes the same
    options.node_link = hub->node_link_address();
}

void Installation::restart() {
    bool stopped = false;
    hub->stop([&] { stopped = true; });
    ASSERT_TRUE(run_until(loop, [&] { return stopped; }));
    hub.reset();
    start();
}

std::unique_ptr<PlayedNode> Installation::add_node(const std::string& name, std::uint32_t seats) {
    auto node =
        std::make_unique<PlayedNode>(loop, hub->invite_node(name, "127.0.0.1").value(), seats);
    const auto is_known = [&] {
        const auto names = hub->nodes();
        return std::find(names.begin(), names.end(), name) != names.end() && node->link->is_up();
    };
    EXPECT_TRUE(run_until(loop, is_known));
    return node;
}

http::Response Installation::call(const std::string& method, const std::string& path,
                                  const std::string& body, const http::Headers& headers) {
    http::Call call;
    call.method = method;
    call.url = "http://" + hub->address().text() + path;
    call.body = body;
    call.headers = headers;
    std::optional<Expected<http::Response, Error>> answer;
    client->start(std::move(call),
                  [&](Expected<http::Response, Error> a) { answer = std::move(a); });
    EXPECT_TRUE(run_until(loop, [&] { return answer.has_value(); }));
    EXPECT_TRUE(answer->has_value()) << (*answer ? "" : answer->error().text);
    return *answer ? **answer : http::Response{0, {}, {}};
}

http::Response Installation::admin(const std::string& method, const std::string& path,
                                   const std::string& body) {
    const std::string link = hub->admin_link();
    http::Headers headers;
    headers.set("authorization", "Bearer " + link.substr(link.find("admin=") + 6));
    return call(method, path, body, headers);
}

std::string Installation::token(const std::string& room, const std::string& identity,
                                signal::VideoGrant grant) const {
    signal::AccessToken token;
    token.key_id = "key";
    token.identity = identity;
    token.video = std::move(grant);
    token.video.room = room;
    token.expires = WallClock::now() + std::chrono::minutes(5);
    return signal::mint(token, options.livekit_keys.at("key"));
}

}  // namespace aula::hub::testing
