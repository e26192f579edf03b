// SPDX-License-Identifier: Apache-2.0
#include "gridscale/answers.hpp"

#include <cstdio>

#include "gridscale/reading.hpp"

namespace aula::gridscale {
namespace {

Server read_server(const json::object& object) {
    Server server;
    server.id = object.at("object_uuid").as_string().c_str();
    server.name = object.at("name").as_string().c_str();
    server.status = object.at("status").as_string().c_str();
    server.power = object.at("power").as_bool();
    server.cores = object.at("cores").to_number<std::int64_t>();
    server.memory_gb = object.at("memory").to_number<std::int64_t>();
    server.labels = optional_strings(object, "labels");
    server.user_data = optional_string(object, "user_data");
    server.auto_recovery = optional_bool(object, "auto_recovery");
    server.core_minutes = optional_number(object, "usage_in_minutes_cores");
    server.memory_minutes = optional_number(object, "usage_in_minutes_memory");
    server.created = optional_time(object, "create_time");
    server.changed = optional_time(object, "change_time");
    server.deleted = optional_time(object, "delete_time");
    server.storages = relation_ids(object, "storages");
    server.networks = relation_ids(object, "networks", "network_uuid");
    server.addresses = relation_ids(object, "public_ips");
    return server;
}

}  // namespace

Expected<std::vector<Server>, Error> parse_servers(std::string_view text) {
    return reading_list(text, "servers", read_server);
}

Expected<std::vector<Server>, Error> parse_deleted_servers(std::string_view text) {
    return reading_list(text, "deleted_servers", read_server);
}

Expected<Server, Error> parse_server(std::string_view text) {
    return reading(text, [](const json::object& whole) {
        return read_server(whole.at("server").as_object());
    });
}

Expected<Created, Error> parse_created(std::string_view text) {
    return reading(text, [](const json::object& whole) {
        return Created{whole.at("object_uuid").as_string().c_str(),
                       optional_string(whole, "request_uuid")};
    });
}

Expected<RequestState, Error> parse_request(std::string_view text, std::string_view request_id) {
    return reading(text, [&](const json::object& whole) {
        const auto& request = whole.at({request_id.data(), request_id.size()}).as_object();
        const auto& status = request.at("status").as_string();
        RequestState state{RequestStatus::pending, optional_string(request, "message")};
        if (status == "done") state.status = RequestStatus::done;
        if (status == "failed") state.status = RequestStatus::failed;
        return state;
    });
}

std::optional<WallTime> parse_time(std::string_view text) {
    constexpr std::string_view layout = "0000-00-00T00:00:00Z";
    if (text.size() != layout.size()) return std::nullopt;
    for (std::size_t i = 0; i < layout.size(); ++i) {
        const bool fits =
            layout[i] == '0' ? text[i] >= '0' && text[i] <= '9' : text[i] == layout[i];
        if (!fits) return std::nullopt;
    }
    const auto number = [&](std::size_t at, std::size_t count) {
        int value = 0;
        for (const char c : text.substr(at, count)) value = value * 10 + (c - '0');
        return value;
    };
    const auto date = std::chrono::year(number(0, 4)) / number(5, 2) / number(8, 2);
    const int hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
    // The nanoseconds of a WallTime end in 2262.
    const bool is_possible = date.ok() && number(0, 4) >= 1970 && number(0, 4) <= 2200 &&
                             hour <= 23 && minute <= 59 && second <= 60;
    if (!is_possible) return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
           std::chrono::seconds(second);
}

std::string time_text(WallTime time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02ld:%02ld:%02ldZ",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<long>(clock.hours().count()),
                  static_cast<long>(clock.minutes().count()),
                  static_cast<long>(clock.seconds().count()));
    return text;
}

std::string error_text(std::string_view text) {
    const auto words = reading(text, [](const json::object& whole) {
        auto description = optional_string(whole, "description");
        return description.empty() ? optional_string(whole, "message") : description;
    });
    return words.value_or(std::string{});
}

}  // namespace aula::gridscale
