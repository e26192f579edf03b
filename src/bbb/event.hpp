// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "bbb/meeting.hpp"

/// The events that hooks carry, as JSON.
namespace aula::bbb {

/// Who an event is about.
struct EventUser {
    std::string internal_id;
    std::string external_id;
    std::string name;
    bool moderator = false;
    bool presenter = false;
    bool guest = false;
    Fields userdata;
};

struct Event {
    std::string id;  // such as "user-joined"
    std::string json;
};

Event meeting_created_event(const Meeting& meeting, long long now_ms);
/// meeting-ended, meeting-screenshare-started and the like, which say no more than their name.
Event meeting_event(const char* id, const Meeting& meeting, long long now_ms);
/// What an event says of its user beside who it is, such as "raise-hand".
using EventFlags = std::vector<std::pair<std::string, bool>>;
/// user-joined, user-left, user-audio-voice-enabled, user-cam-broadcast-start and the like.
Event user_event(const char* id, const Meeting& meeting, const EventUser& user, long long now_ms,
                 const EventFlags& flags = {});
Event chat_event(const Meeting& meeting, const EventUser& sender, const std::string& message_id,
                 const std::string& text, long long now_ms);

}  // namespace aula::bbb
