// SPDX-License-Identifier: Apache-2.0
// A real node and the hub's end of its link.
#include <map>

#include <gtest/gtest.h>

#include "../common/run_until.hpp"
#include "control/hub_links.hpp"
#include "crypto/certificate.hpp"
#include "node/node.hpp"
#include "signal/access_token.hpp"
#include "signal/livekit.pb.h"

namespace aula::node {
namespace {

struct ClosingTest : ::testing::Test {
    ClosingTest() {
        control::HubLinks::Handlers handlers;
        handlers.make_welcome = [](const std::string&) {
            control::Welcome welcome;
            (*welcome.mutable_livekit_keys())["key"] = secret;
            return welcome;
        };
        handlers.on_node_up = [this](const std::string&, const control::Hello&) { up = true; };
        handlers.on_node_down = [](const std::string&) {};
        handlers.on_message = [this](const std::string&, const control::ToHub& message) {
            if (message.has_room_closed()) said.push_back("closed");
        };
        links = control::HubLinks::open(
                    loop, *net::Address::of("127.0.0.1", 0), authority.certificate_pem,
                    *crypto::issue(authority, "hub", "127.0.0.1"), std::move(handlers))
                    .value();
        NodeOptions options;
        options.link = {links->local().text(), authority.certificate_pem,
                        *crypto::issue(authority, "node-1")};
        options.media = *net::Address::of("127.0.0.1", 0);
        node = std::move(*Node::start(loop, std::move(options)));
    }

    template <class Condition>
    bool until(Condition condition) {
        return test::run_until(loop, std::move(condition));
    }
    void order(const control::ToNode& message) { links->send("node-1", message); }
    void open_stream() {
        signal::AccessToken token;
        token.key_id = "key";
        token.identity = "anna";
        token.video.room = "room";
        token.video.room_join = true;
        token.expires = WallClock::now() + 10min;
        control::OpenStream open;
        open.set_room("room");
        open.set_path("/rtc");
        open.set_query("protocol=16&access_token=" + signal::mint(token, secret));
        links->open_stream("node-1", std::move(open),
                           {.on_accepted = [this] { said.push_back("accepted"); },
                            .on_answered =
                                [this](const control::StreamAnswered& answer) {
                                    said.push_back(std::to_string(answer.status()));
                                },
                            .on_message = [](bool, Bytes) {},
                            .on_closed = [](std::uint32_t, const std::string&) {}});
    }

    static constexpr const char* secret = "a secret of thirty-two characters";
    net::Loop loop;
    crypto::Certificate authority = crypto::make_authority("aula test");
    bool up = false;
    std::vector<std::string> said;
    std::unique_ptr<control::HubLinks> links;
    std::unique_ptr<Node> node;
};

TEST_F(ClosingTest, WhoComesWhileARoomClosesIsSentBackOnceTheHubKnowsOfTheClose) {
    ASSERT_TRUE(until([&] { return up; }));
    control::ToNode open, close;
    open.mutable_open_room()->set_room("room");
    close.mutable_close_room()->set_room("room");
    close.mutable_close_room()->set_reason(livekit::ROOM_CLOSED);
    // The stream overtakes the close on the node: its room's thread has gone by the time it knocks.
    order(open);
    order(close);
    open_stream();
    ASSERT_TRUE(until([&] { return said.size() >= 2; }));
    EXPECT_EQ(said, (std::vector<std::string>{"closed", "503"}));
    said.clear();
    order(open);
    open_stream();
    ASSERT_TRUE(until([&] { return !said.empty(); }));
    EXPECT_EQ(said, std::vector<std::string>{"accepted"});
}

}  // namespace
}  // namespace aula::node
