// SPDX-License-Identifier: Apache-2.0
#include "app/node_config.hpp"

#include <boost/json.hpp>

namespace aula::app {

namespace json = boost::json;

std::string to_json(const NodeConfig& config) {
    return json::serialize(json::object{{"hub", config.link.hub},
                                        {"authority", config.link.authority_pem},
                                        {"certificate", config.link.certificate.certificate_pem},
                                        {"key", config.link.certificate.private_key_pem},
                                        {"media", config.media},
                                        {"advertise", json::value_from(config.advertise)},
                                        {"shards", config.shards},
                                        {"seats", config.seats},
                                        {"metrics", config.metrics}});
}

Expected<NodeConfig, Error> read_node_config(std::string_view text) try {
    const auto whole = json::parse({text.data(), text.size()});
    const auto& given = whole.as_object();
    const auto string_or = [&](const char* name, std::string other) {
        const auto* value = given.if_contains(name);
        return value ? std::string(value->as_string()) : std::move(other);
    };
    const auto number_or = [&](const char* name, unsigned other) {
        const auto* value = given.if_contains(name);
        return value ? value->to_number<unsigned>() : other;
    };
    NodeConfig config;
    config.link.hub = given.at("hub").as_string().c_str();
    config.link.authority_pem = given.at("authority").as_string().c_str();
    config.link.certificate.certificate_pem = given.at("certificate").as_string().c_str();
    config.link.certificate.private_key_pem = given.at("key").as_string().c_str();
    config.media = string_or("media", config.media);
    if (const auto* advertise = given.if_contains("advertise")) {
        config.advertise = json::value_to<std::vector<std::string>>(*advertise);
    }
    config.shards = number_or("shards", config.shards);
    config.seats = number_or("seats", config.seats);
    config.metrics = string_or("metrics", config.metrics);
    return config;
} catch (const std::exception& why) {
    return fail(Error{ErrorCode::invalid,
                      std::string("the node's configuration cannot be read: ") + why.what()});
}

}  // namespace aula::app
