// SPDX-License-Identifier: Apache-2.0
#include "lesson/lesson.hpp"

#include <algorithm>

namespace aula::lesson {

bool is_about_door(const Event& event) {
    using namespace event;
    return std::holds_alternative<Knocked>(event.what) ||
           std::holds_alternative<GaveUp>(event.what) ||
           std::holds_alternative<Admitted>(event.what) ||
           std::holds_alternative<TurnedAway>(event.what);
}

std::optional<std::vector<Event>> Lesson::since(std::string_view lesson_id,
                                                std::uint64_t seq) const {
    if (lesson_id != lesson_id_ || seq > seq_) return std::nullopt;
    const std::uint64_t missing = seq_ - seq;
    if (missing > recent_.size()) return std::nullopt;
    return std::vector<Event>(recent_.end() - static_cast<std::ptrdiff_t>(missing), recent_.end());
}

Snapshot Lesson::snapshot() const {
    Snapshot snapshot;
    snapshot.lesson_id = lesson_id_;
    snapshot.name = name_;
    snapshot.started_at = started_at_;
    snapshot.settings = settings_;
    snapshot.spotlight = spotlight_;
    snapshot.ended = ended_;
    snapshot.next_number = next_number_;
    for (const auto& [identity, person] : people_)
        snapshot.participants.push_back(person.participant);
    std::ranges::sort(snapshot.participants, {}, &Participant::number);
    snapshot.chat.assign(chat_.begin(), chat_.end());
    for (const auto& [identity, name] : removed_) snapshot.removed.push_back({identity, name});
    for (const auto& [identity, role] : given_roles_) snapshot.roles.push_back({identity, role});
    snapshot.waiting = waiting_;
    snapshot.admitted.assign(admitted_.begin(), admitted_.end());
    snapshot.turned_away.assign(turned_away_.begin(), turned_away_.end());
    return snapshot;
}

const Participant* Lesson::find(std::string_view identity) const {
    const auto found = people_.find(identity);
    return found == people_.end() ? nullptr : &found->second.participant;
}

bool Lesson::is_teacher(std::string_view identity) const {
    const Participant* participant = find(identity);
    return participant && participant->role == Role::teacher;
}

bool Lesson::is_removed(std::string_view identity) const { return removed_.contains(identity); }

bool Lesson::keeps_out(std::string_view guest) const {
    if (turned_away_.contains(guest)) return true;
    return settings_.guests != GuestPolicy::admit && !people_.contains(guest) &&
           !admitted_.contains(guest);
}

bool Lesson::is_waiting(std::string_view identity) const { return place_in_queue(identity) != 0; }

bool Lesson::is_turned_away(std::string_view identity) const {
    return turned_away_.contains(identity);
}

std::size_t Lesson::place_in_queue(std::string_view identity) const {
    const auto at = std::ranges::find(waiting_, identity, &WaitingGuest::identity);
    return at == waiting_.end() ? 0 : static_cast<std::size_t>(at - waiting_.begin()) + 1;
}

bool Lesson::may_publish(std::string_view identity, Source source) const {
    const Participant* participant = find(identity);
    if (!participant || ended_) return false;
    if (participant->role == Role::teacher) return true;
    switch (source) {
        case Source::microphone:
            return settings_.microphone;
        case Source::camera:
            return settings_.camera;
        case Source::screen_share:
            return settings_.screen_share;
        case Source::all:
            return settings_.microphone && settings_.camera && settings_.screen_share;
    }
    return false;
}

std::size_t Lesson::connected_count() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        people_, [](const auto& entry) { return entry.second.participant.connected; }));
}

std::size_t Lesson::teacher_count() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        people_, [](const auto& entry) { return entry.second.participant.role == Role::teacher; }));
}

}  // namespace aula::lesson
