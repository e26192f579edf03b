// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "lesson/command.hpp"

namespace aula::lesson {

struct Participant {
    std::uint32_t number = 0;  // the order of first joining, 1, 2, ...
    std::string identity;
    std::string name;
    Role role = Role::pupil;
    bool connected = true;
    WallTime joined_at;
    std::optional<WallTime> hand_raised_at;

    bool operator==(const Participant&) const = default;
};

struct ChatMessage {
    std::uint64_t seq = 0;  // of its event
    WallTime at;
    std::string identity;  // empty: the platform
    std::string name;
    Role role = Role::pupil;
    std::string text;
    std::string nonce;

    bool operator==(const ChatMessage&) const = default;
};

struct RemovedParticipant {
    std::string identity;
    std::string name;

    bool operator==(const RemovedParticipant&) const = default;
};

/// A guest at the door, who hears nothing of the lesson.
struct WaitingGuest {
    std::string identity;
    std::string name;
    WallTime since;

    bool operator==(const WaitingGuest&) const = default;
};

/// A role given in the lesson, which outlives leaving and coming back.
struct GivenRole {
    std::string identity;
    Role role = Role::pupil;

    bool operator==(const GivenRole&) const = default;
};

struct Ending {
    WallTime at;
    EndReason reason = EndReason::teacher;
    std::string by;  // identity, or empty

    bool operator==(const Ending&) const = default;
};

/// The whole state after one event.
struct Snapshot {
    std::string lesson_id;
    std::string name;
    WallTime started_at;
    Settings settings;
    std::string spotlight;  // identity, or empty
    std::optional<Ending> ended;
    std::uint32_t next_number = 1;
    std::vector<Participant> participants;  // by number
    std::vector<ChatMessage> chat;          // oldest first
    std::vector<RemovedParticipant> removed;
    std::vector<GivenRole> roles;
    std::vector<WaitingGuest> waiting;     // the longest first
    std::vector<std::string> admitted;     // identities of guests, to come back without waiting
    std::vector<std::string> turned_away;  // identities of guests

    bool operator==(const Snapshot&) const = default;
};

/// What happened. `by` is an identity; empty means the platform.
namespace event {

struct Opened {
    std::string lesson_id;
    std::string name;
    Settings settings;
};
/// All connections were lost with the node; everybody comes back by joining.
struct Reopened {};
/// New, or came back: replaces what was known of this identity.
struct Joined {
    Participant participant;
};
struct Disconnected {
    std::string identity;
};
struct Left {
    std::string identity;
    LeaveReason reason = LeaveReason::left;
};
struct Chatted {
    std::string identity;
    std::string name;
    Role role = Role::pupil;
    std::string text;
    std::string nonce;
};
struct HandRaised {
    std::string identity;
};
struct HandLowered {
    std::string identity;
    std::string by;
};
struct RoleGiven {
    std::string identity;
    Role role = Role::pupil;
    std::string by;
};
/// The room mutes these tracks now; it does not stop anybody from unmuting again.
struct Muted {
    std::optional<std::string> identity;  // absent: all pupils
    Source source = Source::microphone;
    std::string by;
};
struct SettingsChanged {
    Settings settings;
    std::string by;
};
/// Has left by it and may not come back; the room closes their connections.
struct Removed {
    std::string identity;
    std::string name;
    std::string by;
};
struct AllowedBack {
    std::string identity;
    std::string by;
};
struct Knocked {
    std::string identity;
    std::string name;
};
struct GaveUp {
    std::string identity;
};
struct Admitted {
    std::string identity;
    std::string name;
    std::string by;
};
struct TurnedAway {
    std::string identity;
    std::string name;
    std::string by;
};
struct Spotlighted {
    std::optional<std::string> identity;
    std::string by;
};
struct Ended {
    EndReason reason = EndReason::teacher;
    std::string by;
};

}  // namespace event

struct Event {
    std::uint64_t seq = 0;  // 1, 2, 3, ... without gaps
    WallTime at;            // whole milliseconds
    std::variant<event::Opened, event::Reopened, event::Joined, event::Disconnected, event::Left,
                 event::Chatted, event::HandRaised, event::HandLowered, event::RoleGiven,
                 event::Muted, event::SettingsChanged, event::Removed, event::AllowedBack,
                 event::Spotlighted, event::Ended, event::Knocked, event::GaveUp, event::Admitted,
                 event::TurnedAway>
        what;
};

/// Who stands at the door, or stood there, is for teachers to know.
bool is_about_door(const Event& event);

}  // namespace aula::lesson
