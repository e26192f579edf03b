// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "bbb/meeting.hpp"
#include "bbb/refusal.hpp"

namespace aula::bbb {

enum class GuestStatus : std::uint8_t { allow, wait, deny };

/// A join call's own words.
struct JoinRequest {
    std::string meeting_id;
    std::string full_name;
    std::string user_id;   // may be empty
    std::string role;      // as given
    std::string password;  // as given
    std::optional<long long> create_time;
    std::optional<bool> guest;
    bool authenticated = true;
    Fields customdata;  // userdata-*, without the prefix
    std::string avatar_url;
    std::string logout_url;
    std::string existing_user;  // internal id of one who joined before, as getJoinUrl gave it
};

Expected<JoinRequest, Refusal> read_join(const Parameters& parameters);

struct Admission {
    bool moderator = false;
    GuestStatus guest_status = GuestStatus::allow;
    /// Waits whenever the meeting asks a moderator, whatever it was created with.
    bool is_guest = false;
};

/// What this meeting says to the request; capacity is the caller's to check.
Expected<Admission, Refusal> admit(const JoinRequest& request, const Meeting& meeting);

/// Where a failed join sends the browser, with the errors in its query; nullopt: answer in XML.
std::optional<std::string> error_redirect(const Parameters& join, const Refusal& refusal);

/// The key of a role or password problem: always answered in XML.
inline constexpr const char* role_problem = "Params required";

}  // namespace aula::bbb
