// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <string>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "crypto/certificate.hpp"
#include "net/loop.hpp"
#include "net/tcp.hpp"

namespace aula::net {
namespace {

/// What one end saw.
struct End {
    std::unique_ptr<Stream> stream;
    std::string text;
    int opened = 0;
    int drained = 0;
    std::optional<std::string> closed;

    Stream::Handlers handlers(std::function<void()> on_change = [] {}) {
        return {.on_open =
                    [this, on_change] {
                        ++opened;
                        on_change();
                    },
                .on_bytes =
                    [this, on_change](Bytes bytes) {
                        text += text_of(bytes);
                        on_change();
                    },
                .on_drained =
                    [this, on_change] {
                        ++drained;
                        on_change();
                    },
                .on_close =
                    [this, on_change](const std::string& why) {
                        EXPECT_FALSE(closed);
                        closed = why;
                        on_change();
                    }};
    }
};

/// A listener and both ends of one connection on one loop.
struct Line {
    explicit Line(SSL_CTX* server_tls = nullptr, SSL_CTX* client_tls = nullptr,
                  const std::string& name = {}) {
        auto opened = Listener::open(
            loop, *Address::of("127.0.0.1", 0), [this, server_tls](int fd, const Address& peer) {
                server.stream = Stream::accepted(loop, fd, peer, server_tls);
                server.stream->set_handlers(server.handlers(check));
            });
        EXPECT_TRUE(opened);
        listener = std::move(*opened);
        client.stream = Stream::connect(loop, listener->local(), client_tls, name);
        client.stream->set_handlers(client.handlers(check));
    }
    /// Turns the loop until the condition holds; a test that waits in vain fails instead of
    /// hanging.
    void until(std::function<bool()> wanted) {
        condition = std::move(wanted);
        const TimerId limit = loop.after(20s, [this] {
            ADD_FAILURE() << "waited in vain";
            loop.stop();
        });
        if (!condition()) loop.run();
        loop.cancel(limit);
        condition = [] { return false; };
    }

    Loop loop;
    std::function<bool()> condition = [] { return false; };
    std::function<void()> check = [this] {
        if (condition()) loop.stop();
    };
    End server;
    End client;
    std::unique_ptr<Listener> listener;
};

TEST(Stream, BothEndsOpenAndExchangeBytes) {
    Line line;
    line.client.stream->write(bytes_of("early"));  // before the connection is there
    EXPECT_EQ(line.client.stream->buffered(), 5u);
    line.until([&] { return line.server.text == "early" && line.client.drained == 1; });
    EXPECT_EQ(line.server.opened, 1);
    EXPECT_EQ(line.client.opened, 1);
    EXPECT_EQ(line.client.stream->buffered(), 0u);
    line.server.stream->write(bytes_of("hello"));
    line.until([&] { return line.client.text == "hello"; });
    EXPECT_EQ(line.client.stream->peer(), line.listener->local());
    EXPECT_TRUE(line.server.stream->peer().is_loopback());
    EXPECT_EQ(line.server.stream->peer_certificate_name(), "");
}

TEST(Stream, FinishSendsAllThatIsBufferedBeforeItCloses) {
    Line line;
    line.until([&] { return line.client.opened == 1 && line.server.opened == 1; });
    const std::string large(8 << 20, 'x');
    line.server.stream->write(bytes_of(large));
    EXPECT_GT(line.server.stream->buffered(), 0u);
    line.server.stream->finish();
    line.server.stream->write(bytes_of("too late"));
    line.until([&] { return line.client.closed.has_value(); });
    EXPECT_EQ(line.client.text.size(), large.size());
    EXPECT_EQ(*line.client.closed, "");
    line.client.stream.reset();
    line.until([&] { return line.server.closed.has_value(); });
    EXPECT_EQ(*line.server.closed, "");
}

TEST(Stream, APausedReaderHoldsTheWriterUntilItResumes) {
    Line line;
    line.until([&] { return line.client.opened == 1 && line.server.opened == 1; });
    line.client.stream->pause_reading();
    const std::string large(16 << 20, 'x');
    line.server.stream->write(bytes_of(large));
    bool looked = false;
    line.loop.after(20ms, [&] {
        looked = true;
        line.check();
    });
    line.until([&] { return looked; });
    EXPECT_EQ(line.client.text.size(), 0u);
    EXPECT_GT(line.server.stream->buffered(), 0u);
    line.client.stream->resume_reading();
    line.until([&] { return line.client.text.size() == large.size() && line.server.drained == 1; });
    EXPECT_EQ(line.server.stream->buffered(), 0u);
}

TEST(Stream, AnEndThatStillHasToSendOutlivesThePeersHalfClose) {
    Line line;
    line.until([&] { return line.client.opened == 1 && line.server.opened == 1; });
    line.client.stream->pause_reading();
    line.server.stream->write(bytes_of(std::string(8 << 20, 'x')));
    ASSERT_GT(line.server.stream->buffered(), 0u);
    line.client.stream->resume_reading();
    line.client.stream->finish();
    line.until([&] { return line.server.closed.has_value(); });
    EXPECT_EQ(*line.server.closed, "");
}

TEST(Stream, AnyCallbackMayDestroyTheStream) {
    for (const std::string where : {"open", "bytes", "close"}) {
        Loop loop;
        std::unique_ptr<Stream> stream;
        const auto destroy = [&](const std::string& here, const std::shared_ptr<int>& marker) {
            if (here != where) return;
            stream.reset();
            loop.stop();
            EXPECT_EQ(*marker, 5);  // the callback itself still lives
        };
        const auto listener =
            Listener::open(loop, *Address::of("127.0.0.1", 0), [&](int fd, const Address& peer) {
                stream = Stream::accepted(loop, fd, peer, nullptr);
                const auto marker = std::make_shared<int>(5);
                stream->set_handlers(
                    {.on_open = [&, marker] { destroy("open", marker); },
                     .on_bytes = [&, marker](Bytes) { destroy("bytes", marker); },
                     .on_drained = {},
                     .on_close = [&, marker](const std::string&) { destroy("close", marker); }});
            });
        const auto client = Stream::connect(loop, (*listener)->local(), nullptr);
        client->write(bytes_of("data"));
        client->finish();
        loop.run();
        EXPECT_EQ(stream, nullptr);
    }
}

TEST(Stream, AbortCallsNothingAndThePeerSeesTheEnd) {
    Line line;
    line.until([&] { return line.client.opened == 1 && line.server.opened == 1; });
    line.server.stream->abort();
    line.until([&] { return line.client.closed.has_value(); });
    EXPECT_FALSE(line.server.closed);
    line.server.stream->write(bytes_of("into nothing"));
    line.server.stream->finish();
    line.server.stream->pause_reading();
}

TEST(Stream, AResetComesAsAReason) {
    Line line;
    line.until([&] { return line.client.opened == 1 && line.server.opened == 1; });
    // Closing with unread bytes resets the connection.
    line.server.stream->pause_reading();
    line.client.stream->write(bytes_of("unread"));
    bool later = false;
    line.loop.after(5ms, [&] {
        later = true;
        line.check();
    });
    line.until([&] { return later; });
    line.server.stream.reset();
    line.until([&] { return line.client.closed.has_value(); });
    EXPECT_NE(*line.client.closed, "");
}

TEST(Stream, ConnectingToAClosedPortEndsInOnClose) {
    Line line;
    line.until([&] { return line.client.opened == 1; });
    const Address free_now = line.listener->local();
    line.listener.reset();
    End end;
    end.stream = Stream::connect(line.loop, free_now, nullptr);
    end.stream->set_handlers(end.handlers(line.check));
    end.stream->write(bytes_of("x"));
    end.stream->pause_reading();
    line.until([&] { return end.closed.has_value(); });
    EXPECT_EQ(end.opened, 0);
    EXPECT_NE(*end.closed, "");
    EXPECT_FALSE(Stream::connect(line.loop, *Address::of("::", 0), nullptr) == nullptr);
}

TEST(Stream, OneThatWasLetGoStillDeliversWhatItHeld) {
    Line line;
    line.until([&] { return line.client.opened == 1 && line.server.opened == 1; });
    line.server.stream->write(bytes_of(std::string(8 << 20, 'y')));
    Stream::let_go(std::move(line.server.stream));
    line.until([&] { return line.client.closed.has_value(); });
    EXPECT_EQ(line.client.text.size(), std::size_t{8 << 20});
}

TEST(Listener, ReportsATakenPort) {
    Loop loop;
    const auto first =
        Listener::open(loop, *Address::of("127.0.0.1", 0), [](int, const Address&) {});
    ASSERT_TRUE(first);
    const auto second = Listener::open(loop, (*first)->local(), [](int, const Address&) {});
    ASSERT_FALSE(second);
    EXPECT_NE(second.error().text.find((*first)->local().text()), std::string::npos);
}

/// An authority and a context for each role.
struct Contexts {
    explicit Contexts(const std::string& name, const std::string& alternative) {
        const auto server_own = crypto::issue(authority, name, alternative);
        const auto client_own = crypto::issue(authority, "the client");
        server = *crypto::mutual_tls(authority.certificate_pem, *server_own, true);
        client = *crypto::mutual_tls(authority.certificate_pem, *client_own, false);
    }
    crypto::Certificate authority = crypto::make_authority("the school");
    crypto::TlsContext server;
    crypto::TlsContext client;
};

TEST(StreamTls, BothSidesKnowEachOtherByName) {
    const Contexts contexts("the hub", "hub.example");
    Line line(contexts.server.get(), contexts.client.get(), "hub.example");
    line.client.stream->write(bytes_of("early"));
    line.until([&] { return line.server.text == "early"; });
    EXPECT_EQ(line.server.stream->peer_certificate_name(), "the client");
    EXPECT_EQ(line.client.stream->peer_certificate_name(), "the hub");
    const std::string large(4 << 20, 'z');
    line.server.stream->write(bytes_of(large));
    line.server.stream->finish();
    line.until([&] { return line.client.closed.has_value(); });
    EXPECT_EQ(line.client.text.size(), large.size());
    EXPECT_EQ(*line.client.closed, "");
}

TEST(StreamTls, APausedReaderGetsTheRestWhenItResumes) {
    const Contexts contexts("the hub", "127.0.0.1");
    Line line(contexts.server.get(), contexts.client.get(), "127.0.0.1");
    line.until([&] { return line.client.opened == 1 && line.server.opened == 1; });
    Stream& reader = *line.client.stream;
    Stream::Handlers handlers = line.client.handlers(line.check);
    handlers.on_bytes = [&](Bytes bytes) {
        line.client.text += text_of(bytes);
        reader.pause_reading();  // after every piece
        line.loop.after(0ms, [&] { reader.resume_reading(); });
        line.check();
    };
    reader.set_handlers(std::move(handlers));
    line.server.stream->write(bytes_of(std::string(300'000, 'p')));
    line.until([&] { return line.client.text.size() == 300'000u; });
}

TEST(StreamTls, RefusesAnotherNameAndAnotherAuthority) {
    const Contexts ours("the hub", "hub.example");
    const Contexts theirs("the hub", "hub.example");
    {
        Line line(ours.server.get(), ours.client.get(), "other.example");
        line.until([&] { return line.client.closed.has_value(); });
        EXPECT_EQ(line.client.opened, 0);
        EXPECT_NE(line.client.closed->find("TLS"), std::string::npos) << *line.client.closed;
    }
    Line line(ours.server.get(), theirs.client.get(), "hub.example");
    line.until([&] { return line.client.closed.has_value() && line.server.closed.has_value(); });
    EXPECT_EQ(line.client.opened, 0);
    EXPECT_EQ(line.server.opened, 0);
}

TEST(StreamTls, AClientWithoutOurCertificateGetsNoBytesThrough) {
    const Contexts ours("the hub", "hub.example");
    const Contexts theirs("the hub", "hub.example");
    const auto foreign = crypto::issue(theirs.authority, "a stranger");
    // Trusts our authority, but shows a certificate of another.
    const auto context = crypto::mutual_tls(ours.authority.certificate_pem, *foreign, false);
    ASSERT_TRUE(context);
    Line line(ours.server.get(), context->get(), "hub.example");
    line.client.stream->write(bytes_of("let me in"));
    line.until([&] { return line.server.closed.has_value() && line.client.closed.has_value(); });
    EXPECT_EQ(line.server.opened, 0);
    EXPECT_EQ(line.server.text, "");
}

TEST(StreamTls, GarbageInsteadOfAHandshakeCloses) {
    const Contexts contexts("the hub", "hub.example");
    Line line(contexts.server.get(), nullptr);
    line.client.stream->write(bytes_of("GET / HTTP/1.1\r\n\r\n"));
    line.until([&] { return line.server.closed.has_value(); });
    EXPECT_EQ(line.server.opened, 0);
    EXPECT_NE(*line.server.closed, "");
}

}  // namespace
}  // namespace aula::net
