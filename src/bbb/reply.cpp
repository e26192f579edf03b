// SPDX-License-Identifier: Apache-2.0
#include "bbb/reply.hpp"

#include <algorithm>

#include "base/xml.hpp"
#include "bbb/xml.hpp"

namespace aula::bbb {
namespace {

Xml answer(const char* code) {
    Xml xml;
    xml.open("response").text("returncode", code);
    return xml;
}
Xml success() { return answer("SUCCESS"); }

void add_message(Xml& xml, const char* key, const char* message) {
    xml.text("messageKey", key).text("message", message);
}

void add_fields(Xml& xml, const char* name, const Fields& fields) {
    xml.open(name);
    for (const auto& [key, value] : fields) xml.text(key, value);
    xml.close();
}

void add_attendee(Xml& xml, const Attendee& who) {
    xml.open("attendee").text("userID", who.user_id).text("fullName", who.full_name);
    xml.text("role", who.moderator ? "MODERATOR" : "VIEWER").flag("isPresenter", who.presenter);
    xml.flag("isListeningOnly", who.listening_only).flag("hasJoinedVoice", who.has_voice);
    xml.flag("hasVideo", who.has_video).text("clientType", "HTML5");
    add_fields(xml, "customdata", who.customdata);
    xml.close();
}

void add_counts(Xml& xml, const Meeting& meeting, const MeetingStatus& status) {
    const auto count = [&](auto matches) {
        return std::count_if(status.attendees.begin(), status.attendees.end(), matches);
    };
    xml.number("participantCount", static_cast<long long>(status.attendees.size()));
    xml.number("listenerCount", count([](const Attendee& a) { return a.listening_only; }));
    xml.number("voiceParticipantCount", count([](const Attendee& a) { return a.has_voice; }));
    xml.number("videoCount", count([](const Attendee& a) { return a.has_video; }));
    xml.number("maxUsers", static_cast<long long>(meeting.max_participants()));
    xml.number("moderatorCount", count([](const Attendee& a) { return a.moderator; }));
}

void add_breakout(Xml& xml, const Meeting& meeting, const MeetingStatus& status) {
    xml.flag("isBreakout", meeting.is_breakout());
    if (meeting.is_breakout()) {
        xml.text("parentMeetingID", meeting.parent_id);
        xml.number("sequence", static_cast<long long>(meeting.parameters.number("sequence", 0)));
        xml.flag("freeJoin", meeting.parameters.boolean("freeJoin", false));
    }
    if (status.breakouts.empty()) return;
    xml.open("breakoutRooms");
    for (const auto& id : status.breakouts) xml.text("breakout", id);
    xml.close();
}

void add_info(Xml& xml, const Meeting& meeting, const MeetingStatus& status) {
    xml.text("meetingName", meeting.name).text("meetingID", meeting.meeting_id);
    xml.text("internalMeetingID", meeting.internal_id).number("createTime", meeting.created_ms);
    xml.text("createDate", create_date(meeting.created_ms))
        .text("voiceBridge", meeting.voice_bridge);
    xml.text("dialNumber", meeting.dial_number).text("attendeePW", meeting.attendee_password);
    xml.text("moderatorPW", meeting.moderator_password).flag("running", status.running);
    xml.number("duration", static_cast<long long>(meeting.duration_minutes()));
    xml.flag("hasUserJoined", status.has_user_joined).flag("recording", meeting.record());
    xml.flag("hasBeenForciblyEnded", false).number("startTime", status.started_ms);
    xml.number("endTime", status.ended_ms);
    add_counts(xml, meeting, status);
    xml.open("attendees");
    for (const auto& attendee : status.attendees) add_attendee(xml, attendee);
    xml.close();
    add_fields(xml, "metadata", meeting.metadata);
    add_breakout(xml, meeting, status);
}

const char* text_of_status(GuestStatus status) {
    switch (status) {
        case GuestStatus::allow:
            return "ALLOW";
        case GuestStatus::wait:
            return "WAIT";
        case GuestStatus::deny:
            break;
    }
    return "DENY";
}

void add_hook(Xml& xml, const Hook& hook) {
    xml.open("hook").text("hookID", hook.id).text("callbackURL", hook.callback_url);
    if (!hook.meeting_id.empty()) xml.text("meetingID", hook.meeting_id);
    if (hook.event_ids) {
        std::string list;
        for (const auto& id : *hook.event_ids) list += (list.empty() ? "" : ",") + id;
        xml.text("eventID", list);
    }
    xml.flag("permanentHook", false).flag("rawData", hook.raw).close();
}

}  // namespace

std::string refusal_reply(const Refusal& refusal) {
    auto xml = answer("FAILED");
    return xml.text("messageKey", refusal.key).text("message", refusal.message).finish();
}

std::string errors_reply(const Refusal& refusal) {
    // The one element with attributes.
    return "<response><returncode>FAILED</returncode><errors><error key=\"" +
           xml_escaped(refusal.key) + "\" message=\"" + xml_escaped(refusal.message) +
           "\"/></errors></response>";
}

std::string version_reply() {
    auto xml = success();
    xml.text("version", "2.0").text("apiVersion", "2.0");
    for (const auto* name :
         {"bbbVersion", "html5PluginSdkVersion", "graphqlWebsocketUrl", "graphqlApiUrl"}) {
        xml.text(name, "");
    }
    return xml.finish();
}

std::string create_reply(const Meeting& meeting, bool existed, bool has_user_joined) {
    auto xml = success();
    xml.text("meetingID", meeting.meeting_id).text("internalMeetingID", meeting.internal_id);
    xml.text("parentMeetingID", meeting.is_breakout() ? meeting.parent_id : "bbb-none");
    xml.text("attendeePW", meeting.attendee_password)
        .text("moderatorPW", meeting.moderator_password);
    xml.number("createTime", meeting.created_ms).text("voiceBridge", meeting.voice_bridge);
    xml.text("dialNumber", meeting.dial_number).text("createDate", create_date(meeting.created_ms));
    xml.flag("hasUserJoined", has_user_joined);
    xml.number("duration", static_cast<long long>(meeting.duration_minutes()))
        .flag("hasBeenForciblyEnded", false);
    add_message(xml, existed ? "duplicateWarning" : "",
                existed
                    ? "This conference was already in existence and may currently be in progress."
                    : "");
    return xml.finish();
}

std::string running_reply(bool running) {
    auto xml = success();
    return xml.flag("running", running).finish();
}

std::string end_reply() {
    auto xml = success();
    add_message(xml, "sentEndMeetingRequest",
                "A request to end the meeting was sent.  Please wait a few seconds, and then use "
                "the getMeetingInfo or "
                "isMeetingRunning API calls to verify that it was ended.");
    return xml.finish();
}

std::string info_reply(const Meeting& meeting, const MeetingStatus& status) {
    auto xml = success();
    add_info(xml, meeting, status);
    return xml.finish();
}

std::string meetings_reply(const std::vector<std::pair<const Meeting*, MeetingStatus>>& meetings) {
    auto xml = success();
    xml.open("meetings");
    for (const auto& [meeting, status] : meetings) {
        xml.open("meeting");
        add_info(xml, *meeting, status);
        xml.close();
    }
    xml.close();
    if (meetings.empty()) add_message(xml, "noMeetings", "no meetings were found on this server");
    return xml.finish();
}

std::string join_reply(const Joined& joined) {
    auto xml = success();
    if (joined.guest_status == GuestStatus::wait) {
        add_message(xml, "guestWait",
                    "Please wait for a moderator to approve you joining the meeting.");
    } else {
        add_message(xml, "successfullyJoined", "You have joined successfully.");
    }
    xml.text("meeting_id", joined.meeting_internal_id).text("user_id", joined.user_id);
    xml.text("auth_token", joined.auth_token).text("session_token", joined.session_token);
    xml.text("guestStatus", text_of_status(joined.guest_status)).text("url", joined.url);
    return xml.finish();
}

std::string sessions_reply(const std::vector<SessionEntry>& sessions) {
    auto xml = success();
    xml.open("sessions");
    for (const auto& session : sessions) {
        xml.open("meeting").text("meetingID", session.meeting_internal_id);
        xml.text("meetingName", session.meeting_name).text("userName", session.user_name).close();
    }
    xml.close();
    // BigBlueButton's own spelling.
    if (sessions.empty()) add_message(xml, "noSessions", "no sessions were found on this serverr");
    return xml.finish();
}

std::string no_recordings_reply() {
    auto xml = success();
    xml.text("recordings", "");
    add_message(xml, "noRecordings", "There are no recordings for the meeting(s).");
    return xml.finish();
}

std::string hook_created_reply(const Hook& hook, bool existed) {
    auto xml = success();
    xml.text("hookID", hook.id);
    if (existed) {
        add_message(xml, "duplicateWarning", "There is already a hook for this callback URL.");
        return xml.finish();
    }
    return xml.flag("permanentHook", false).flag("rawData", hook.raw).finish();
}

std::string hook_removed_reply() {
    auto xml = success();
    return xml.flag("removed", true).finish();
}

std::string hooks_reply(const std::vector<const Hook*>& hooks) {
    auto xml = success();
    xml.open("hooks");
    for (const auto* hook : hooks) add_hook(xml, *hook);
    return xml.finish();
}

}  // namespace aula::bbb
