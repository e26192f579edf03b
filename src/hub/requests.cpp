// SPDX-License-Identifier: Apache-2.0
// Which part of the hub answers which request.
#include "hub/fleet_metrics.hpp"
#include "hub/hub_state.hpp"
#include "hub/metrics.hpp"

namespace aula::hub {

namespace {

/// LiveKit's clients put their path behind whatever URL they were given; two slashes are one.
std::string collapsed(const std::string& path) {
    std::string one;
    for (const char c : path) {
        if (c != '/' || !one.ends_with('/')) one += c;
    }
    return one;
}

bool is_below(std::string_view path, std::string_view prefix) {
    return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

bool is_livekit(std::string_view path) {
    return path == "/" || is_below(path, "/rtc") || is_below(path, "/twirp");
}

http::Response preflight() {
    http::Response response;
    response.status = 204;
    allow_any_origin(response);
    response.headers.set("access-control-allow-methods", "OPTIONS, HEAD, GET, POST, PATCH, DELETE");
    response.headers.set("access-control-allow-headers", "authorization, content-type");
    response.headers.set("access-control-max-age", "86400");
    return response;
}

/// What nodes counted since their start, by their last report.
template <class Nodes>
void add_node_totals(MetricsText& text, const Nodes& nodes) {
    const auto add = [&](const char* name, const char* type, const char* help, auto value) {
        text.begin(name, type, help);
        for (const auto& [node, known] : nodes) text.sample(value(known.load), {{"node", node}});
    };
    add("aula_hub_node_cpu_seconds_total", "counter", "User and system time of a node.",
        [](const auto& load) { return load.cpu_seconds(); });
    add("aula_hub_node_resident_bytes", "gauge", "Resident memory of a node.",
        [](const auto& load) { return load.resident_bytes(); });
    add("aula_hub_node_packets_forwarded_total", "counter",
        "Media packets a node handed on to receivers.",
        [](const auto& load) { return load.packets_forwarded(); });
    add("aula_hub_node_packets_sent_total", "counter", "UDP packets a node sent.",
        [](const auto& load) { return load.packets_sent(); });
    add("aula_hub_node_packets_dropped_total", "counter",
        "UDP packets that a node's kernel did not take.",
        [](const auto& load) { return load.packets_lost(); });
}

http::Response not_found() {
    auto response = http::text_response(404, "There is nothing here.\n");
    response.headers.set("x-content-type-options", "nosniff");
    return response;
}

}  // namespace

void Hub::State::handle(http::Request request, http::Responder responder) {
    request.path = collapsed(request.path);
    if (stopping) {
        auto response = http::text_response(503, "the hub restarts");
        response.headers.set("retry-after", "2");
        return responder.answer(std::move(response));
    }
    const std::string address = client_address(request, options.trusted_proxies);
    if (request.method == "OPTIONS" && is_livekit(request.path))
        return responder.answer(preflight());
    if (request.path == "/rtc" || request.path == "/rtc/v1") {
        return relay->open_signal(std::move(request), std::move(responder), address);
    }
    if (request.path == "/classroom")
        return relay->open_classroom(std::move(request), std::move(responder), address);
    if (is_below(request.path, "/api/operator"))
        return operator_api->handle(std::move(request), std::move(responder), address);
    if (is_below(request.path, "/api"))
        return api->handle(std::move(request), std::move(responder), address);
    if (is_below(request.path, "/twirp"))
        return service->handle(std::move(request), std::move(responder), address);
    for (const auto& [prefix, handler] : mounts) {
        if (is_below(request.path, prefix))
            return handler(std::move(request), std::move(responder));
    }
    auto answer = answer_here(request);
    responder.answer(answer ? std::move(*answer) : not_found());
}

std::optional<http::Response> Hub::State::answer_here(const http::Request& request) const {
    if (request.path == "/rtc/validate" || request.path == "/rtc/v1/validate")
        return relay->validate(request);
    if (request.path == "/healthz") return http::text_response(200, "ok\n");
    // Figures are for those inside: a proxy adds the header, and then it is somebody outside.
    if (request.path == "/metrics" && request.headers.find("x-forwarded-for") == nullptr) {
        http::Response response{200, {}, metrics()};
        response.headers.set("content-type", "text/plain; version=0.0.4; charset=utf-8");
        return response;
    }
    auto page = pages.answer(request);
    // LiveKit's clients ask with HEAD whether the server is there, from whatever page they are on.
    if (page && request.path == "/") allow_any_origin(*page);
    return page;
}

std::string Hub::State::metrics() const {
    MetricsText text;
    text.gauge("aula_hub_nodes", rooms->nodes().size(), "Conference nodes whose link is up.");
    text.gauge("aula_hub_rooms", rooms->size(), "Rooms that are open or being placed.");
    text.gauge("aula_hub_lessons", lessons->size(), "Lessons known, also those that are over.");
    text.gauge("aula_hub_clients", relay->size(), "Relayed signalling sockets.");
    text.begin("aula_hub_node_seats", "gauge", "Participants a node means to carry.");
    for (const auto& [name, node] : rooms->nodes()) text.sample(node.seats, {{"node", name}});
    text.begin("aula_hub_node_participants", "gauge",
               "Participants on a node, by its last report.");
    for (const auto& [name, node] : rooms->nodes()) {
        std::uint64_t participants = 0;
        for (const auto& room : node.load.rooms()) participants += room.participants();
        text.sample(participants, {{"node", name}});
    }
    text.begin("aula_hub_node_cpu", "gauge", "Share of all cores a node uses, by its last report.");
    for (const auto& [name, node] : rooms->nodes()) text.sample(node.load.cpu(), {{"node", name}});
    add_node_totals(text, rooms->nodes());

    text.counter("aula_hub_joins_total", api->counters().joins, "Access tokens given out.");
    text.counter("aula_hub_api_refused_total", api->counters().refused, "API requests refused.");
    text.counter("aula_hub_api_limited_total", api->counters().limited,
                 "API requests over a rate limit.");
    text.counter("aula_hub_rooms_opened_total", rooms->counters().opened,
                 "Rooms opened on a node.");
    text.counter("aula_hub_rooms_moved_total", rooms->counters().moved,
                 "Rooms opened again on another node.");
    text.counter("aula_hub_no_node_total", rooms->counters().no_node,
                 "Times no node could take a room.");
    const auto& relayed = relay->counters();
    text.counter("aula_hub_sockets_opened_total", relayed.opened,
                 "Signalling sockets led to a node.");
    text.counter("aula_hub_sockets_refused_total", relayed.refused, "Signalling sockets refused.");
    text.counter("aula_hub_sockets_lost_total", relayed.node_lost,
                 "Signalling sockets closed because the node's link broke.");
    text.counter("aula_hub_to_node_bytes_total", relayed.to_node_bytes,
                 "Bytes of clients' messages.");
    text.counter("aula_hub_to_client_bytes_total", relayed.to_client_bytes,
                 "Bytes of nodes' messages.");
    const auto& linked = links->counters();
    text.counter("aula_control_links_total", linked.links, "Links that nodes opened.");
    text.counter("aula_control_links_broken_total", linked.broken, "Links that broke.");
    text.counter("aula_control_garbage_total", linked.garbage,
                 "Links ended for bytes that were no message.");
    text.counter("aula_hub_events_stored_total", events->counters().stored,
                 "Lesson events stored.");
    text.counter("aula_hub_events_failed_total", events->counters().failed,
                 "Writes of lesson events that failed and are tried again.");
    text.counter(
        "aula_hub_events_dropped_total", events->counters().not_taken,
        "Lesson events that found no room while the disk was away; nodes send them again.");
    text.counter("aula_hub_webhooks_delivered_total", webhooks->counters().delivered,
                 "Webhooks delivered.");
    text.counter("aula_hub_webhooks_failed_total",
                 webhooks->counters().failed + webhooks->counters().dropped, "Webhooks given up.");
    text.counter("aula_hub_webhooks_malformed_total", bad_webhooks,
                 "Webhook events of nodes that could not be read.");
    const auto& stored = store->counters();
    text.counter("aula_store_works_total", stored.works.load(), "Works asked of the store.");
    text.counter("aula_store_transactions_total", stored.transactions.load(),
                 "Transactions they shared.");
    text.counter("aula_store_failures_total", stored.failures.load() + stored.refused.load(),
                 "Works that failed.");
    if (keeper) add_fleet_metrics(text, keeper->view(), ledger->budget(), ledger->meter());
    const auto& served = server->counters();
    text.counter("aula_http_requests_total", served.requests, "HTTP requests.");
    text.counter("aula_http_malformed_total", served.malformed + served.too_large,
                 "HTTP requests that could not be read.");
    text.counter("aula_http_refused_total", served.refused, "Connections over a limit.");
    return text.take();
}

}  // namespace aula::hub
