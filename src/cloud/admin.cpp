// SPDX-License-Identifier: Apache-2.0
#include "cloud/admin.hpp"

#include <charconv>
#include <csignal>

#include "cloud/resource.hpp"

namespace aula::cloud {
namespace {

constexpr double longest_time = 1e7;  // seconds: a third of a year

/// A number of seconds, or a fraction of one; nullopt when it is none.
std::optional<std::chrono::milliseconds> read_seconds(const json::value& value) {
    if (!value.is_number()) return std::nullopt;
    const auto seconds = value.to_number<double>();
    if (!(seconds >= 0 && seconds <= longest_time)) return std::nullopt;
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

std::optional<std::string> read_limits(const json::object& given, WallTime now, Fault& fault) {
    if (const auto* count = given.if_contains("count")) {
        if (!count->is_int64() || count->get_int64() < 1) return "count must be a whole number";
        fault.left = static_cast<std::uint64_t>(count->get_int64());
    }
    if (const auto* probability = given.if_contains("probability")) {
        if (!probability->is_number()) return "probability must be a number";
        fault.probability = probability->to_number<double>();
    }
    if (const auto* duration = given.if_contains("duration")) {
        const auto time = read_seconds(*duration);
        if (!time) return "duration must be seconds";
        fault.until = now + *time;
    }
    fault.method = text_member(given, "method");
    fault.path = text_member(given, "path");
    fault.object = text_member(given, "server");
    return std::nullopt;
}

std::optional<std::string> read_effect(const json::object& given, Fault& fault) {
    if (const auto* delay = given.if_contains("delay")) {
        const auto time = read_seconds(*delay);
        if (!time) return "delay must be seconds";
        fault.delay = *time;
    }
    if (const auto* status = given.if_contains("status")) {
        if (!status->is_int64() || status->get_int64() < 400 || status->get_int64() > 599)
            return "status must be from 400 to 599";
        fault.status = static_cast<int>(status->get_int64());
    }
    if (const auto* after = given.if_contains("retry_after")) {
        const auto time = read_seconds(*after);
        if (!time) return "retry_after must be seconds";
        fault.retry_after = duration_cast<std::chrono::seconds>(*time);
    }
    return std::nullopt;
}

json::object shown_fault(const Fault& fault, WallTime now) {
    json::object out{{"id", fault.id},
                     {"fault", name_of(fault.kind)},
                     {"probability", fault.probability},
                     {"method", fault.method},
                     {"path", fault.path},
                     {"server", fault.object},
                     {"delay", static_cast<double>(fault.delay.count()) / 1000},
                     {"status", fault.status}};
    if (fault.left) out["count"] = *fault.left;
    if (fault.until) out["duration"] = std::chrono::duration<double>(*fault.until - now).count();
    if (fault.retry_after) out["retry_after"] = fault.retry_after->count();
    return out;
}

Answer list_faults(Datacenter& datacenter) {
    json::array faults;
    for (const auto& fault : datacenter.faults().all())
        faults.push_back(shown_fault(fault, datacenter.now()));
    return json_answer(200, json::object{{"faults", std::move(faults)}});
}

Answer order_fault(Datacenter& datacenter, const Call& call) {
    const auto body = body_of(call);
    if (!body) return body.error();
    auto fault = read_fault(*body, datacenter.now());
    if (!fault) return error_answer(400, fault.error());
    const auto id = datacenter.faults().order(std::move(*fault));
    if (!id) return error_answer(416, "Too many faults are ordered");
    return json_answer(201, json::object{{"id", *id}});
}

Answer answer_faults(Datacenter& datacenter, const Call& call, std::string_view id) {
    if (id.empty() && call.method == "GET") return list_faults(datacenter);
    if (id.empty() && call.method == "POST") return order_fault(datacenter, call);
    if (call.method != "DELETE") return error_answer(405, "Method not allowed");
    if (id.empty()) {
        datacenter.faults().clear();
        return {204};
    }
    std::uint64_t number = 0;
    std::from_chars(id.data(), id.data() + id.size(), number);
    return datacenter.faults().cancel(number) ? Answer{204} : not_found(id);
}

/// The exact power-on intervals of all servers, also deleted ones, in Unix milliseconds.
Answer list_meters(const Datacenter& datacenter) {
    json::array servers;
    datacenter.inventory().each(Kind::server, [&](const Object& server) {
        json::array intervals;
        for (const auto& span : server.meter.spans()) {
            intervals.push_back(
                {{"from", unix_ms(span.from)},
                 {"to", span.to ? json::value(unix_ms(*span.to)) : json::value(nullptr)},
                 {"cores", span.amounts[0]},
                 {"memory", span.amounts[1]}});
        }
        servers.push_back({{"object_uuid", server.id},
                           {"name", server.text("name")},
                           {"owner", server.owner},
                           {"deleted", server.deleted.has_value()},
                           {"power", server.flag("power")},
                           {"pid", server.guest ? server.guest->pid : 0},
                           {"intervals", std::move(intervals)}});
    });
    return json_answer(200, json::object{{"now", unix_ms(datacenter.now())}, {"servers", servers}});
}

/// {"do":"freeze"|"thaw"|"crash"}: what happens to a machine without the API's doing.
Answer act_on_machine(const Datacenter& datacenter, const Call& call, std::string_view id) {
    if (call.method != "POST") return error_answer(405, "Method not allowed");
    const std::string server(id);
    if (!datacenter.machines().is_on(server)) return not_found(id);
    const auto body = body_of(call);
    const auto act = body ? text_member(*body, "do") : std::string();
    if (act != "freeze" && act != "thaw" && act != "crash")
        return error_answer(400, "do must be freeze, thaw or crash");
    datacenter.machines().signal(server, act == "freeze" ? SIGSTOP
                                         : act == "thaw" ? SIGCONT
                                                         : SIGKILL);
    return {204};
}

}  // namespace

Expected<Fault, std::string> read_fault(const json::object& given, WallTime now) {
    Fault fault;
    const auto name = text_member(given, "fault");
    const auto kind = fault_of(name);
    if (!kind) return fail("there is no fault " + name);
    fault.kind = *kind;
    if (auto wrong = read_limits(given, now, fault)) return fail(std::move(*wrong));
    if (auto wrong = read_effect(given, fault)) return fail(std::move(*wrong));
    return fault;
}

Answer administer(Datacenter& datacenter, const Call& call) {
    const auto below = [&](std::string_view folder) -> std::optional<std::string_view> {
        auto rest = call.path;
        if (!rest.starts_with(folder)) return std::nullopt;
        rest.remove_prefix(folder.size());
        if (rest.empty()) return rest;
        if (rest.front() != '/') return std::nullopt;
        return rest.substr(1);
    };
    if (const auto id = below("/aula/faults")) return answer_faults(datacenter, call, *id);
    if (const auto id = below("/aula/machines")) return act_on_machine(datacenter, call, *id);
    if (call.path == "/aula/meters" && call.method == "GET") return list_meters(datacenter);
    return error_answer(404, "No such path");
}

}  // namespace aula::cloud
