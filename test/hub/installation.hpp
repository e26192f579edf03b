// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../common/folder.hpp"
#include "../common/run_until.hpp"
#include "control/node_link.hpp"
#include "http/client.hpp"
#include "http/web_socket.hpp"
#include "hub/hub.hpp"
#include "net/loop.hpp"
#include "signal/access_token.hpp"

/// A real hub over loopback, with nodes' links that the test plays, for the tests of this folder.
namespace aula::hub::testing {

using aula::test::Folder;
using aula::test::run_until;

/// Plays a conference node: opens what it is told, accepts sockets, answers requests with what the
/// test set.
struct PlayedNode {
    PlayedNode(net::Loop& loop, control::NodeLinkOptions options, std::uint32_t seats = 100);

    void send_events(const std::string& room, std::uint64_t first, std::vector<std::string> events);
    void report(const std::string& room, std::uint32_t participants, bool draining = false);
    void close_room(const std::string& room, const std::string& why);
    void webhook(const std::string& json);

    std::map<std::string, control::OpenRoom> rooms;
    std::vector<control::OpenStream> streams;
    std::map<std::uint32_t, std::vector<std::string>> received;
    std::map<std::uint32_t, std::uint32_t> closed;
    std::vector<control::EventsStored> stored;
    std::map<std::string, std::uint32_t> closed_rooms;              // to the reason
    std::uint32_t refuse_with = 0;                                  // instead of accepting sockets
    std::function<void(const control::OpenStream&)> before_answer;  // answers in place of the node
    bool echo = true;
    std::string answer = "{}";
    std::unique_ptr<control::NodeLink> link;
};

/// A client's socket at the hub.
struct Visitor {
    Visitor(net::Loop& loop, const std::string& url, const http::Headers& headers = {});
    bool is_open() const { return opened && !refused; }

    std::unique_ptr<http::WebSocket> socket;
    bool opened = false;
    std::optional<int> refused;
    std::vector<std::string> messages;
    std::size_t bytes = 0;
    std::optional<std::uint16_t> code;
};

struct Installation {
    explicit Installation(std::function<void(HubOptions&)> change = [](HubOptions&) {});

    void start();
    void restart();
    std::unique_ptr<PlayedNode> add_node(const std::string& name, std::uint32_t seats = 100);
    http::Response call(const std::string& method, const std::string& path,
                        const std::string& body = {}, const http::Headers& headers = {});
    http::Response admin(const std::string& method, const std::string& path,
                         const std::string& body = {});
    std::string web_socket(const std::string& path) const {
        return "ws://" + hub->address().text() + path;
    }
    std::string token(const std::string& room, const std::string& identity,
                      signal::VideoGrant grant = {}) const;

    Folder folder;
    net::Loop loop;
    HubOptions options;
    int nodes_wanted = 0;
    std::unique_ptr<Hub> hub;
    std::unique_ptr<http::Client> client;
};

}  // namespace aula::hub::testing
