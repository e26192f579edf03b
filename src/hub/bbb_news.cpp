// SPDX-License-Identifier: Apache-2.0
#include "hub/bbb_news.hpp"

#include <boost/json.hpp>

#include "bbb/hook.hpp"

namespace aula::hub {
namespace {

long long now_ms() { return unix_ms(WallClock::now()); }

}  // namespace

void BbbNews::on_news(const LessonNews& news) {
    const auto* meeting = meetings_.meeting_of(news.lesson);
    if (!meeting) return;
    using Kind = LessonNews::Kind;
    switch (news.kind) {
        case Kind::created:
            return hooks_.publish(bbb::meeting_created_event(*meeting, now_ms()), *meeting);
        case Kind::joined:
            return tell_of_user("user-joined", news, *meeting);
        case Kind::left:
            return tell_of_user("user-left", news, *meeting);
        case Kind::track_published:
            return on_track(news, *meeting, true);
        case Kind::track_unpublished:
            return on_track(news, *meeting, false);
        case Kind::ended:
            return on_ended(news, *meeting);
        case Kind::event:
            return on_event(news, *meeting);
        case Kind::started:
            return;
    }
}

void BbbNews::tell_of_user(const char* event, const LessonNews& news, const bbb::Meeting& meeting,
                           const bbb::EventFlags& flags) {
    if (!news.who) return;
    const auto user = meetings_.event_user(news.lesson, *news.who);
    hooks_.publish(bbb::user_event(event, meeting, user, now_ms(), flags), meeting);
}

void BbbNews::on_hand(const LessonNews& news, const bbb::Meeting& meeting,
                      const std::string& identity, bool is_raised) {
    const auto* who = meetings_.find_attendee(news.lesson, identity);
    if (!who) return;
    const auto user = meetings_.event_user(news.lesson, *who);
    hooks_.publish(bbb::user_event("user-raise-hand-changed", meeting, user, now_ms(),
                                   {{"raise-hand", is_raised}}),
                   meeting);
}

void BbbNews::on_track(const LessonNews& news, const bbb::Meeting& meeting, bool published) {
    if (news.track_source == "MICROPHONE") {
        tell_of_user(published ? "user-audio-voice-enabled" : "user-audio-voice-disabled", news,
                     meeting,
                     {{"listening-only", false}, {"sharing-mic", published}, {"muted", false}});
    } else if (news.track_source == "CAMERA") {
        tell_of_user(published ? "user-cam-broadcast-start" : "user-cam-broadcast-end", news,
                     meeting);
    } else if (news.track_source == "SCREEN_SHARE") {
        const char* id = published ? "meeting-screenshare-started" : "meeting-screenshare-stopped";
        hooks_.publish(bbb::meeting_event(id, meeting, now_ms()), meeting);
    }
}

void BbbNews::on_event(const LessonNews& news, const bbb::Meeting& meeting) try {
    const auto value = boost::json::parse({news.event_json.data(), news.event_json.size()});
    const auto& whole = value.as_object();
    const auto& event = whole.at("event").as_object();
    const auto text = [&](const char* name) { return std::string(event.at(name).as_string()); };
    const auto type = text("type");
    if (type == "hand_raised" || type == "hand_lowered")
        return on_hand(news, meeting, text("identity"), type == "hand_raised");
    if (type != "chat") return;
    const auto identity = text("identity");
    const auto* user = meetings_.find_user(news.lesson.id, identity);
    const bool moderator = text("role") == "teacher";
    const bbb::EventUser sender{
        identity, user ? user->external_id : identity, text("name"), moderator, moderator, false,
        {}};
    const auto id = std::to_string(whole.at("seq").to_number<std::int64_t>());
    hooks_.publish(bbb::chat_event(meeting, sender, id, text("text"),
                                   whole.at("at").to_number<std::int64_t>()),
                   meeting);
} catch (const std::exception&) {
    // An event of a newer node; nothing is told about it.
}

void BbbNews::on_ended(const LessonNews& news, const bbb::Meeting& meeting) {
    hooks_.publish(bbb::meeting_event("meeting-ended", meeting, now_ms()), meeting);
    // Nothing is recorded yet, so there are no recording marks.
    for (const auto& url :
         {meeting.metadata_value("endcallbackurl"), meeting.parameters.text("meetingEndedURL")}) {
        if (!url.empty()) hooks_.call(bbb::with_query(url, "recordingmarks=false"));
    }
    meetings_.forget(news.lesson.id);
}

}  // namespace aula::hub
