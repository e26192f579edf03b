// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bbb/parameters.hpp"
#include "bbb/refusal.hpp"
#include "crypto/hash.hpp"

namespace aula::bbb {

/// Where a platform wants to hear of events.
struct Hook {
    std::string id;
    std::string callback_url;
    std::string meeting_id;                             // external; empty: all meetings
    std::optional<std::vector<std::string>> event_ids;  // absent or empty: all events
    bool raw = false;  // raw events exist in BigBlueButton only; these get the processed ones

    bool wants(std::string_view event_id, std::string_view of_meeting) const;
};

Expected<Hook, Refusal> read_hook(const Parameters& parameters, std::string id);
std::string to_json(const Hook& hook);
std::optional<Hook> hook_from_json(std::string_view json);

/// "http://" or "https://" with a host, of bearable length.
bool is_callback_url(std::string_view url);
/// The URL with one more query parameter ("name=value", already encoded).
std::string with_query(const std::string& url, const std::string& parameter);

/// The body of a delivery: domain, event (an array of one) and timestamp.
std::string delivery_body(std::string_view domain, std::string_view event_json,
                          long long timestamp_ms);
/// The hook's URL with the checksum over URL, body and secret.
std::string delivery_url(const Hook& hook, std::string_view body, std::string_view secret,
                         crypto::HashKind kind);

}  // namespace aula::bbb
