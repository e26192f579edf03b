// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "bbb/event.hpp"
#include "bbb/join.hpp"
#include "bbb/meeting.hpp"
#include "hub/lessons.hpp"

namespace aula::hub {

/// Somebody for whom the platform made a join call.
struct BbbUser {
    std::string lesson;
    std::string identity;     // internal
    std::string external_id;  // the platform's own
    std::string name;
    bool moderator = false;
    bool guest = false;
    bbb::Fields customdata;
    bool waits_when_asked = false;
    std::string avatar_url;
    std::string auth_token;
    std::string session_token;
};
std::string to_json(const BbbUser& user);
/// As whom this person comes to the lesson.
Session session_of(const BbbUser& user);

/// The lessons that are BigBlueButton meetings, and who was let into them. Lives on the hub's loop.
class BbbMeetings {
public:
    static constexpr std::size_t most_users = 10'000;  // join calls of one meeting

    BbbMeetings(Lessons& lessons, store::Store& store);

    struct Found {
        const LessonRecord* lesson = nullptr;
        const bbb::Meeting* meeting = nullptr;
        explicit operator bool() const { return meeting != nullptr; }
    };
    /// By external or internal id; the newest that has not ended.
    Found find(const std::string& id);
    /// Those that have not ended.
    std::vector<Found> all();
    /// Null when the lesson is not a meeting. Of one that goes on, what it can be found by is known
    /// from then on.
    const bbb::Meeting* meeting_of(const LessonRecord& lesson);
    std::vector<Found> breakouts_of(const bbb::Meeting& parent);
    bbb::MeetingStatus status(const Found& found);
    bool voice_bridge_is_taken(const std::string& bridge) const {
        return by_bridge_.contains(bridge);
    }

    /// The platform ended it: for some time nobody is let in under its id, but told so.
    void note_forced_end(const bbb::Meeting& meeting);
    bool was_forced_to_end(const std::string& id) const;

    /// False when the meeting has had too many.
    bool add_user(BbbUser user);
    const BbbUser* find_user(const std::string& lesson, const std::string& identity) const;
    const BbbUser* find_session(const std::string& session_token) const;
    std::vector<const BbbUser*> users() const;
    /// Whether one more person may come; who is in already, by the platform's id, always may.
    bool has_place(const Found& found, const std::string& external_id);
    /// Null when nobody of this identity is there.
    const Attendee* find_attendee(const LessonRecord& lesson, const std::string& identity) const;
    bbb::EventUser event_user(const LessonRecord& lesson, const Attendee& who);

    /// The lesson is over.
    void forget(const std::string& lesson);

private:
    using Index = std::multimap<std::string, std::string>;  // to lessons

    void load_users();
    void index(const std::string& lesson, const bbb::Meeting& meeting);
    void unindex(const std::string& lesson, const bbb::Meeting& meeting);
    void remember(BbbUser user);

    Lessons& lessons_;
    store::Store& store_;
    std::map<std::string, bbb::Meeting> meetings_;  // by lesson
    Index by_internal_id_, by_bridge_, by_parent_;
    std::map<std::string, std::pair<std::string, std::string>> by_session_;  // lesson, identity
    std::deque<std::string> forced_ends_;                          // external and internal ids
    std::map<std::string, std::map<std::string, BbbUser>> users_;  // by lesson and identity
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace aula::hub
