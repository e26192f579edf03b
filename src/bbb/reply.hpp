// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "bbb/hook.hpp"
#include "bbb/join.hpp"
#include "bbb/meeting.hpp"
#include "bbb/refusal.hpp"

/// The XML answers, their elements in BigBlueButton's order: some clients compare it.
namespace aula::bbb {

std::string refusal_reply(const Refusal& refusal);
/// The older form of a refusal, which a voice bridge that is taken still has.
std::string errors_reply(const Refusal& refusal);
std::string version_reply();

std::string create_reply(const Meeting& meeting, bool existed, bool has_user_joined);
std::string running_reply(bool running);
std::string end_reply();
std::string info_reply(const Meeting& meeting, const MeetingStatus& status);
std::string meetings_reply(const std::vector<std::pair<const Meeting*, MeetingStatus>>& meetings);

struct Joined {
    std::string meeting_internal_id;
    std::string user_id;  // internal
    std::string auth_token;
    std::string session_token;
    GuestStatus guest_status = GuestStatus::allow;
    std::string url;
};
std::string join_reply(const Joined& joined);

struct SessionEntry {
    std::string meeting_internal_id;
    std::string meeting_name;
    std::string user_name;
};
std::string sessions_reply(const std::vector<SessionEntry>& sessions);
std::string no_recordings_reply();

std::string hook_created_reply(const Hook& hook, bool existed);
std::string hook_removed_reply();
std::string hooks_reply(const std::vector<const Hook*>& hooks);

}  // namespace aula::bbb
