// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "http/message.hpp"
#include "net/loop.hpp"

namespace aula::http {

struct Call {
    std::string method = "GET";
    std::string url;
    Headers headers;
    std::string body;
    std::chrono::milliseconds timeout{10'000};
    std::size_t answer_bytes = 8 << 20;  // a longer answer is an error
};

/// Outgoing HTTP(S) by libcurl on a thread of its own; answers arrive on the given loop.
class Client {
public:
    using Answered = std::function<void(Expected<Response, Error>)>;

    explicit Client(net::Loop& loop);
    ~Client();  // calls under way are given up, their callbacks never run
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Any HTTP status is an answer; an Error is: no connection, time-out, answer too long.
    /// Redirects are not followed.
    void start(Call call, Answered answered);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace aula::http
