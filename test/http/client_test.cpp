// SPDX-License-Identifier: Apache-2.0
#include "http/client.hpp"

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "running_server.hpp"

namespace aula::http {
namespace {

/// A client and a loop to run it on until its calls are answered.
struct Caller {
    Expected<Response, Error> call(Call what) {
        std::optional<Expected<Response, Error>> outcome;
        client.start(std::move(what), [&](Expected<Response, Error> answer) {
            EXPECT_TRUE(loop.is_current());
            outcome = std::move(answer);
            loop.stop();
        });
        loop.run();
        return *outcome;
    }
    net::Loop loop;
    Client client{loop};
};

Call call_to(const std::string& url, const std::string& method = "GET",
             const std::string& body = "") {
    Call call;
    call.method = method;
    call.url = url;
    call.body = body;
    return call;
}

TEST(Client, CarriesMethodHeadersAndBodyBothWays) {
    RunningServer running([](Request request, Responder responder) {
        const std::string* token = request.headers.find("x-auth-token");
        EXPECT_EQ(request.headers.find("expect"), nullptr);
        Response response = json_response(request.method == "DELETE" ? 404 : 202,
                                          request.method + " " + request.path + " " + request.body);
        response.headers.set("x-token", token != nullptr ? *token : "none");
        responder.answer(std::move(response));
    });
    Caller caller;
    for (const std::string method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
        Call call = call_to(running.url() + "/objects", method, method == "GET" ? "" : "{}");
        call.headers.set("x-auth-token", "secret");
        call.headers.set("x-split", "a\r\nx-evil: b");
        const auto answer = caller.call(std::move(call));
        ASSERT_TRUE(answer) << answer.error().text;
        EXPECT_EQ(answer->status, method == "DELETE" ? 404 : 202);
        EXPECT_EQ(answer->body, method + " /objects " + (method == "GET" ? "" : "{}"));
        EXPECT_EQ(*answer->headers.find("x-token"), "secret");
        EXPECT_EQ(*answer->headers.find("content-type"), "application/json");
    }
    EXPECT_EQ(caller.call(call_to(running.url() + "/x", "HEAD"))->body, "");
}

TEST(Client, SendsNothingTwiceThatChangesSomething) {
    std::atomic<int> changes = 0;
    RunningServer running([&](Request request, Responder responder) {
        if (request.method == "GET") return responder.answer(text_response(200, "ok"));
        ++changes;
        responder.hang_up();
    });
    Caller caller;
    EXPECT_TRUE(caller.call(call_to(running.url() + "/")));  // leaves a connection to be used again
    EXPECT_FALSE(caller.call(call_to(running.url() + "/", "POST", "{}")));
    EXPECT_EQ(changes, 1);
}

TEST(Client, DoesNotFollowRedirects) {
    RunningServer running([](Request, Responder responder) {
        Response response{302, {}, ""};
        response.headers.set("location", "http://127.0.0.1:1/");
        responder.answer(std::move(response));
    });
    Caller caller;
    const auto answer = caller.call(call_to(running.url()));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 302);
    EXPECT_EQ(*answer->headers.find("location"), "http://127.0.0.1:1/");
}

TEST(Client, TellsTimeOutRefusalAndTooLongApart) {
    std::vector<Responder> silent;
    RunningServer running([&](Request request, Responder responder) {
        if (request.path == "/silent") return silent.push_back(std::move(responder));
        responder.answer(text_response(200, std::string(1000, 'x')));
    });
    Caller caller;
    Call slow = call_to(running.url() + "/silent");
    slow.timeout = std::chrono::milliseconds(50);
    EXPECT_EQ(caller.call(std::move(slow)).error().code, ErrorCode::timeout);
    Call greedy = call_to(running.url() + "/long");
    greedy.answer_bytes = 999;
    EXPECT_EQ(caller.call(greedy).error().code, ErrorCode::invalid);
    greedy.answer_bytes = 1000;
    EXPECT_EQ(caller.call(greedy)->body.size(), 1000u);
    EXPECT_EQ(caller.call(call_to("file:///etc/hostname")).error().code, ErrorCode::invalid);
    const std::string url = running.url();
    running.stop();
    running.server.reset();
    EXPECT_EQ(caller.call(call_to(url)).error().code, ErrorCode::unavailable);
    silent.clear();
}

TEST(Client, CarriesManyCallsAtOnce) {
    RunningServer running([](Request request, Responder responder) {
        responder.answer(text_response(200, request.path));
    });
    Caller caller;
    int open = 200;
    for (int i = 0; i < 200; ++i) {
        caller.client.start(call_to(running.url() + "/" + std::to_string(i)),
                            [&, i](Expected<Response, Error> answer) {
                                ASSERT_TRUE(answer) << answer.error().text;
                                EXPECT_EQ(answer->body, "/" + std::to_string(i));
                                if (--open == 0) caller.loop.stop();
                            });
    }
    caller.loop.run();
    EXPECT_EQ(open, 0);
}

TEST(Client, GivesUpItsCallsWhenItDies) {
    std::vector<Responder> silent;
    RunningServer running(
        [&](Request, Responder responder) { silent.push_back(std::move(responder)); });
    net::Loop loop;
    {
        Client client(loop);
        client.start(call_to(running.url()), [](Expected<Response, Error>) { ADD_FAILURE(); });
        client.start(call_to("file:///refused/at/once"),
                     [](Expected<Response, Error>) { ADD_FAILURE(); });
    }
    loop.post([&] { loop.stop(); });
    loop.run();
    running.stop();
    silent.clear();
}

}  // namespace
}  // namespace aula::http
