// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "hub/lessons.hpp"
#include "lesson/lesson.hpp"

namespace aula::hub {

/// Who is in one lesson, from its stored events; what they publish, from what the node reports.
/// Pure.
class Presence {
public:
    Presence();

    struct Change {
        bool taken = false;
        const Attendee* joined = nullptr;
        std::optional<Attendee> left;
        std::optional<lesson::EndReason> ended;
    };
    /// An event that does not follow the last one, or cannot be read, changes nothing.
    Change replay(const std::string& event_json);
    /// What the store holds, one after the other: an event, or a snapshot first.
    void restore(const std::string& stored);
    /// Attributes that this identity will have.
    void expect(const std::string& identity, std::map<std::string, std::string> attributes);
    enum class TrackUse : std::uint8_t { voice, camera, screen };
    /// Null when nobody of this identity is there, or nothing changed.
    const Attendee* on_track(const std::string& identity, const std::string& sid, TrackUse use,
                             bool published);

    /// Also those whose connection is lost and who may come back.
    const std::map<std::string, Attendee>& attendees() const { return attendees_; }
    bool was_removed(const std::string& identity) const { return lesson_.is_removed(identity); }
    /// `before`: the policy of a lesson that has not begun.
    Lessons::Lobby lobby(const std::string& guest, lesson::GuestPolicy before) const;
    std::size_t place_in_queue(const std::string& guest) const {
        return lesson_.place_in_queue(guest);
    }

private:
    void join(const lesson::Participant& participant, Change& change);
    void leave(const std::string& identity, Change& change);
    const Attendee* count_tracks(const std::string& identity);
    void drop_tracks(const std::string& identity);

    lesson::Lesson lesson_;
    std::map<std::string, Attendee> attendees_;
    std::map<std::string, std::map<std::string, std::string>> expected_;
    std::map<std::string, std::map<std::string, TrackUse>> tracks_;  // by identity and sid
};

}  // namespace aula::hub
