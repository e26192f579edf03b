// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "hub/lesson_record.hpp"

namespace aula::store {
class Store;
}
namespace livekit {
class WebhookEvent;
class ListParticipantsResponse;
}  // namespace livekit

namespace aula::hub {

/// Somebody who is in a room now.
struct Attendee {
    std::string identity;
    std::string name;
    Role role = Role::pupil;
    std::map<std::string, std::string> attributes;
    std::uint32_t audio_tracks = 0;  // of microphones, also muted ones
    std::uint32_t video_tracks = 0;  // of cameras; a shared screen is none
    bool hand_raised = false;
    WallTime joined;
};

/// Who comes to a lesson by a session link. Attributes go into the access token and so to everybody
/// in the room.
struct Session {
    std::string lesson;
    std::string identity;
    std::string name;
    Role role = Role::pupil;
    std::map<std::string, std::string> attributes;

    /// A teacher decides about this person when the lesson asks at its door.
    bool is_guest() const { return attributes.contains("aula.guest"); }
    void be_guest() { attributes["aula.guest"] = "ask"; }
};

/// What happened in a lesson, for callbacks.
struct LessonNews {
    enum class Kind : std::uint8_t {
        created,
        started,
        joined,
        left,
        track_published,
        track_unpublished,
        ended,
        event,  // one event of the lesson (docs/protocol/classroom.md) that is on disk now
    };
    Kind kind;
    const LessonRecord& lesson;
    const Attendee* who = nullptr;     // joined, left, track_*
    std::string_view track_kind = {};  // "audio", "video"
    std::string_view track_source =
        {};  // "CAMERA", "MICROPHONE", "SCREEN_SHARE", "SCREEN_SHARE_AUDIO"
    std::string_view event_json = {};
};

/// All lessons that are not forgotten, in memory and in the store. Lives on the hub's loop.
/// Pointers given out are good until the next turn of the loop.
class Lessons {
public:
    using Created = std::function<void(Expected<const LessonRecord*, Error>)>;
    using Stored = std::function<void(Expected<void, Error>)>;
    using Listener = std::function<void(const LessonNews&)>;

    /// Answered when the lesson is on disk.
    void create(NewLesson lesson, Created created);
    /// Changes title or settings of a lesson that goes on.
    void change(const std::string& id, std::string title, std::string settings);
    /// Over for everybody, who are told why: its room is closed, its codes answer "ended". False:
    /// unknown, or over already. `stored` may be empty: whether a restart will know it; if not, it
    /// may be ended again.
    bool end(const std::string& id, lesson::EndReason why = lesson::EndReason::platform,
             Stored stored = {});
    /// Ends it and forgets it and its events.
    bool remove(const std::string& id);

    const LessonRecord* find(const std::string& id) const;
    /// The newest with this external id that has not ended.
    const LessonRecord* find_external(const std::string& external_id) const;
    /// By a teacher's or a pupil's code, also ended ones.
    std::optional<std::pair<const LessonRecord*, Role>> find_code(const std::string& code) const;
    /// In order of creation; ended ones only when asked for.
    std::vector<const LessonRecord*> list(bool with_ended = false) const;

    /// Somebody is in it now.
    bool is_running(const std::string& id) const;
    std::vector<const Attendee*> attendees(const std::string& id) const;
    /// A teacher took this identity out of the lesson.
    bool was_removed(const std::string& id, const std::string& identity) const;
    /// What a guest (is_guest) finds at the door of the lesson.
    enum class Lobby : std::uint8_t { enters, waits, turned_away };
    Lobby lobby(const std::string& id, const std::string& guest) const;
    /// From 1 for the guest who has waited longest; 0: does not wait.
    std::size_t place_in_queue(const std::string& id, const std::string& guest) const;

    /// Good for 24 hours, for this lesson and identity only; needs no memory here.
    std::string seal(const Session& session) const;
    Expected<Session, Error> unseal(std::string_view sealed) const;
    /// PUBLIC_URL/l/<code>, and with #session= for somebody who is known.
    std::string link(const LessonRecord& lesson, Role role) const;
    std::string session_link(const LessonRecord& lesson, const Session& session) const;

    /// Called on the hub's loop for everything that happens, in order.
    void listen(Listener listener);

    // The hub's own side, not for fronts.
    struct Wiring {
        store::Store* store = nullptr;
        std::string public_url;
        std::string session_key;
        std::function<void(const std::string& room, lesson::EndReason why)> close_room;
        std::function<bool(const std::string& room)> is_open;  // on a node now
        std::function<WallTime()> clock = [] { return WallClock::now(); };
    };
    explicit Lessons(Wiring wiring);
    ~Lessons();
    Lessons(const Lessons&) = delete;
    Lessons& operator=(const Lessons&) = delete;

    /// At start-up, before the store has its thread: what it knows.
    Expected<void, Error> load();
    /// Now and then: the events of what ended a day ago, and all of what ended 30 days ago.
    void forget_old();
    /// A token was given to somebody; the attributes are those of his Attendee.
    void admit(const Session& session);
    /// Events of a running lesson, now on disk, each once and in order.
    void on_events_stored(const std::string& room, const std::vector<std::string>& events);
    void on_room_closed(const std::string& room);
    /// A LiveKit webhook event of a node: who publishes what.
    void on_webhook(const livekit::WebhookEvent& event);
    /// What a node that came back says about who is in a room and publishes.
    void on_participants(const std::string& room,
                         const livekit::ListParticipantsResponse& participants);
    std::size_t size() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace aula::hub
