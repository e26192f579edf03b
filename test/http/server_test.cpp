// SPDX-License-Identifier: Apache-2.0
#include "http/server.hpp"

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "running_server.hpp"

namespace aula::http {
namespace {

void echo(Request request, Responder responder) {
    responder.answer(text_response(200, request.method + " " + request.path + " " + request.body));
}

std::string get(const std::string& path, const std::string& more = "") {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + more + "\r\n";
}

/// What comes back for these bytes until the server closes.
std::string answers_to(const RunningServer& running, const std::string& text) {
    RawClient client(running.local());
    client.send(text);
    client.end();
    return client.read_all();
}

int status_of_first(const std::string& answers) {
    return answers.size() > 12 ? std::stoi(answers.substr(9, 3)) : 0;
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != text.npos; at += part.size()) ++found;
    return found;
}

TEST(Server, AnswersPipelinedRequestsInOrderOnOneConnection) {
    RunningServer running(echo);
    RawClient client(running.local());
    client.send(get("/1") + "\r\n" + get("/2") +
                "POST /3 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi" +
                get("/4", "Connection: close\r\n") + get("/never"));
    const std::string answers = client.read_all();
    EXPECT_EQ(count(answers, "HTTP/1.1 200 OK"), 4u);
    EXPECT_LT(answers.find("GET /1"), answers.find("GET /2"));
    EXPECT_LT(answers.find("GET /2"), answers.find("POST /3 hi"));
    EXPECT_LT(answers.find("POST /3 hi"), answers.find("GET /4"));
    EXPECT_EQ(answers.find("never"), answers.npos);
    EXPECT_EQ(count(answers, "connection: close"), 1u);
    running.stop();
    EXPECT_EQ(running.server->counters().requests, 4u);
    EXPECT_EQ(running.server->counters().connections, 1u);
}

TEST(Server, KeepsTheOrderWhenAnswersComeLater) {
    std::optional<Responder> waiting;
    RunningServer* server = nullptr;
    RunningServer running([&](Request request, Responder responder) {
        if (request.path != "/slow") return echo(std::move(request), std::move(responder));
        waiting = std::move(responder);
        server->loop.after(10ms, [&] {
            EXPECT_TRUE(waiting->client_is_there());
            waiting->answer(text_response(200, "slow"));
            waiting.reset();
        });
    });
    server = &running;
    RawClient client(running.local());
    client.send(get("/slow") + get("/fast"));
    EXPECT_NE(client.read_until("slow").find("200"), std::string::npos);
    EXPECT_NE(client.read_until("GET /fast").find("200"), std::string::npos);
}

TEST(Server, HoldsBackAClientThatPipelinesWithoutEnd) {
    std::vector<Responder> waiting;
    std::atomic<int> handled = 0;
    RunningServer running([&](Request, Responder responder) {
        ++handled;
        waiting.push_back(std::move(responder));
    });
    RawClient client(running.local());
    std::string flood;
    for (int i = 0; i < 3000; ++i) flood += get("/flood", "X: " + std::string(20, 'x') + "\r\n");
    client.send(flood);
    while (handled == 0) std::this_thread::yield();
    running.stop();
    EXPECT_EQ(handled, 1);  // one at a time
    running.server.reset();
    waiting.clear();
}

TEST(Server, SendsNoBodyToHead) {
    RunningServer running(echo);
    const std::string answer =
        answers_to(running, "HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(status_of_first(answer), 200);
    EXPECT_NE(answer.find("content-length: 8\r\n"), answer.npos);
    EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST(Server, TellsAClientToContinueBeforeTheBodyButNotWhenItIsTooLarge) {
    RunningServer running(echo, {.body_bytes = 10});
    RawClient client(running.local());
    client.send("PUT /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("hello");
    EXPECT_EQ(status_of_first(client.read_until("PUT /x hello")), 200);
    client.send("PUT /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n");
    EXPECT_EQ(status_of_first(client.read_all()), 413);
}

TEST(Server, RefusesBadInputWithItsStatusAndCounts) {
    RunningServer running(echo, {.header_bytes = 4096, .body_bytes = 100});
    EXPECT_EQ(status_of_first(answers_to(running, "garbage\r\n\r\n")), 400);
    EXPECT_EQ(status_of_first(answers_to(running, get("/%00"))), 400);
    EXPECT_EQ(status_of_first(answers_to(running, get("/" + std::string(5000, 'x')))), 414);
    EXPECT_EQ(
        status_of_first(answers_to(running, get("/", "X: " + std::string(5000, 'x') + "\r\n"))),
        431);
    EXPECT_EQ(status_of_first(
                  answers_to(running, "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n")),
              413);
    std::string random(20'000, '\0');
    for (std::size_t i = 0; i < random.size(); ++i) random[i] = static_cast<char>(i * i % 251);
    EXPECT_EQ(status_of_first(answers_to(running, random)), 400);
    EXPECT_EQ(answers_to(running, "GET / HT"), "");  // ended too early for any answer
    running.stop();
    EXPECT_EQ(running.server->counters().malformed, 3u);
    EXPECT_EQ(running.server->counters().too_large, 3u);
    EXPECT_EQ(running.server->counters().requests, 0u);
}

TEST(Server, EndsASlowRequestWith408AndAnIdleConnectionSilently) {
    RunningServer running(echo,
                          {.idle = std::chrono::seconds(1), .request = std::chrono::seconds(1)});
    RawClient slow(running.local());
    RawClient slow_body(running.local());
    RawClient idle(running.local());
    slow.send("GET / HTTP/1.1\r\n");
    slow_body.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhalf");
    EXPECT_EQ(status_of_first(slow.read_all()), 408);
    EXPECT_EQ(status_of_first(slow_body.read_all()), 408);
    EXPECT_EQ(idle.read_all(), "");
    running.stop();
    EXPECT_EQ(running.server->counters().timed_out, 2u);
}

TEST(Server, Answers503OverItsConnectionLimit) {
    RunningServer running(echo, {.connections = 1});
    RawClient first(running.local());
    first.send(get("/"));
    first.read_until("GET / ");
    RawClient second(running.local());
    EXPECT_EQ(status_of_first(second.read_all()), 503);
    first.send(get("/again", "Connection: close\r\n"));
    EXPECT_EQ(status_of_first(first.read_all()), 200);
    running.stop();
    EXPECT_EQ(running.server->counters().refused, 1u);
}

TEST(Server, UnfinishedRequestsTogetherHoldNoMoreThanTheirShare) {
    RunningServer running(echo, {.connections = 10});  // 80 KiB
    const std::string put = "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n";
    RawClient alone(running.local());
    alone.send(put + std::string(100'000, 'x'));
    EXPECT_EQ(status_of_first(alone.read_all()), 503);

    RawClient first(running.local());
    RawClient other(running.local());
    first.send(put + std::string(60'000, 'x'));
    for (int turn = 0; turn < 30; ++turn) {  // meanwhile all of the first one's bytes are taken
        other.send(get("/short"));
        EXPECT_EQ(status_of_first(other.read_until("GET /short ")), 200);
    }
    RawClient second(running.local());
    second.send(put + std::string(60'000, 'x'));
    EXPECT_EQ(status_of_first(second.read_all()), 503);
    first.end();
    EXPECT_EQ(first.read_all(), "");
    RawClient third(running.local());  // there is room again
    third.send("PUT /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 60000\r\n\r\n" +
               std::string(60'000, 'x'));
    EXPECT_EQ(status_of_first(third.read_all()), 200);
    running.stop();
    EXPECT_EQ(running.server->counters().refused, 2u);
}

TEST(Server, ADroppedResponderAnswers500) {
    RunningServer running([](Request, Responder) {});
    EXPECT_EQ(status_of_first(answers_to(running, get("/", "Connection: close\r\n"))), 500);
}

TEST(Server, AnsweringAClientThatHasGoneDoesNothing) {
    net::Loop loop;
    std::optional<Responder> waiting;
    auto server = Server::open(loop, *net::Address::of("127.0.0.1", 0), {},
                               [&](Request, Responder responder) {
                                   waiting = std::move(responder);
                                   loop.stop();
                               });
    ASSERT_TRUE(server);
    auto client = std::make_optional<RawClient>((*server)->local());
    client->send(get("/"));
    loop.run();
    ASSERT_TRUE(waiting->client_is_there());
    client.reset();
    loop.every(1ms, [&] {
        if (!waiting->client_is_there()) loop.stop();
    });
    loop.run();
    waiting->answer(text_response(200, "nobody"));
    waiting->answer(text_response(200, "twice"));
}

TEST(Server, MayDieInItsOwnHandler) {
    net::Loop loop;
    std::unique_ptr<Server> server;
    auto opened = Server::open(loop, *net::Address::of("127.0.0.1", 0), {},
                               [&](Request, Responder responder) {
                                   server.reset();
                                   responder.answer(text_response(200, "too late"));
                                   loop.stop();
                               });
    server = std::move(*opened);
    RawClient client(server->local());
    client.send(get("/1") + get("/2"));
    loop.run();
    EXPECT_EQ(client.read_all(), "");
}

TEST(Server, StopsAcceptingButAnswersWhatIsOpen) {
    net::Loop loop;
    std::optional<Responder> waiting;
    auto server = *Server::open(loop, *net::Address::of("127.0.0.1", 0), {},
                                [&](Request, Responder responder) {
                                    waiting = std::move(responder);
                                    loop.stop();
                                });
    RawClient idle(server->local());
    RawClient client(server->local());
    client.send(get("/"));
    loop.run();
    server->stop_accepting();
    waiting->answer(text_response(200, "done"));
    std::thread running([&] { loop.run(); });
    const std::string answer = client.read_all();
    EXPECT_EQ(status_of_first(answer), 200);
    EXPECT_NE(answer.find("connection: close"), answer.npos);
    EXPECT_EQ(idle.read_all(), "");
    loop.stop();
    running.join();
}

TEST(Server, SendsALargeBodyToASlowReader) {
    const std::string large(20 << 20, 'L');
    RunningServer running(
        [&](Request, Responder responder) { responder.answer(text_response(200, large)); });
    RawClient client(running.local());
    client.send(get("/", "Connection: close\r\n"));
    const std::string answer = client.read_all();
    EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, large.size());
}

TEST(Server, ServesCurl) {
    RunningServer running(echo);
    const std::string base = "curl -s -S --max-time 20 " + running.url();
    EXPECT_EQ(output_of(base + "/a%20b?c"), "GET /a b ");
    EXPECT_EQ(output_of(base + "/1 " + running.url() + "/2"), "GET /1 GET /2 ");
    EXPECT_EQ(output_of(base + "/x -d hello=1"), "POST /x hello=1");
    EXPECT_EQ(output_of(base + "/x -X PUT -H 'Transfer-Encoding: chunked' -d chunky"),
              "PUT /x chunky");
    EXPECT_EQ(output_of(base + "/x -0 -w %{http_version}"), "GET /x 1.1");
    EXPECT_EQ(status_of_first(output_of(base + "/x -I")), 200);
    EXPECT_EQ(output_of("head -c 2000000 /dev/zero | tr '\\0' y | " + base +
                        "/ --data-binary @- -H 'Expect: 100-continue' | wc -c | tr -d '\\n '"),
              "2000007");
    running.stop();
    EXPECT_EQ(running.server->counters().malformed, 0u);
}

TEST(Server, ServesNodesFetch) {
    RunningServer running(echo);
    EXPECT_EQ(output_of("node --no-warnings -e \"fetch('" + running.url() +
                        "/x', {method: 'POST', body: 'from node'}).then(r => r.text())"
                        ".then(t => process.stdout.write(t))\""),
              "POST /x from node");
}

}  // namespace
}  // namespace aula::http
