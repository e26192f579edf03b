// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <sstream>

#include <unistd.h>

#include "cloud/formats.hpp"
#include "cloud/handlers.hpp"
#include "cloud/resource.hpp"

namespace aula::cloud {
namespace {

/// Seconds of processor time that a process has used.
double processor_seconds(int pid) {
    std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
    std::string stat;
    std::getline(in, stat);
    const auto name_end = stat.rfind(')');
    if (name_end == std::string::npos) return 0;
    std::istringstream fields(stat.substr(name_end + 1));
    std::string field;
    for (int i = 3; i <= 13; ++i) fields >> field;
    double user = 0, system = 0;  // proc(5): fields 14 and 15
    fields >> user >> system;
    return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace

Answer get_power(Datacenter& datacenter, const Call& call) {
    const auto server = named(datacenter, call, Kind::server);
    if (!server) return server.error();
    return json_answer(200, json::object{{"power", (*server)->flag("power")}});
}

Answer change_power(Datacenter& datacenter, const Call& call) {
    const auto server = named(datacenter, call, Kind::server);
    if (!server) return server.error();
    const auto body = body_of(call);
    if (!body) return body.error();
    const auto* wanted = body->if_contains("power");
    if (!wanted || !wanted->is_bool()) return error_answer(400, "power must be true or false");
    const bool on = wanted->get_bool();
    if (on == (*server)->flag("power"))
        return error_answer(400, "The server is already in the requested power state");
    if ((*server)->status != "active")
        return error_answer(424, "Object " + (*server)->id + " is " + (*server)->status);
    return datacenter.accept(
        call, {204,
               *server,
               on ? "power on" : "power off",
               {{on ? Effect::What::power_on : Effect::What::power_off, (*server)->id}}});
}

Answer shut_down(Datacenter& datacenter, const Call& call) {
    const auto server = named(datacenter, call, Kind::server);
    if (!server) return server.error();
    // Some clients send no body, others an empty object.
    if (!call.body.empty() && !body_of(call)) return body_of(call).error();
    return datacenter.accept(
        call, {204, *server, "shutdown", {{Effect::What::shut_down, (*server)->id}}});
}

/// One item: from power-on to now, the processor's share of all cores.
Answer get_server_metrics(Datacenter& datacenter, const Call& call) {
    const auto found = named(datacenter, call, Kind::server);
    if (!found) return found.error();
    const auto& server = **found;
    json::array items;
    if (server.meter.runs()) {
        const auto from = server.meter.spans().back().from;
        const double wall = std::chrono::duration<double>(datacenter.now() - from).count() *
                            static_cast<double>(server.whole("cores"));
        const double used = server.guest ? processor_seconds(server.guest->pid) : 0;
        const auto value = [](double number, const char* unit) {
            return json::object{{"value", number}, {"unit", unit}};
        };
        items.push_back({{"begin_time", time_text(from)},
                         {"end_time", time_text(datacenter.now())},
                         {"server_uuid", server.id},
                         {"core_usage", value(wall > 0 ? 100 * used / wall : 0, "%")},
                         {"storage_read_iops", value(0, "iops")},
                         {"storage_write_iops", value(0, "iops")},
                         {"storage_size", value(0, "GB")}});
    }
    return json_answer(200, json::object{{"server_metrics", std::move(items)}});
}

}  // namespace aula::cloud
