// SPDX-License-Identifier: Apache-2.0
#include "bbb/event.hpp"

#include <boost/json.hpp>

namespace aula::bbb {
namespace {

using boost::json::object;

object object_of_fields(const Fields& fields) {
    object out;
    for (const auto& [name, value] : fields) out[name] = value;
    return out;
}

object meeting_ids(const Meeting& meeting) {
    return {{"internal-meeting-id", meeting.internal_id},
            {"external-meeting-id", meeting.meeting_id}};
}

Event event_of(const char* id, object attributes, long long now_ms) {
    const object whole{{"data",
                        {{"type", "event"},
                         {"id", id},
                         {"attributes", std::move(attributes)},
                         {"event", object{{"ts", now_ms}}}}}};
    return {id, boost::json::serialize(whole)};
}

object user_ids(const EventUser& user) {
    return {{"internal-user-id", user.internal_id},
            {"external-user-id", user.external_id},
            {"name", user.name}};
}

}  // namespace

Event meeting_created_event(const Meeting& meeting, long long now_ms) {
    auto about = meeting_ids(meeting);
    about["name"] = meeting.name;
    about["is-breakout"] = meeting.is_breakout();
    about["parent-id"] = meeting.is_breakout() ? meeting.parent_id : "bbb-none";
    about["duration"] = meeting.duration_minutes();
    about["create-time"] = meeting.created_ms;
    about["create-date"] = create_date(meeting.created_ms);
    about["moderator-pass"] = meeting.moderator_password;
    about["viewer-pass"] = meeting.attendee_password;
    about["record"] = meeting.record();
    about["voice-conf"] = meeting.voice_bridge;
    about["dial-number"] = meeting.dial_number;
    about["max-users"] = meeting.max_participants();
    about["metadata"] = object_of_fields(meeting.metadata);
    for (const auto* bridge : {"audioBridge", "cameraBridge", "screenShareBridge"}) {
        const auto named = meeting.parameters.text(bridge);
        about[bridge] = named.empty() ? "livekit" : named;
    }
    return event_of("meeting-created", {{"meeting", std::move(about)}}, now_ms);
}

Event meeting_event(const char* id, const Meeting& meeting, long long now_ms) {
    return event_of(id, {{"meeting", meeting_ids(meeting)}}, now_ms);
}

Event user_event(const char* id, const Meeting& meeting, const EventUser& user, long long now_ms,
                 const EventFlags& flags) {
    auto about = user_ids(user);
    about["role"] = user.moderator ? "MODERATOR" : "VIEWER";
    about["presenter"] = user.presenter;
    about["guest"] = user.guest;
    about["userdata"] = object_of_fields(user.userdata);
    for (const auto& [name, value] : flags) about[name] = value;
    return event_of(id, {{"meeting", meeting_ids(meeting)}, {"user", std::move(about)}}, now_ms);
}

Event chat_event(const Meeting& meeting, const EventUser& sender, const std::string& message_id,
                 const std::string& text, long long now_ms) {
    auto who = user_ids(sender);
    who["time"] = now_ms;
    object message{{"id", message_id}, {"message", text}, {"sender", std::move(who)}};
    return event_of("chat-group-message-sent",
                    {{"meeting", meeting_ids(meeting)},
                     {"chat-message", std::move(message)},
                     {"chat-id", "MAIN-PUBLIC-GROUP-CHAT"}},
                    now_ms);
}

}  // namespace aula::bbb
