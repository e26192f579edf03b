// SPDX-License-Identifier: Apache-2.0
#include "fake_cloud.hpp"

#include <algorithm>

#include <boost/json.hpp>

namespace aula::hub::testing {

namespace json = boost::json;

namespace {

http::Response error(int status, const std::string& text) {
    return http::json_response(
        status, json::serialize(json::object{{"title", "x"}, {"description", text}}));
}

json::object server_json(const std::string& id, const FakeCloud::Machine& machine) {
    return {{"object_uuid", id},
            {"name", machine.name},
            {"status", "active"},
            {"power", machine.power},
            {"cores", 1},
            {"memory", 1},
            {"labels", json::value_from(machine.labels)},
            {"user_data", machine.user_data},
            {"usage_in_minutes_cores", 0},
            {"usage_in_minutes_memory", 0},
            {"relations", json::object{}}};
}

}  // namespace

FakeCloud::FakeCloud(net::Loop& loop) {
    server = std::move(
        *http::Server::open(loop, *net::Address::of("127.0.0.1", 0), {},
                            [this](const http::Request& request, http::Responder responder) {
                                responder.answer(answer(request));
                            }));
}

std::string FakeCloud::id_of(const std::string& name) const {
    for (const auto& [id, machine] : machines)
        if (machine.name == name) return id;
    return {};
}

std::size_t FakeCloud::count(const std::string& line) const {
    return static_cast<std::size_t>(std::count(calls.begin(), calls.end(), line));
}

unsigned FakeCloud::on() const {
    return static_cast<unsigned>(std::count_if(machines.begin(), machines.end(),
                                               [](const auto& m) { return m.second.power; }));
}

http::Response FakeCloud::answer(const http::Request& request) {
    calls.push_back(request.method + ' ' + request.path);
    if (is_down) return error(503, "down");
    if (request.method != "GET") return change(request);
    if (request.path == "/objects/servers") return list_servers();
    if (request.path == "/objects/storages") return list_disks();
    if (request.path == "/objects/ips") return http::json_response(200, R"({"ips":{}})");
    if (request.path.starts_with("/requests/")) {
        const auto id = request.path.substr(10);
        const json::object state{{"status", jobs_[id] ? "failed" : "done"},
                                 {"message", "no host"},
                                 {"create_time", "2026-01-05T07:40:00Z"}};
        return http::json_response(200, json::serialize(json::object{{id, state}}));
    }
    const auto at = machines.find(request.path.substr(request.path.rfind('/') + 1));
    if (at == machines.end()) return error(404, "not found");
    return http::json_response(
        200, json::serialize(json::object{{"server", server_json(at->first, at->second)}}));
}

http::Response FakeCloud::accepted(int status, std::string body, bool failed) {
    const auto id = "job-" + std::to_string(++last_);
    jobs_[id] = failed;
    http::Response response = http::json_response(status, std::move(body));
    response.headers.set("x-request-id", id);
    return response;
}

http::Response FakeCloud::change(const http::Request& request) {
    if (failing_jobs > 0) {
        --failing_jobs;
        return accepted(204, {}, true);
    }
    http::Response response;
    const auto rest = request.path.substr(request.path.find('/', 1) + 1);  // "servers/ID/power"
    if (request.method == "POST") {
        response = create(request);
    } else if (rest.starts_with("storages/")) {
        disks.erase(rest.substr(9));
        response = accepted(204, {}, false);
    } else {
        const auto id = rest.substr(8, rest.find('/', 8) - 8);
        const auto at = machines.find(id);
        if (at == machines.end()) return error(404, "not found");
        if (request.method == "DELETE") {
            machines.erase(at);
        } else if (rest.ends_with("/shutdown")) {
            if (!ignores_shutdown) set_power(at->second, false);
        } else if (rest.ends_with("/power")) {
            const bool on = json::parse(request.body).at("power").as_bool();
            if (on == at->second.power)
                return error(400, "Server is already in the requested power state");
            set_power(at->second, on);
        } else {
            at->second.user_data = json::parse(request.body).at("user_data").as_string().c_str();
        }
        response = accepted(204, {}, false);
    }
    if (lost_answers == 0) return response;
    --lost_answers;
    return error(502, "bad gateway");
}

http::Response FakeCloud::create(const http::Request& request) {
    const auto body = json::parse(request.body).as_object();
    const auto id = "server-" + std::to_string(++last_);
    Machine& machine = machines[id];
    machine.name = body.at("name").as_string().c_str();
    machine.labels = json::value_to<std::vector<std::string>>(body.at("labels"));
    machine.user_data = body.at("user_data").as_string().c_str();
    return accepted(202, json::serialize(json::object{{"object_uuid", id}}), false);
}

void FakeCloud::set_power(Machine& machine, bool on) {
    if (machine.power == on) return;
    machine.power = on;
    on_power(machine.name, on);
}

http::Response FakeCloud::list_servers() const {
    json::object servers;
    for (const auto& [id, machine] : machines) servers[id] = server_json(id, machine);
    return http::json_response(200, json::serialize(json::object{{"servers", servers}}));
}

http::Response FakeCloud::list_disks() const {
    json::object all;
    for (const auto& [id, disk] : disks) {
        json::array servers;
        if (!disk.server.empty()) servers.push_back(json::object{{"object_uuid", disk.server}});
        all[id] = json::object{{"object_uuid", id},
                               {"name", disk.name},
                               {"capacity", 10},
                               {"labels", json::value_from(disk.labels)},
                               {"create_time", disk.created},
                               {"relations", json::object{{"servers", servers}}}};
    }
    return http::json_response(200, json::serialize(json::object{{"storages", all}}));
}

}  // namespace aula::hub::testing
