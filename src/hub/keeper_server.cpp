// SPDX-License-Identifier: Apache-2.0
#include "hub/keeper_server.hpp"

#include <algorithm>
#include <array>

#include <boost/json.hpp>

namespace aula::hub {

using fleet::ServerState;

std::string_view doing_name(Doing doing) {
    constexpr std::array<std::string_view, 6> names = {"",     "make",      "start",
                                                       "stop", "power_off", "remove"};
    return names.at(static_cast<std::size_t>(doing));
}

ServerState state_of(const KeptServer& server, WallTime now) {
    switch (server.doing) {
        case Doing::stop:
        case Doing::power_off:
        case Doing::remove:
            return ServerState::stopping;
        case Doing::make:
        case Doing::start:
            if (!server.is_up) return ServerState::starting;
            break;
        case Doing::nothing:
            break;
    }
    if (server.is_up) {
        return server.is_draining || server.is_withdrawn ? ServerState::draining
                                                         : ServerState::ready;
    }
    if (server.power || server.is_foreign)
        return server.said_hello ? ServerState::silent : ServerState::starting;
    if (server.is_broken) return ServerState::broken;
    // Left alone for a while: nothing may be ordered of it.
    if (now < server.rests_until) return ServerState::stopping;
    const bool is_usable = server.seen.status.empty() || server.seen.status == "active";
    return is_usable ? ServerState::off : ServerState::stopping;
}

std::string flags_json(const KeptServer& server) {
    return boost::json::serialize(boost::json::object{{"withdrawn", server.is_withdrawn},
                                                      {"held", server.is_held},
                                                      {"broken", server.is_broken},
                                                      {"draining", server.is_draining},
                                                      {"stop_for", server.stop_for},
                                                      {"strikes", server.strikes}});
}

void read_flags(KeptServer& server, std::string_view json) try {
    const auto value = boost::json::parse({json.data(), json.size()});
    const auto& flags = value.as_object();
    server.is_withdrawn = flags.at("withdrawn").as_bool();
    server.is_held = flags.at("held").as_bool();
    server.is_broken = flags.at("broken").as_bool();
    server.is_draining = flags.at("draining").as_bool();
    server.stop_for = flags.at("stop_for").as_string().c_str();
    server.strikes = flags.at("strikes").to_number<std::uint32_t>();
} catch (const std::exception&) {
    // Nobody's wish, then.
}

bool has_label(const gridscale::Server& server, std::string_view label) {
    return std::find(server.labels.begin(), server.labels.end(), label) != server.labels.end();
}

}  // namespace aula::hub
