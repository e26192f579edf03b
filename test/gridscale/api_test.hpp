// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "gridscale/project.hpp"
#include "scripted_api.hpp"

namespace aula::gridscale {

/// A project at a scripted API. Tries, and looks at jobs, follow each other fast.
class ApiTest : public testing::Test {
protected:
    ApiTest() {
        options.base_url = "http://" + api.server->local().text();
        options.credentials = {"user-1", "token-of-nobody-else"};
        options.retry = {2, 1ms, 2ms};
        options.poll = 1ms;
        options.longest_job = 2s;
        connect();
        loop.after(20s, [this] { loop.stop(); });
    }
    /// Again, when a test has other options.
    void connect() {
        project.reset();
        connection = std::make_unique<Connection>(loop, client, options);
        project = std::make_unique<Project>(*connection);
    }
    template <class T>
    auto into(std::optional<Expected<T, Error>>& outcome) {
        return [this, &outcome](Expected<T, Error> answer) {
            outcome = std::move(answer);
            loop.stop();
        };
    }

    net::Loop loop;
    http::Client client{loop};
    ScriptedApi api{loop};
    ConnectionOptions options;
    std::unique_ptr<Connection> connection;
    std::unique_ptr<Project> project;
};

}  // namespace aula::gridscale
