// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "control/hub_links.hpp"
#include "gridscale/project.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "hub/accounts.hpp"
#include "hub/api.hpp"
#include "hub/demand.hpp"
#include "hub/event_log.hpp"
#include "hub/hub.hpp"
#include "hub/keeper.hpp"
#include "hub/ledger_keeping.hpp"
#include "hub/operator_api.hpp"
#include "hub/pages.hpp"
#include "hub/relay.hpp"
#include "hub/room_service.hpp"
#include "hub/rooms.hpp"
#include "hub/secrets.hpp"
#include "hub/timetables.hpp"
#include "hub/webhooks.hpp"
#include "store/store.hpp"

namespace aula::hub {

/// The hub's parts. hub.cpp puts them together, requests.cpp leads requests to them, nodes.cpp what
/// nodes say.
struct Hub::State {
    State(net::Loop& l, HubOptions o) : loop(l), options(std::move(o)) {}

    ~State() {
        loop.cancel(tidy);
        loop.cancel(forgetting);
    }

    Expected<void, Error> start();
    Expected<void, Error> start_links();
    Expected<void, Error> start_parts();
    void wire_placing(Rooms::Wiring& placing);
    Expected<void, Error> load_city();
    void make_keeper();
    void forget_old();
    void finish_stop(Time until, std::function<void()> done);

    void handle(http::Request request, http::Responder responder);
    /// Paths that the hub answers by itself, at once.
    std::optional<http::Response> answer_here(const http::Request& request) const;
    std::string metrics() const;

    void on_node_up(const std::string& node, const control::Hello& hello);
    void on_node_down(const std::string& node);
    void on_node_message(const std::string& node, const control::ToHub& message);
    void on_lesson_events(const std::string& node, const control::LessonEvents& received);
    void on_events_stored(const std::string& node, const control::LessonEvents& stored);
    void on_room_closed(const std::string& node, const control::RoomClosed& closed);
    void on_webhook(const std::string& json);
    bool ask_for_events(const std::string& room);
    void say_stored(const std::string& node, const control::LessonEvents& events);
    void ask_who_is_there(const std::string& node, const std::string& room);
    std::optional<control::OpenRoom> describe(const std::string& room) const;

    net::Loop& loop;
    HubOptions options;
    std::string public_url;
    std::string node_host;
    Keys keys;
    Secrets secrets;
    Pages pages;
    bool stopping = false;
    net::TimerId tidy = net::TimerId::none;
    net::TimerId forgetting = net::TimerId::none;
    std::uint64_t bad_webhooks = 0;
    std::vector<std::pair<std::string, Handler>> mounts;

    // In the order in which they lean on each other; the server hears nobody any more before any
    // other goes.
    std::unique_ptr<store::Store> store;
    std::unique_ptr<http::Client> client;
    std::unique_ptr<Rooms> rooms;
    std::unique_ptr<Lessons> lessons;
    std::unique_ptr<Timetables> timetables;
    std::unique_ptr<CityDemand> demand;
    std::unique_ptr<LedgerKeeping> ledger;
    std::unique_ptr<EventLog> events;
    std::unique_ptr<Webhooks> webhooks;
    std::unique_ptr<control::HubLinks> links;
    std::unique_ptr<Relay> relay;
    std::unique_ptr<RoomService> service;
    std::unique_ptr<gridscale::Connection> cloud;
    std::unique_ptr<gridscale::Project> project;
    std::unique_ptr<Keeper> keeper;
    std::unique_ptr<Api> api;
    std::unique_ptr<Accounts> accounts;
    std::unique_ptr<OperatorApi> operator_api;
    std::unique_ptr<http::Server> server;
};

}  // namespace aula::hub
