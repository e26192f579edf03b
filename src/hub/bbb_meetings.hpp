// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
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
};
std::string to_json(const BbbUser& user);

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
    std::vector<Found> all();
    /// Null when the lesson is not a meeting.
    const bbb::Meeting* meeting_of(const LessonRecord& lesson);
    /// All breakout rooms, of whichever meeting.
    std::vector<Found> breakouts();
    bbb::MeetingStatus status(const Found& found, const std::vector<Found>& breakouts);
    bool voice_bridge_is_taken(const std::string& bridge);

    /// False when the meeting has had too many.
    bool add_user(BbbUser user);
    const BbbUser* find_user(const std::string& lesson, const std::string& identity) const;
    std::vector<const BbbUser*> users() const;
    /// Whether one more person may come; who is in already, by the platform's id, always may.
    bool has_place(const Found& found, const std::string& external_id);
    bbb::EventUser event_user(const LessonRecord& lesson, const Attendee& who);

    /// The lesson is over.
    void forget(const std::string& lesson);

private:
    void load_users();

    Lessons& lessons_;
    store::Store& store_;
    std::map<std::string, bbb::Meeting> meetings_;                 // by lesson
    std::map<std::string, std::map<std::string, BbbUser>> users_;  // by lesson and identity
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace aula::hub
