// SPDX-License-Identifier: Apache-2.0
#include "bbb/hook.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "base/encoding.hpp"
#include "bbb/checksum.hpp"

namespace aula::bbb {
namespace {

constexpr std::size_t longest_url = 2048;

}  // namespace

bool Hook::wants(std::string_view event_id, std::string_view of_meeting) const {
    if (!meeting_id.empty() && meeting_id != of_meeting) return false;
    if (!event_ids || event_ids->empty()) return true;
    return std::find(event_ids->begin(), event_ids->end(), event_id) != event_ids->end();
}

bool is_callback_url(std::string_view url) {
    if (url.size() > longest_url) return false;
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (url.starts_with(scheme)) return url.size() > scheme.size() && url[scheme.size()] != '/';
    }
    return false;
}

std::string with_query(const std::string& url, const std::string& parameter) {
    return url + (url.find('?') == std::string::npos ? '?' : '&') + parameter;
}

Expected<Hook, Refusal> read_hook(const Parameters& given, std::string id) {
    Hook hook;
    hook.id = std::move(id);
    hook.callback_url = given.text("callbackURL");
    if (hook.callback_url.empty()) {
        return fail(Refusal{"missingParamCallbackURL",
                            "You must specify a callbackURL in the parameters."});
    }
    if (!is_callback_url(hook.callback_url)) {
        return fail(Refusal{"createHookError",
                            "An error happened while creating your hook. Check the URL."});
    }
    hook.meeting_id = given.text("meetingID");
    if (given.has("eventID")) hook.event_ids = given.list("eventID");
    hook.raw = given.boolean("getRaw", false);
    return hook;
}

std::string to_json(const Hook& hook) {
    boost::json::object out{{"id", hook.id},
                            {"callback_url", hook.callback_url},
                            {"meeting_id", hook.meeting_id},
                            {"raw", hook.raw}};
    if (hook.event_ids) out["event_ids"] = boost::json::value_from(*hook.event_ids);
    return boost::json::serialize(out);
}

std::optional<Hook> hook_from_json(std::string_view text) try {
    const auto value = boost::json::parse({text.data(), text.size()});
    const auto& stored = value.as_object();
    Hook hook;
    hook.id = stored.at("id").as_string().c_str();
    hook.callback_url = stored.at("callback_url").as_string().c_str();
    hook.meeting_id = stored.at("meeting_id").as_string().c_str();
    hook.raw = stored.at("raw").as_bool();
    if (const auto* ids = stored.if_contains("event_ids")) {
        hook.event_ids = boost::json::value_to<std::vector<std::string>>(*ids);
    }
    return hook;
} catch (const std::exception&) {
    return std::nullopt;
}

std::string delivery_body(std::string_view domain, std::string_view event_json,
                          long long timestamp_ms) {
    return "domain=" + percent_encoded(domain) +
           "&event=" + percent_encoded('[' + std::string(event_json) + ']') +
           "&timestamp=" + std::to_string(timestamp_ms);
}

std::string delivery_url(const Hook& hook, std::string_view body, std::string_view secret,
                         crypto::HashKind kind) {
    return with_query(hook.callback_url,
                      "checksum=" + checksum(kind, hook.callback_url, body, secret));
}

}  // namespace aula::bbb
