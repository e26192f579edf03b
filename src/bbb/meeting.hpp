// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "bbb/parameters.hpp"

namespace aula::bbb {

using Fields = Parameters::Fields;

/// What a create call made. Everything the platform gave is kept in `parameters`, also what is not
/// used yet.
struct Meeting {
    std::string meeting_id;   // the platform's own
    std::string internal_id;  // unique for each run of it
    std::string parent_id;    // the parent's internal id; empty for an ordinary meeting
    std::string name;
    std::string attendee_password;
    std::string moderator_password;
    std::string voice_bridge;
    std::string dial_number;
    long long created_ms = 0;
    Fields metadata;  // names in lower case, without "meta_"
    Parameters parameters;
    std::string document;  // the XML body of presentations and the like, as it came

    bool is_breakout() const { return !parent_id.empty(); }
    bool record() const { return parameters.boolean("record", false); }
    std::uint64_t duration_minutes() const { return parameters.number("duration", 0); }
    std::uint64_t max_participants() const { return parameters.number("maxParticipants", 0); }
    /// The value of a metadata field (lower case), or an empty text.
    std::string metadata_value(std::string_view key) const;
};

std::string to_json(const Meeting& meeting);
/// Nullopt for settings that are not a meeting's.
std::optional<Meeting> meeting_from_json(std::string_view json);

struct Attendee {
    std::string user_id;  // the platform's own
    std::string full_name;
    bool moderator = false;
    bool presenter = false;
    bool listening_only = false;
    bool has_voice = false;
    bool has_video = false;
    Fields customdata;
};

/// What goes on in a meeting now.
struct MeetingStatus {
    bool running = false;
    bool has_user_joined = false;
    long long started_ms = 0;
    long long ended_ms = 0;
    std::vector<Attendee> attendees;
    std::vector<std::string> breakouts;  // internal ids
};

/// When its duration is over, counted from its creation; nullopt: it has none.
std::optional<WallTime> end_of(const Meeting& meeting);
/// Nobody came in the minutes allowed.
bool was_left_alone(const Meeting& meeting, bool has_user_joined, long long now_ms);

bool is_web_url(std::string_view text);

/// "Mon Jul 09 17:03:29 UTC 2018"
std::string create_date(long long created_ms);

}  // namespace aula::bbb
