// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "lesson/command.hpp"
#include "lesson/event.hpp"
#include "lesson/rate_limit.hpp"
#include "lesson/refusal.hpp"

namespace aula::lesson {

struct Limits {
    std::size_t participants = 2000;
    std::size_t remembered = 2000;  // of each: removed, given roles, admitted, turned away
    std::size_t waiting = 200;      // guests at the door
    std::size_t chat_messages = 1000;
    std::size_t chat_bytes = 1024 * 1024;  // of all chat kept
    std::size_t recent_events = 1000;
    std::size_t chat_characters = 4000;
    std::size_t name_bytes = 256;  // of names and identities
    Rate chat{5, std::chrono::milliseconds(1000)};
    Rate commands{20, std::chrono::milliseconds(250)};
};

/// The state of one lesson: who is there, roles, hands, chat, settings. Pure: commands and time in,
/// events out. Lives in its room; the hub stores every event, and replaying them rebuilds the
/// lesson elsewhere.
class Lesson {
public:
    explicit Lesson(Limits limits = {}) : limits_(limits) {}

    /// Carries a command out, or says why not. No events: there was nothing to change.
    Expected<std::vector<Event>, Refusal> apply(const Command& command, WallTime now);

    /// Takes over a stored event; events come in order. False: it does not follow the last one.
    bool replay(const Event& event);
    /// Takes over a stored state, after which events from seq + 1 may be replayed.
    void restore(std::uint64_t seq, Snapshot snapshot);

    std::uint64_t seq() const { return seq_; }
    /// The events after `seq`, or nullopt when a snapshot is needed instead: another lesson, or too
    /// long ago.
    std::optional<std::vector<Event>> since(std::string_view lesson_id, std::uint64_t seq) const;
    Snapshot snapshot() const;

    bool open() const { return seq_ != 0 && !ended_; }
    const std::string& id() const { return lesson_id_; }
    const std::string& name() const { return name_; }
    WallTime started_at() const { return started_at_; }
    const Settings& settings() const { return settings_; }
    const std::optional<Ending>& ended() const { return ended_; }
    const Participant* find(std::string_view identity) const;
    bool is_teacher(std::string_view identity) const;
    bool is_removed(std::string_view identity) const;
    /// Whether a guest of this identity may not be in the lesson (yet): it asks at the door, or it
    /// was refused there.
    bool keeps_out(std::string_view guest) const;
    bool is_waiting(std::string_view identity) const;
    bool is_turned_away(std::string_view identity) const;
    /// From 1 in the order of knocking; 0 when nobody of this identity waits.
    std::size_t place_in_queue(std::string_view identity) const;
    /// Whether this participant may send from this source now, by role and settings.
    bool may_publish(std::string_view identity, Source source) const;
    std::size_t participant_count() const { return people_.size(); }
    std::size_t connected_count() const;
    std::size_t teacher_count() const;
    bool had_participants() const { return next_number_ > 1; }
    /// As far as the events and snapshots that this was made of tell.
    bool had_teacher() const { return had_teacher_; }

private:
    struct Person {
        Participant participant;
        RateLimit chat;
        RateLimit commands;
    };
    using What = decltype(Event::what);
    using Outcome = Expected<std::vector<What>, Refusal>;
    struct Decide;  // decide.cpp: one function a command
    struct Take;    // take.cpp: one function an event

    std::optional<Refusal> may_ask(const Command& command, WallTime now);
    void take(const Event& event);
    void remember(const Event& event);
    void trim_chat();

    Limits limits_;
    std::uint64_t seq_ = 0;
    std::string lesson_id_;
    std::string name_;
    WallTime started_at_;
    Settings settings_;
    std::string spotlight_;
    std::optional<Ending> ended_;
    std::uint32_t next_number_ = 1;
    std::map<std::string, Person, std::less<>> people_;
    std::map<std::string, std::string, std::less<>> removed_;  // identity to name
    std::map<std::string, Role, std::less<>> given_roles_;
    std::vector<WaitingGuest> waiting_;
    std::set<std::string, std::less<>> admitted_;
    std::set<std::string, std::less<>> turned_away_;
    bool had_teacher_ = false;
    std::deque<ChatMessage> chat_;
    std::size_t chat_bytes_ = 0;
    std::deque<Event> recent_;
    std::size_t recent_bytes_ = 0;
};

}  // namespace aula::lesson
