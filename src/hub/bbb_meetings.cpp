// SPDX-License-Identifier: Apache-2.0
#include "hub/bbb_meetings.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include <boost/json.hpp>

#include "base/log.hpp"
#include "store/store.hpp"
#include "store/tables.hpp"

namespace aula::hub {
namespace {

constexpr const char* user_documents = "bbb_user";

std::string user_key(const std::string& lesson, const std::string& identity) {
    return lesson + '/' + identity;
}

std::optional<BbbUser> user_from_json(std::string_view text) try {
    const auto value = boost::json::parse({text.data(), text.size()});
    const auto& stored = value.as_object();
    const auto string = [&](const char* name) { return std::string(stored.at(name).as_string()); };
    BbbUser user{string("lesson"),
                 string("identity"),
                 string("external_id"),
                 string("name"),
                 stored.at("moderator").as_bool(),
                 stored.at("guest").as_bool(),
                 {}};
    for (const auto& [name, data] : stored.at("customdata").as_object()) {
        user.customdata.emplace_back(name, std::string(data.as_string()));
    }
    return user;
} catch (const std::exception&) {
    return std::nullopt;
}

}  // namespace

std::string to_json(const BbbUser& user) {
    boost::json::object customdata;
    for (const auto& [name, value] : user.customdata) customdata[name] = value;
    return boost::json::serialize(boost::json::object{{"lesson", user.lesson},
                                                      {"identity", user.identity},
                                                      {"external_id", user.external_id},
                                                      {"name", user.name},
                                                      {"moderator", user.moderator},
                                                      {"guest", user.guest},
                                                      {"customdata", std::move(customdata)}});
}

BbbMeetings::BbbMeetings(Lessons& lessons, store::Store& store) : lessons_(lessons), store_(store) {
    load_users();
}

void BbbMeetings::load_users() {
    using Documents = std::vector<std::pair<std::string, std::string>>;
    store_.ask(
        [](soci::session& session) { return store::load_documents(session, user_documents); },
        [this, alive = std::weak_ptr(alive_)](const Expected<Documents, Error>& documents) {
            if (alive.expired() || !documents) return;
            for (const auto& [key, json] : *documents) {
                if (auto user = user_from_json(json))
                    users_[user->lesson].try_emplace(user->identity, *user);
            }
        });
}

const bbb::Meeting* BbbMeetings::meeting_of(const LessonRecord& lesson) {
    const auto at = meetings_.find(lesson.id);
    if (at != meetings_.end()) return &at->second;
    if (lesson.made.external_id.empty()) return nullptr;
    auto meeting = bbb::meeting_from_json(lesson.made.settings);
    return meeting ? &meetings_.emplace(lesson.id, std::move(*meeting)).first->second : nullptr;
}

std::vector<BbbMeetings::Found> BbbMeetings::all() {
    std::vector<Found> found;
    for (const auto* lesson : lessons_.list()) {
        if (const auto* meeting = meeting_of(*lesson)) found.push_back({lesson, meeting});
    }
    return found;
}

BbbMeetings::Found BbbMeetings::find(const std::string& id) {
    if (const auto* lesson = lessons_.find_external(id)) return {lesson, meeting_of(*lesson)};
    const auto meetings = all();
    const auto at = std::find_if(meetings.begin(), meetings.end(), [&](const Found& found) {
        return found.meeting->internal_id == id;
    });
    return at == meetings.end() ? Found{} : *at;
}

std::vector<BbbMeetings::Found> BbbMeetings::breakouts() {
    auto found = all();
    std::erase_if(found, [](const Found& one) { return !one.meeting->is_breakout(); });
    return found;
}

bbb::MeetingStatus BbbMeetings::status(const Found& found, const std::vector<Found>& breakouts) {
    bbb::MeetingStatus status;
    status.running = lessons_.is_running(found.lesson->id);
    status.has_user_joined = found.lesson->started.has_value();
    if (found.lesson->started) status.started_ms = unix_ms(*found.lesson->started);
    bool has_presenter = false;
    for (const auto* who : lessons_.attendees(found.lesson->id)) {
        const auto* user = find_user(found.lesson->id, who->identity);
        bbb::Attendee attendee;
        attendee.user_id = user ? user->external_id : who->identity;
        attendee.full_name = who->name;
        attendee.moderator = who->role == Role::teacher;
        attendee.presenter = attendee.moderator && !has_presenter;
        attendee.has_voice = who->audio_tracks > 0;
        attendee.has_video = who->video_tracks > 0;
        if (user) attendee.customdata = user->customdata;
        has_presenter = has_presenter || attendee.presenter;
        status.attendees.push_back(std::move(attendee));
    }
    for (const auto& breakout : breakouts) {
        if (breakout.meeting->parent_id != found.meeting->internal_id) continue;
        status.breakouts.push_back(breakout.meeting->internal_id);
    }
    return status;
}

bool BbbMeetings::voice_bridge_is_taken(const std::string& bridge) {
    const auto meetings = all();
    return std::any_of(meetings.begin(), meetings.end(),
                       [&](const Found& found) { return found.meeting->voice_bridge == bridge; });
}

bool BbbMeetings::add_user(BbbUser user) {
    auto& of_lesson = users_[user.lesson];
    if (of_lesson.size() >= most_users) return false;
    auto key = user_key(user.lesson, user.identity);
    store_.ask(
        [key = std::move(key), json = to_json(user)](soci::session& session) {
            store::save_document(session, user_documents, key, json);
        },
        [](const Expected<void, Error>& saved) {
            if (!saved) log::warning("join call not stored", {{"why", saved.error().text}});
        });
    auto identity = user.identity;
    of_lesson.insert_or_assign(std::move(identity), std::move(user));
    return true;
}

const BbbUser* BbbMeetings::find_user(const std::string& lesson,
                                      const std::string& identity) const {
    const auto of_lesson = users_.find(lesson);
    if (of_lesson == users_.end()) return nullptr;
    const auto at = of_lesson->second.find(identity);
    return at == of_lesson->second.end() ? nullptr : &at->second;
}

std::vector<const BbbUser*> BbbMeetings::users() const {
    std::vector<const BbbUser*> out;
    for (const auto& [lesson, of_lesson] : users_) {
        for (const auto& [identity, user] : of_lesson) out.push_back(&user);
    }
    return out;
}

bool BbbMeetings::has_place(const Found& found, const std::string& external_id) {
    const auto most = found.meeting->max_participants();
    if (most == 0) return true;
    std::set<std::string> inside;
    for (const auto* who : lessons_.attendees(found.lesson->id)) {
        const auto* user = find_user(found.lesson->id, who->identity);
        inside.insert(user ? user->external_id : who->identity);
    }
    return inside.size() < most || inside.contains(external_id);
}

bbb::EventUser BbbMeetings::event_user(const LessonRecord& lesson, const Attendee& who) {
    const auto* user = find_user(lesson.id, who.identity);
    const bool moderator = who.role == Role::teacher;
    return {who.identity,
            user ? user->external_id : who.identity,
            who.name,
            moderator,
            moderator,
            user && user->guest,
            user ? user->customdata : bbb::Fields{}};
}

void BbbMeetings::forget(const std::string& lesson) {
    std::vector<std::string> keys;
    for (const auto& [identity, user] : users_[lesson]) keys.push_back(user_key(lesson, identity));
    users_.erase(lesson);
    meetings_.erase(lesson);
    if (keys.empty()) return;
    store_.ask(
        [keys = std::move(keys)](soci::session& session) {
            for (const auto& key : keys) store::delete_document(session, user_documents, key);
        },
        [](const Expected<void, Error>&) {});
}

}  // namespace aula::hub
