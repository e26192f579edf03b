// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <boost/json.hpp>

#include "base/encoding.hpp"
#include "signal/access_token.hpp"
#include "signal/join_request.hpp"
#include "signal/livekit.pb.h"

namespace aula::signal {

namespace {

using livekit::ClientInfo;
using livekit::JoinRequest;

bool is_true(std::string_view value) { return value == "1" || value == "true"; }

int number(std::string_view value) {
    int result = 0;
    std::from_chars(value.data(), value.data() + value.size(), result);
    return result;
}

constexpr std::array<std::pair<std::string_view, ClientInfo::SDK>, 15> sdk_names{{
    {"js", ClientInfo::JS},
    {"swift", ClientInfo::SWIFT},
    {"ios", ClientInfo::SWIFT},
    {"android", ClientInfo::ANDROID},
    {"flutter", ClientInfo::FLUTTER},
    {"go", ClientInfo::GO},
    {"unity", ClientInfo::UNITY},
    {"reactnative", ClientInfo::REACT_NATIVE},
    {"rust", ClientInfo::RUST},
    {"python", ClientInfo::PYTHON},
    {"cpp", ClientInfo::CPP},
    {"unityweb", ClientInfo::UNITY_WEB},
    {"node", ClientInfo::NODE},
    {"unreal", ClientInfo::UNREAL},
    {"esp32", ClientInfo::ESP32},
}};

ClientInfo::SDK sdk_of(std::string_view value) {
    const auto* found =
        std::ranges::find(sdk_names, value, &decltype(sdk_names)::value_type::first);
    return found == sdk_names.end() ? ClientInfo::UNKNOWN : found->second;
}

void add_capabilities(ClientInfo& client, std::string_view value) {
    while (!value.empty() && client.capabilities_size() < 32) {
        const auto comma = std::min(value.find(','), value.size());
        ClientInfo::Capability capability{};
        if (ClientInfo::Capability_Parse(std::string(value.substr(0, comma)), &capability)) {
            client.add_capabilities(capability);
        }
        value.remove_prefix(std::min(comma + 1, value.size()));
    }
}

void set_attributes(JoinRequest& request, std::string_view value) {
    if (value.size() > 2 * max_attributes_size) return;
    const auto bytes = from_base64(value);
    if (!bytes) return;
    boost::system::error_code broken;
    const auto json = boost::json::parse(text_of(*bytes), broken);
    if (broken || !json.is_object()) return;
    for (const auto& [key, attribute] : json.get_object()) {
        if (!attribute.is_string()) continue;
        (*request.mutable_participant_attributes())[std::string(key)] =
            std::string(attribute.get_string());
    }
}

void set_reconnect_reason(JoinRequest& request, std::string_view value) {
    const int reason = number(value);
    if (livekit::ReconnectReason_IsValid(reason)) {
        request.set_reconnect_reason(static_cast<livekit::ReconnectReason>(reason));
    }
}

using Setter = void (*)(JoinRequest&, const std::string&);

// One line a parameter.
const std::array<std::pair<std::string_view, Setter>, 20> setters{{
    {"sdk", [](auto& r, auto& v) { r.mutable_client_info()->set_sdk(sdk_of(v)); }},
    {"version", [](auto& r, auto& v) { r.mutable_client_info()->set_version(v); }},
    {"protocol", [](auto& r, auto& v) { r.mutable_client_info()->set_protocol(number(v)); }},
    {"client_protocol",
     [](auto& r, auto& v) { r.mutable_client_info()->set_client_protocol(number(v)); }},
    {"os", [](auto& r, auto& v) { r.mutable_client_info()->set_os(v); }},
    {"os_version", [](auto& r, auto& v) { r.mutable_client_info()->set_os_version(v); }},
    {"device_model", [](auto& r, auto& v) { r.mutable_client_info()->set_device_model(v); }},
    {"browser", [](auto& r, auto& v) { r.mutable_client_info()->set_browser(v); }},
    {"browser_version", [](auto& r, auto& v) { r.mutable_client_info()->set_browser_version(v); }},
    {"network", [](auto& r, auto& v) { r.mutable_client_info()->set_network(v); }},
    {"capabilities", [](auto& r, auto& v) { add_capabilities(*r.mutable_client_info(), v); }},
    {"auto_subscribe",
     [](auto& r, auto& v) { r.mutable_connection_settings()->set_auto_subscribe(is_true(v)); }},
    {"adaptive_stream",
     [](auto& r, auto& v) { r.mutable_connection_settings()->set_adaptive_stream(is_true(v)); }},
    {"subscriber_allow_pause",
     [](auto& r, auto& v) {
         r.mutable_connection_settings()->set_subscriber_allow_pause(is_true(v));
     }},
    {"disable_ice_lite",
     [](auto& r, auto& v) { r.mutable_connection_settings()->set_disable_ice_lite(is_true(v)); }},
    {"auto_subscribe_data_track",
     [](auto& r, auto& v) {
         r.mutable_connection_settings()->set_auto_subscribe_data_track(is_true(v));
     }},
    {"reconnect", [](auto& r, auto& v) { r.set_reconnect(is_true(v)); }},
    {"reconnect_reason", [](auto& r, auto& v) { set_reconnect_reason(r, v); }},
    {"sid", [](auto& r, auto& v) { r.set_participant_sid(v); }},
    {"attributes", [](auto& r, auto& v) { set_attributes(r, v); }},
}};

}  // namespace

livekit::JoinRequest join_request_of_query(
    const std::vector<std::pair<std::string, std::string>>& parameters) {
    livekit::JoinRequest request;
    request.mutable_connection_settings()->set_auto_subscribe(true);
    for (const auto& [name, value] : parameters) {
        for (const auto& [known, set] : setters) {
            // protobuf strings are UTF-8; percent-decoding can make any bytes.
            if (name == known && is_utf8(value)) set(request, value);
        }
    }
    return request;
}

}  // namespace aula::signal
