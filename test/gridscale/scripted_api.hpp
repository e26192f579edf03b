// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "http/server.hpp"
#include "net/loop.hpp"

namespace aula::gridscale {

/// An API that gives prepared answers in order and remembers what it was asked.
struct ScriptedApi {
    explicit ScriptedApi(net::Loop& loop) {
        server =
            std::move(*http::Server::open(loop, *net::Address::of("127.0.0.1", 0), {},
                                          [this](http::Request request, http::Responder responder) {
                                              asked.push_back(std::move(request));
                                              auto next =
                                                  answers.front();  // the last one again and again
                                              if (answers.size() > 1) answers.pop_front();
                                              responder.answer(std::move(next));
                                          }));
    }
    void will(int status, std::string body = {}, std::string request_id = {}) {
        http::Response response;
        response.status = status;
        response.body = std::move(body);
        if (!request_id.empty()) response.headers.set("x-request-id", request_id);
        answers.push_back(std::move(response));
    }
    /// What was asked, "GET /objects/servers" and so on.
    std::vector<std::string> lines() const {
        std::vector<std::string> all;
        for (const auto& request : asked) all.push_back(request.method + ' ' + request.path);
        return all;
    }
    std::deque<http::Response> answers;
    std::vector<http::Request> asked;
    std::unique_ptr<http::Server> server;
};

}  // namespace aula::gridscale
