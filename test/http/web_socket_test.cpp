// SPDX-License-Identifier: Apache-2.0
#include "http/web_socket.hpp"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "http/codec.hpp"
#include "net/tcp.hpp"
#include "running_server.hpp"

namespace aula::http {
namespace {

const std::string upgrade =
    "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// What one end saw of its socket.
struct Seen {
    std::unique_ptr<WebSocket> socket;
    std::vector<std::string> messages;
    int drained = 0;
    std::optional<std::uint16_t> code;
    std::string reason;

    void attach(std::function<void()> on_change) {
        socket->set_handlers({.on_message =
                                  [this, on_change](bool binary, Bytes message) {
                                      messages.push_back((binary ? "b:" : "t:") +
                                                         std::string(text_of(message)));
                                      on_change();
                                  },
                              .on_drained =
                                  [this, on_change] {
                                      ++drained;
                                      on_change();
                                  },
                              .on_close =
                                  [this, on_change](std::uint16_t with, const std::string& why) {
                                      EXPECT_FALSE(code);
                                      code = with;
                                      reason = why;
                                      on_change();
                                  }});
    }
};

/// A server and our client on one loop.
struct Meeting {
    explicit Meeting(ServerLimits limits = {}) {
        auto opened = Server::open(loop, *net::Address::of("127.0.0.1", 0), limits,
                                   [this](Request request, Responder responder) {
                                       asked = std::move(request);
                                       if (!responder.wants_web_socket() || asked.path != "/ws") {
                                           return responder.answer(text_response(403, "not here"));
                                       }
                                       server.socket = responder.accept_web_socket();
                                       server.attach(check);
                                   });
        http = std::move(*opened);
    }
    void connect(const std::string& path = "/ws?token=1", const Headers& headers = {}) {
        client.socket = WebSocket::connect(loop, "ws://" + http->local().text() + path, headers,
                                           [this](int outcome, const std::string& body) {
                                               refused = outcome;
                                               refusal = body;
                                               check();
                                           });
        client.attach(check);
    }
    void until(std::function<bool()> wanted) {
        condition = std::move(wanted);
        const net::TimerId limit = loop.after(20s, [this] {
            ADD_FAILURE() << "waited in vain";
            loop.stop();
        });
        if (!condition()) loop.run();
        loop.cancel(limit);
        condition = [] { return false; };
    }
    void open() {
        connect();
        until([this] { return refused == 0; });
        ASSERT_NE(server.socket, nullptr);
    }

    net::Loop loop;
    std::function<bool()> condition = [] { return false; };
    std::function<void()> check = [this] {
        if (condition()) loop.stop();
    };
    Request asked;
    Seen server;
    Seen client;
    std::optional<int> refused;
    std::string refusal;
    std::unique_ptr<Server> http;
};

TEST(WebSocket, CarriesMessagesBothWaysAndTheClientsHeaders) {
    Meeting meeting;
    Headers headers;
    headers.set("authorization", "Bearer x");
    meeting.connect("/ws?token=1", headers);
    meeting.client.socket->send_text("early");  // before the socket is open
    meeting.until([&] { return meeting.server.messages.size() == 1; });
    EXPECT_EQ(meeting.refused, 0);
    EXPECT_EQ(meeting.asked.query, "token=1");
    EXPECT_EQ(*meeting.asked.headers.find("authorization"), "Bearer x");
    meeting.server.socket->send_text("hällo");
    meeting.server.socket->send(true, bytes_of(std::string(100'000, 'b')));
    meeting.until([&] { return meeting.client.messages.size() == 2; });
    EXPECT_EQ(meeting.server.messages[0], "t:early");
    EXPECT_EQ(meeting.client.messages[0], "t:hällo");
    EXPECT_EQ(meeting.client.messages[1].size(), 100'002u);
}

TEST(WebSocket, ClosesFromEitherSideWithCodeAndReason) {
    for (const bool by_server : {true, false}) {
        Meeting meeting;
        meeting.open();
        Seen& closer = by_server ? meeting.server : meeting.client;
        closer.socket->close(4003, "lesson over");
        closer.socket->send_text("after the close");
        meeting.until([&] { return meeting.server.code && meeting.client.code; });
        EXPECT_EQ(meeting.server.code, 4003);
        EXPECT_EQ(meeting.client.code, 4003);
        EXPECT_EQ(meeting.client.reason, "lesson over");
        EXPECT_TRUE(meeting.client.messages.empty() && meeting.server.messages.empty());
    }
}

TEST(WebSocket, DestroyingOneEndTellsTheOtherThatItGoesAway) {
    Meeting meeting;
    meeting.open();
    meeting.server.socket->send_text("last words");
    meeting.server.socket.reset();
    meeting.until([&] { return meeting.client.code.has_value(); });
    EXPECT_EQ(meeting.client.code, 1001);
    EXPECT_EQ(meeting.client.messages.at(0), "t:last words");
}

TEST(WebSocket, AnUnansweredCloseEndsWith1006) {
    Meeting meeting;
    RawClient raw(meeting.http->local());
    raw.send(upgrade);
    meeting.loop.every(1ms, meeting.check);
    meeting.until([&] { return meeting.server.socket != nullptr; });
    meeting.server.socket->close(1000, "");
    meeting.until([&] { return meeting.server.code.has_value(); });
    EXPECT_EQ(meeting.server.code, 1006);
}

TEST(WebSocket, ALostConnectionIs1006) {
    Meeting meeting;
    auto raw = std::make_optional<RawClient>(meeting.http->local());
    raw->send(upgrade);
    meeting.loop.every(1ms, meeting.check);
    meeting.until([&] { return meeting.server.socket != nullptr; });
    raw.reset();
    meeting.until([&] { return meeting.server.code.has_value(); });
    EXPECT_EQ(meeting.server.code, 1006);
    meeting.server.socket->send_text("into nothing");
    meeting.server.socket->close(1000, "");
}

TEST(WebSocket, ReportsWhyItWasRefused) {
    Meeting meeting;
    meeting.connect("/other");
    meeting.until([&] { return meeting.refused.has_value(); });
    EXPECT_EQ(meeting.refused, 403);
    EXPECT_EQ(meeting.refusal, "not here");
    EXPECT_FALSE(meeting.client.code);

    const net::Address gone = meeting.http->local();
    meeting.http.reset();
    for (const std::string& url :
         {"ws://" + gone.text() + "/", std::string("wss://127.0.0.1/"), std::string("ws:///x"),
          std::string("ws://127.0.0.1/\r\nX: y")}) {
        meeting.refused.reset();
        meeting.client.socket =
            WebSocket::connect(meeting.loop, url, {}, [&](int outcome, const std::string&) {
                meeting.refused = outcome;
                meeting.check();
            });
        meeting.until([&] { return meeting.refused.has_value(); });
        EXPECT_EQ(meeting.refused, -1) << url;
    }
}

TEST(WebSocket, RefusesAnAnswerForAnotherKey) {
    net::Loop loop;
    std::unique_ptr<net::Stream> stream;
    const auto listener = net::Listener::open(
        loop, *net::Address::of("127.0.0.1", 0), [&](int fd, const net::Address& peer) {
            stream = net::Stream::accepted(loop, fd, peer, nullptr);
            stream->write(bytes_of(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"));
        });
    int refused = 0;
    const auto client = WebSocket::connect(loop, "ws://" + (*listener)->local().text(), {},
                                           [&](int outcome, const std::string&) {
                                               refused = outcome;
                                               loop.stop();
                                           });
    loop.run();
    EXPECT_EQ(refused, -1);
}

TEST(WebSocket, ReadsALongMessageThatBeginsBehindTheHandshake) {
    constexpr std::size_t size = 300'000;
    net::Loop loop;
    std::unique_ptr<net::Stream> stream;
    const auto answer = [&](Bytes request) {
        const std::string_view text = text_of(request);
        constexpr std::string_view name = "Sec-WebSocket-Key: ";
        const auto key = text.substr(text.find(name) + name.size(), 24);
        std::string bytes =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: " +
            web_socket_accept(key) + "\r\n\r\n";
        bytes += "\x82\x7f";
        for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(size >> shift);
        stream->write(bytes_of(bytes + std::string(size, 'x')));
    };
    const auto listener = net::Listener::open(
        loop, *net::Address::of("127.0.0.1", 0), [&](int fd, const net::Address& peer) {
            stream = net::Stream::accepted(loop, fd, peer, nullptr);
            stream->set_handlers({.on_open = {},
                                  .on_bytes = answer,
                                  .on_drained = {},
                                  .on_close = [](const std::string&) {}});
        });
    std::size_t received = 0;
    std::uint16_t code = 0;
    const auto client = WebSocket::connect(loop, "ws://" + (*listener)->local().text(), {},
                                           [](int, const std::string&) {});
    client->set_handlers({.on_message =
                              [&](bool, Bytes message) {
                                  received = message.size();
                                  loop.stop();
                              },
                          .on_drained = {},
                          .on_close =
                              [&](std::uint16_t with, const std::string&) {
                                  code = with;
                                  loop.stop();
                              }});
    loop.run();
    EXPECT_EQ(received, size);
    EXPECT_EQ(code, 0);
}

TEST(WebSocket, AnyCallbackMayDestroyIt) {
    for (const std::string where : {"open", "message", "close"}) {
        Meeting meeting;
        bool gone = false;
        const auto destroy = [&](const std::string& here) {
            if (here != where) return;
            meeting.client.socket.reset();
            gone = true;
            meeting.loop.stop();
        };
        meeting.client.socket =
            WebSocket::connect(meeting.loop, "ws://" + meeting.http->local().text() + "/ws", {},
                               [&](int, const std::string&) {
                                   destroy("open");
                                   if (meeting.client.socket) meeting.client.socket->send_text("x");
                               });
        meeting.client.socket->set_handlers(
            {.on_message = [&](bool, Bytes) { destroy("message"); },
             .on_drained = {},
             .on_close = [&](std::uint16_t, const std::string&) { destroy("close"); }});
        if (where != "open") {
            meeting.until([&] { return meeting.server.messages.size() == 1; });
            meeting.server.socket->send_text("1");
            meeting.server.socket->send_text("2");
            meeting.server.socket->close(1000, "");
        }
        if (!gone) meeting.loop.run();
        EXPECT_TRUE(gone);
    }
}

TEST(WebSocket, BackPressureHoldsTheSenderAndTellsWhenItMayGoOn) {
    Meeting meeting;
    meeting.open();
    meeting.client.socket->pause_reading();
    const std::string piece(1 << 20, 'p');
    for (int i = 0; i < 16; ++i) meeting.server.socket->send(true, bytes_of(piece));
    bool looked = false;
    meeting.loop.after(20ms, [&] {
        looked = true;
        meeting.check();
    });
    meeting.until([&] { return looked; });
    EXPECT_GT(meeting.server.socket->buffered(), 0u);
    EXPECT_TRUE(meeting.client.messages.empty());
    meeting.client.socket->resume_reading();
    meeting.until(
        [&] { return meeting.client.messages.size() == 16 && meeting.server.drained > 0; });
    EXPECT_EQ(meeting.server.socket->buffered(), 0u);
}

TEST(WebSocket, APauseWithinAMessageHoldsTheNextOfTheSameBatch) {
    Meeting meeting;
    meeting.open();
    Seen& client = meeting.client;
    client.socket->set_handlers({.on_message =
                                     [&](bool, Bytes message) {
                                         client.messages.emplace_back(text_of(message));
                                         client.socket->pause_reading();
                                         meeting.check();
                                     },
                                 .on_drained = {},
                                 .on_close = {}});
    for (const char* text : {"1", "2", "3"}) meeting.server.socket->send_text(text);
    for (std::size_t i = 1; i <= 3; ++i) {
        meeting.until([&] { return client.messages.size() == i; });
        EXPECT_EQ(client.messages.size(), i);
        client.socket->resume_reading();
    }
}

TEST(WebSocketServer, RefusesHandshakesThatAreNotOurs) {
    RunningServer running([](Request, Responder responder) {
        EXPECT_FALSE(responder.wants_web_socket());
        responder.answer(text_response(200, "plain"));
    });
    const auto status_with = [&](std::string text, const std::string& from, const std::string& to) {
        const std::size_t at = text.find(from);
        text.replace(at, from.size(), to);
        RawClient client(running.local());
        client.send(text);
        client.end();
        return client.read_until("\r\n\r\n");
    };
    const std::string old = status_with(upgrade, "Version: 13", "Version: 8");
    EXPECT_NE(old.find(" 426 "), old.npos) << old;
    EXPECT_NE(old.find("sec-websocket-version: 13"), old.npos);
    EXPECT_NE(status_with(upgrade, "dGhlIHNhbXBsZSBub25jZQ==", "short").find(" 400 "), old.npos);
    EXPECT_NE(status_with(upgrade, "GET", "PUT").find(" 400 "), old.npos);
    EXPECT_NE(status_with(upgrade, "Connection: Upgrade", "Connection: close").find(" 200 "),
              old.npos);
    EXPECT_NE(status_with(upgrade, "HTTP/1.1", "HTTP/1.0").find(" 200 "), old.npos);
}

TEST(WebSocketServer, ReadsFramesThatCameWithTheHandshakeAndEndsBadOnes) {
    const struct {
        const char* hex;
        const char* answer;
    } cases[] = {
        {"89 80 00 00 00 00", "8a00"},                        // a ping, early
        {"81 01 78", "880203ea"},                             // no mask: 1002
        {"81 81 00 00 00 00 ff", "880203ef"},                 // not UTF-8: 1007
        {"82 fe 04 01 00 00 00 00 78", "880203f1"},           // 1025 bytes announced: 1009
        {"ff ff ff ff ff ff ff ff ff ff ff ff ff ff", "88"},  // garbage
    };
    std::unique_ptr<WebSocket> kept;
    RunningServer running(
        [&](Request, Responder responder) { kept = responder.accept_web_socket(); },
        {.message_bytes = 1024});
    for (const auto& [spaced, answer] : cases) {
        std::string digits;
        for (const char* c = spaced; *c != '\0'; ++c) {
            if (*c != ' ') digits += *c;
        }
        RawClient client(running.local());
        client.send(upgrade + std::string(text_of(*from_hex(digits))));
        const std::string head = client.read_until("\r\n\r\n");
        EXPECT_NE(head.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), head.npos);
        const std::string bytes = client.read_bytes(std::string(answer).size() / 2);
        EXPECT_EQ(hex(bytes_of(bytes)), answer) << spaced;
    }
    running.stop();
    kept.reset();
}

TEST(WebSocketServer, CutsOffAPeerThatPingsWithoutReading) {
    Meeting meeting;
    RawClient raw(meeting.http->local());
    raw.send(upgrade);
    meeting.loop.every(1ms, meeting.check);
    meeting.until([&] { return meeting.server.socket != nullptr; });
    std::string pings;
    for (int i = 0; i < 1000; ++i) {
        pings += std::string("\x89\xfd\0\0\0\0", 6) + std::string(125, 'p');
    }
    std::atomic<bool> done = false;
    std::thread flood([&] {
        while (!done) raw.send(pings);
    });
    meeting.until([&] { return meeting.server.code.has_value(); });
    done = true;
    EXPECT_EQ(meeting.server.code, 1006);
    meeting.http.reset();
    std::thread last(
        [&] { meeting.loop.run(); });  // lets the descriptor close, so that send() returns
    flood.join();
    meeting.loop.stop();
    last.join();
}

TEST(WebSocketServer, ServesNodesWebSocket) {
    std::vector<std::unique_ptr<WebSocket>> sockets;
    RunningServer running([&](Request, Responder responder) {
        ASSERT_TRUE(responder.wants_web_socket());
        sockets.push_back(responder.accept_web_socket());
        WebSocket& socket = *sockets.back();
        socket.set_handlers({.on_message =
                                 [&socket](bool binary, Bytes message) {
                                     if (text_of(message) == "end")
                                         return socket.close(4000, "fine");
                                     socket.send(binary, message);
                                 },
                             .on_drained = {},
                             .on_close = {}});
    });
    const std::string script =
        "const s = new WebSocket('" + running.url("ws") +
        "/ws');"
        "s.binaryType = 'arraybuffer'; let seen = '';"
        "s.onopen = () => { s.send('hällo'); s.send(new Uint8Array(300000)); };"
        "s.onmessage = e => { seen += typeof e.data === 'string' ? e.data : ' ' + "
        "e.data.byteLength;"
        "  if (typeof e.data !== 'string') s.send('end'); };"
        "s.onclose = e => process.stdout.write(seen + ' ' + e.code + ' ' + e.reason + ' ' + "
        "e.wasClean);";
    EXPECT_EQ(output_of("node --no-warnings --experimental-websocket -e \"" + script + "\""),
              "hällo 300000 4000 fine true");
    running.stop();
    sockets.clear();
}

}  // namespace
}  // namespace aula::http
