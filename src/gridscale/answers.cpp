// SPDX-License-Identifier: Apache-2.0
#include "gridscale/answers.hpp"

#include <boost/json.hpp>

namespace aula::gridscale {
namespace {

namespace json = boost::json;

/// Runs a reading function, whose every missing or wrongly typed member throws.
template <class Read>
auto reading(std::string_view text, Read read)
    -> Expected<decltype(read(std::declval<const json::object&>())), Error> {
    try {
        json::parse_options options;
        options.max_depth = 16;
        const auto value = json::parse({text.data(), text.size()}, {}, options);
        return read(value.as_object());
    } catch (const std::exception&) {
        return fail(Error{ErrorCode::internal, "the cloud's answer could not be read"});
    }
}

std::string optional_string(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains({name.data(), name.size()});
    return value && value->is_string() ? std::string(value->get_string()) : std::string{};
}

Server read_server(const json::object& object) {
    Server server;
    server.id = object.at("object_uuid").as_string().c_str();
    server.name = object.at("name").as_string().c_str();
    server.status = object.at("status").as_string().c_str();
    server.power = object.at("power").as_bool();
    server.cores = object.at("cores").to_number<std::int64_t>();
    server.memory_gb = object.at("memory").to_number<std::int64_t>();
    server.user_data = optional_string(object, "user_data");
    const auto* labels = object.if_contains("labels");
    if (labels && labels->is_array()) {
        for (const auto& label : labels->get_array()) server.labels.emplace_back(label.as_string());
    }
    return server;
}

}  // namespace

Expected<std::vector<Server>, Error> parse_servers(std::string_view text) {
    return reading(text, [](const json::object& whole) {
        std::vector<Server> servers;
        for (const auto& [id, server] : whole.at("servers").as_object())
            servers.push_back(read_server(server.as_object()));
        return servers;
    });
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

std::string error_text(std::string_view text) {
    const auto words = reading(text, [](const json::object& whole) {
        auto description = optional_string(whole, "description");
        return description.empty() ? optional_string(whole, "message") : description;
    });
    return words.value_or(std::string{});
}

}  // namespace aula::gridscale
