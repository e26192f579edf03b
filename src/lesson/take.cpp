// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lesson/lesson.hpp"

namespace aula::lesson {

namespace {

std::size_t text_size(const Event& event) {
    const auto* chat = std::get_if<event::Chatted>(&event.what);
    return chat ? chat->text.size() : 0;
}

}  // namespace

/// One function an event: how the state changes. The same for new and for stored events.
struct Lesson::Take {
    Lesson& lesson;
    const Event& event;

    void operator()(const event::Opened& opened) {
        lesson.lesson_id_ = opened.lesson_id;
        lesson.name_ = opened.name;
        lesson.settings_ = opened.settings;
        lesson.started_at_ = event.at;
    }

    void operator()(const event::Reopened&) {
        for (auto& [identity, person] : lesson.people_) person.participant.connected = false;
        lesson.waiting_.clear();  // they knock again
    }

    void operator()(const event::Joined& joined) {
        lesson.people_[joined.participant.identity].participant = joined.participant;
        lesson.next_number_ = std::max(lesson.next_number_, joined.participant.number + 1);
        lesson.had_teacher_ |= joined.participant.role == Role::teacher;
    }

    void operator()(const event::Disconnected& disconnected) {
        if (auto* participant = find(disconnected.identity)) participant->connected = false;
    }

    void operator()(const event::Left& left) { take_out(left.identity); }

    void operator()(const event::Chatted& chat) {
        lesson.chat_.push_back(
            {event.seq, event.at, chat.identity, chat.name, chat.role, chat.text, chat.nonce});
        lesson.chat_bytes_ += chat.text.size();
        lesson.trim_chat();
    }

    void operator()(const event::HandRaised& raised) {
        if (auto* participant = find(raised.identity)) participant->hand_raised_at = event.at;
    }

    void operator()(const event::HandLowered& lowered) {
        if (auto* participant = find(lowered.identity)) participant->hand_raised_at.reset();
    }

    void operator()(const event::RoleGiven& given) {
        if (auto* participant = find(given.identity)) participant->role = given.role;
        lesson.given_roles_[given.identity] = given.role;
        lesson.had_teacher_ |= given.role == Role::teacher;
    }

    void operator()(const event::Muted&) {}  // the room's to carry out; nothing to remember

    void operator()(const event::SettingsChanged& changed) { lesson.settings_ = changed.settings; }

    void operator()(const event::Removed& removed) {
        take_out(removed.identity);
        lesson.removed_[removed.identity] = removed.name;
    }

    void operator()(const event::AllowedBack& allowed) { lesson.removed_.erase(allowed.identity); }

    void operator()(const event::Spotlighted& spotlighted) {
        lesson.spotlight_ = spotlighted.identity.value_or("");
    }

    void operator()(const event::Ended& ended) {
        lesson.ended_ = Ending{event.at, ended.reason, ended.by};
    }

    void operator()(const event::Knocked& knocked) {
        lesson.waiting_.push_back({knocked.identity, knocked.name, event.at});
    }

    void operator()(const event::GaveUp& gone) { stop_waiting(gone.identity); }

    void operator()(const event::Admitted& admitted) {
        stop_waiting(admitted.identity);
        lesson.admitted_.insert(admitted.identity);
    }

    void operator()(const event::TurnedAway& turned) {
        stop_waiting(turned.identity);
        lesson.turned_away_.insert(turned.identity);
    }

    void stop_waiting(const std::string& identity) {
        std::erase_if(lesson.waiting_,
                      [&](const WaitingGuest& guest) { return guest.identity == identity; });
    }

    Participant* find(const std::string& identity) {
        const auto found = lesson.people_.find(identity);
        return found == lesson.people_.end() ? nullptr : &found->second.participant;
    }

    void take_out(const std::string& identity) {
        lesson.people_.erase(identity);
        if (lesson.spotlight_ == identity) lesson.spotlight_.clear();
    }
};

void Lesson::take(const Event& event) {
    seq_ = event.seq;
    std::visit(Take{*this, event}, event.what);
    remember(event);
}

void Lesson::remember(const Event& event) {
    recent_.push_back(event);
    recent_bytes_ += text_size(event);
    while (recent_.size() > limits_.recent_events || recent_bytes_ > limits_.chat_bytes) {
        recent_bytes_ -= text_size(recent_.front());
        recent_.pop_front();
    }
}

void Lesson::trim_chat() {
    while (chat_.size() > limits_.chat_messages || chat_bytes_ > limits_.chat_bytes) {
        chat_bytes_ -= chat_.front().text.size();
        chat_.pop_front();
    }
}

bool Lesson::replay(const Event& event) {
    const bool opens = std::holds_alternative<event::Opened>(event.what);
    if (event.seq != seq_ + 1 || opens != (seq_ == 0)) return false;
    take(event);
    return true;
}

void Lesson::restore(std::uint64_t seq, Snapshot snapshot) {
    *this = Lesson(limits_);
    seq_ = seq;
    lesson_id_ = std::move(snapshot.lesson_id);
    name_ = std::move(snapshot.name);
    started_at_ = snapshot.started_at;
    settings_ = snapshot.settings;
    spotlight_ = std::move(snapshot.spotlight);
    ended_ = std::move(snapshot.ended);
    next_number_ = snapshot.next_number;
    for (auto& participant : snapshot.participants) {
        people_[participant.identity].participant = participant;
    }
    for (auto& removed : snapshot.removed) removed_[removed.identity] = removed.name;
    for (auto& given : snapshot.roles) given_roles_[given.identity] = given.role;
    waiting_ = std::move(snapshot.waiting);
    admitted_.insert(snapshot.admitted.begin(), snapshot.admitted.end());
    turned_away_.insert(snapshot.turned_away.begin(), snapshot.turned_away.end());
    had_teacher_ = teacher_count() > 0;
    for (auto& message : snapshot.chat) {
        chat_bytes_ += message.text.size();
        chat_.push_back(std::move(message));
    }
    trim_chat();
}

}  // namespace aula::lesson
