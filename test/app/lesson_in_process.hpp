// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "../common/folder.hpp"
#include "../common/run_until.hpp"
#include "dtls/connection.hpp"
#include "hub/hub.hpp"
#include "net/loop.hpp"
#include "node/node.hpp"
#include "participant/client.hpp"
#include "signal/access_token.hpp"

namespace aula::app::testing {

/// A hub and a node on this loop, over loopback, and participants who join them.
struct LessonInProcess {
    explicit LessonInProcess(const std::string& media = "127.0.0.1:0",
                             const std::vector<net::Address>& advertised = {}) {
        hub::HubOptions options;
        options.listen = options.node_link = *net::Address::parse("127.0.0.1:0");
        options.data_dir = folder.path;
        options.livekit_keys = {{"key", secret}};
        hub = std::move(*hub::Hub::start(loop, options));
        node::NodeOptions of_node;
        of_node.link = *hub->invite_node("node-1", "127.0.0.1");
        of_node.media = *net::Address::parse(media);
        of_node.advertised = advertised;
        of_node.metrics = *net::Address::parse("127.0.0.1:0");
        node = std::move(*node::Node::start(loop, of_node));
        EXPECT_TRUE(run_until([&] { return hub->nodes().size() == 1; }));
    }

    template <class Condition>
    [[nodiscard]] bool run_until(Condition condition) {
        return aula::test::run_until(loop, std::move(condition));
    }

    std::string token(const std::string& identity) const {
        signal::AccessToken token;
        token.key_id = "key";
        token.identity = identity;
        token.video.room = "lesson";
        token.video.room_join = true;
        token.expires = WallClock::now() + std::chrono::minutes(5);
        return signal::mint(token, secret);
    }

    std::unique_ptr<participant::Client> join(const std::string& identity,
                                              participant::Client::Handlers handlers = {}) {
        participant::ClientOptions options;
        options.url = "ws://" + hub->address().text();
        options.token = token(identity);
        options.media = *net::Address::parse(media_of_clients);
        return std::move(*participant::Client::join(loop, dtls, options, std::move(handlers)));
    }

    std::string media_of_clients = "127.0.0.1:0";
    const std::string secret = "a secret of thirty-two characters";
    aula::test::Folder folder;
    net::Loop loop;
    dtls::Identity dtls;
    std::unique_ptr<hub::Hub> hub;
    std::unique_ptr<node::Node> node;
};

}  // namespace aula::app::testing
