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
constexpr std::size_t most_forced_ends = 2'000;

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
                 {},
                 false,
                 {},
                 {},
                 {}};
    const auto optional = [&](const char* name) {
        const auto* there = stored.if_contains(name);
        return there ? std::string(there->as_string()) : std::string();
    };
    const auto* waits = stored.if_contains("waits_when_asked");
    user.waits_when_asked = waits && waits->as_bool();
    user.avatar_url = optional("avatar_url");
    user.auth_token = optional("auth_token");
    user.session_token = optional("session_token");
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
                                                      {"waits_when_asked", user.waits_when_asked},
                                                      {"avatar_url", user.avatar_url},
                                                      {"auth_token", user.auth_token},
                                                      {"session_token", user.session_token},
                                                      {"customdata", std::move(customdata)}});
}

Session session_of(const BbbUser& user) {
    Session session{
        user.lesson, user.identity, user.name, user.moderator ? Role::teacher : Role::pupil, {}};
    if (bbb::is_web_url(user.avatar_url)) session.attributes["avatar"] = user.avatar_url;
    if (user.waits_when_asked) session.be_guest();
    return session;
}

BbbMeetings::BbbMeetings(Lessons& lessons, store::Store& store) : lessons_(lessons), store_(store) {
    for (const auto* lesson : lessons_.list()) meeting_of(*lesson);
    load_users();
}

void BbbMeetings::load_users() {
    using Documents = std::vector<std::pair<std::string, std::string>>;
    store_.ask(
        [](soci::session& session) { return store::load_documents(session, user_documents); },
        [this, alive = std::weak_ptr(alive_)](const Expected<Documents, Error>& documents) {
            if (alive.expired() || !documents) return;
            for (const auto& [key, json] : *documents) {
                auto user = user_from_json(json);
                if (user && find_user(user->lesson, user->identity) == nullptr)
                    remember(std::move(*user));
            }
        });
}

const bbb::Meeting* BbbMeetings::meeting_of(const LessonRecord& lesson) {
    const auto at = meetings_.find(lesson.id);
    if (at != meetings_.end()) return &at->second;
    if (lesson.made.external_id.empty()) return nullptr;
    auto meeting = bbb::meeting_from_json(lesson.made.settings);
    if (!meeting) return nullptr;
    const auto& known = meetings_.emplace(lesson.id, std::move(*meeting)).first->second;
    if (!lesson.ended) index(lesson.id, known);
    return &known;
}

void BbbMeetings::index(const std::string& lesson, const bbb::Meeting& meeting) {
    by_internal_id_.emplace(meeting.internal_id, lesson);
    by_bridge_.emplace(meeting.voice_bridge, lesson);
    if (meeting.is_breakout()) by_parent_.emplace(meeting.parent_id, lesson);
}

void BbbMeetings::unindex(const std::string& lesson, const bbb::Meeting& meeting) {
    const auto drop = [&](Index& index, const std::string& key) {
        const auto [first, last] = index.equal_range(key);
        const auto at =
            std::find_if(first, last, [&](const auto& entry) { return entry.second == lesson; });
        if (at != last) index.erase(at);
    };
    drop(by_internal_id_, meeting.internal_id);
    drop(by_bridge_, meeting.voice_bridge);
    drop(by_parent_, meeting.parent_id);
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
    const auto at = by_internal_id_.find(id);
    const auto* lesson = at == by_internal_id_.end() ? nullptr : lessons_.find(at->second);
    return lesson == nullptr ? Found{} : Found{lesson, meeting_of(*lesson)};
}

std::vector<BbbMeetings::Found> BbbMeetings::breakouts_of(const bbb::Meeting& parent) {
    std::vector<Found> found;
    const auto [first, last] = by_parent_.equal_range(parent.internal_id);
    for (auto at = first; at != last; ++at) {
        const auto* lesson = lessons_.find(at->second);
        if (lesson != nullptr) found.push_back({lesson, meeting_of(*lesson)});
    }
    return found;
}

void BbbMeetings::note_forced_end(const bbb::Meeting& meeting) {
    for (const auto& id : {meeting.meeting_id, meeting.internal_id}) forced_ends_.push_back(id);
    while (forced_ends_.size() > most_forced_ends) forced_ends_.pop_front();
}

bool BbbMeetings::was_forced_to_end(const std::string& id) const {
    return std::find(forced_ends_.begin(), forced_ends_.end(), id) != forced_ends_.end();
}

bbb::MeetingStatus BbbMeetings::status(const Found& found) {
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
    for (const auto& breakout : breakouts_of(*found.meeting))
        status.breakouts.push_back(breakout.meeting->internal_id);
    return status;
}

bool BbbMeetings::add_user(BbbUser user) {
    const auto of_lesson = users_.find(user.lesson);
    if (of_lesson != users_.end() && of_lesson->second.size() >= most_users) return false;
    auto key = user_key(user.lesson, user.identity);
    store_.ask(
        [key = std::move(key), json = to_json(user)](soci::session& session) {
            store::save_document(session, user_documents, key, json);
        },
        [](const Expected<void, Error>& saved) {
            if (!saved) log::warning("join call not stored", {{"why", saved.error().text}});
        });
    remember(std::move(user));
    return true;
}

void BbbMeetings::remember(BbbUser user) {
    auto& of_lesson = users_[user.lesson];
    const auto before = of_lesson.find(user.identity);
    if (before != of_lesson.end()) by_session_.erase(before->second.session_token);
    if (!user.session_token.empty()) by_session_[user.session_token] = {user.lesson, user.identity};
    auto identity = user.identity;
    of_lesson.insert_or_assign(std::move(identity), std::move(user));
}

const BbbUser* BbbMeetings::find_session(const std::string& session_token) const {
    const auto at = by_session_.find(session_token);
    return at == by_session_.end() ? nullptr : find_user(at->second.first, at->second.second);
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

const Attendee* BbbMeetings::find_attendee(const LessonRecord& lesson,
                                           const std::string& identity) const {
    const auto inside = lessons_.attendees(lesson.id);
    const auto at = std::find_if(inside.begin(), inside.end(),
                                 [&](const auto* who) { return who->identity == identity; });
    return at == inside.end() ? nullptr : *at;
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
    for (const auto& [identity, user] : users_[lesson]) {
        keys.push_back(user_key(lesson, identity));
        by_session_.erase(user.session_token);
    }
    users_.erase(lesson);
    if (const auto at = meetings_.find(lesson); at != meetings_.end()) {
        unindex(lesson, at->second);
        meetings_.erase(at);
    }
    if (keys.empty()) return;
    store_.ask(
        [keys = std::move(keys)](soci::session& session) {
            for (const auto& key : keys) store::delete_document(session, user_documents, key);
        },
        [](const Expected<void, Error>&) {});
}

}  // namespace aula::hub
