// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "lesson/command.hpp"
#include "lesson/event.hpp"
#include "lesson/lesson.hpp"
#include "lesson/refusal.hpp"
#include "lesson/setup.hpp"

/// The JSON of docs/protocol/classroom.md, for the /classroom socket and for the hub's store.
namespace aula::lesson {

inline constexpr std::size_t max_message_size = 64 * 1024;  // of what a client sends

struct ClientMessage {
    std::uint64_t id = 0;
    std::optional<Command> command;  // absent: a ping
};
struct BadMessage {
    std::uint64_t id = 0;  // 0 when even that could not be read
    Refusal refusal = Refusal::bad_message;
};
/// Reads what a client sent; `by` is the identity of its token. Only what participants may ask is
/// understood.
Expected<ClientMessage, BadMessage> parse_message(std::string_view json, std::string by);

/// {"type":"event","seq":..,"at":..,"event":{..}}: the same on the socket and in the store.
std::string to_json(const Event& event);
/// As pupils get it: of what happens at the door nothing but its place in the sequence.
std::string to_json_for_pupils(const Event& event);
std::optional<Event> parse_event(std::string_view json);
/// The "lesson" object of a welcome, also stored by the hub together with its sequence number.
std::string to_json(const Snapshot& snapshot);
std::optional<Snapshot> parse_snapshot(std::string_view json);

/// {"type":"snapshot","seq":..,"lesson":{..}}: stands in the store for all events up to seq.
std::string stored_snapshot(std::uint64_t seq, const Snapshot& snapshot);
/// Takes over what the store holds of a lesson, one after the other: events, or a snapshot first.
/// False: it cannot be read, or does not follow.
bool take_stored(Lesson& lesson, std::string_view json);

/// The first message to a participant: events after `since` when they are all still here and tell
/// all that the participant may know, else a snapshot. Pupils hear of nobody at the door.
struct CatchUp {
    std::string_view lesson_id;
    std::uint64_t since = 0;
};
std::string welcome(const Lesson& lesson, const Participant& you, std::optional<CatchUp> from,
                    WallTime now);

/// To one person after the welcome, and when any of it changed: what the lesson's maker has to say
/// to them, and when it will end.
std::string about(const Setup& setup, Role role, const std::optional<ForeseenEnd>& end);
/// To a guest at the door.
std::string waiting(const Lesson& lesson, std::string_view identity);

std::string ok(std::uint64_t id, std::uint64_t seq);
std::string refused(std::uint64_t id, Refusal refusal);
std::string pong(std::uint64_t id, WallTime now);

/// "teacher", "pupil".
std::string_view name_of(Role role);
std::string_view name_of(EndReason reason);
std::optional<Role> role_of(std::string_view name);
std::optional<EndReason> end_reason_of(std::string_view name);

}  // namespace aula::lesson
