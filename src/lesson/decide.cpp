// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <type_traits>

#include "lesson/chat_text.hpp"
#include "lesson/lesson.hpp"

namespace aula::lesson {

namespace {

template <class What>
constexpr bool is_for_platform =
    std::is_same_v<What, command::Open> || std::is_same_v<What, command::Join> ||
    std::is_same_v<What, command::Knock> || std::is_same_v<What, command::GiveUp> ||
    std::is_same_v<What, command::Disconnect> || std::is_same_v<What, command::Announce> ||
    std::is_same_v<What, command::Close>;

template <class What>
constexpr bool is_for_teachers =
    std::is_same_v<What, command::SetRole> || std::is_same_v<What, command::Mute> ||
    std::is_same_v<What, command::ChangeSettings> || std::is_same_v<What, command::Remove> ||
    std::is_same_v<What, command::AllowBack> || std::is_same_v<What, command::Admit> ||
    std::is_same_v<What, command::TurnAway> || std::is_same_v<What, command::Spotlight> ||
    std::is_same_v<What, command::End>;

Settings merged(Settings settings, const SettingsChange& change) {
    settings.camera = change.camera.value_or(settings.camera);
    settings.microphone = change.microphone.value_or(settings.microphone);
    settings.screen_share = change.screen_share.value_or(settings.screen_share);
    settings.chat = change.chat.value_or(settings.chat);
    settings.private_chat = change.private_chat.value_or(settings.private_chat);
    settings.guests = change.guests.value_or(settings.guests);
    return settings;
}

}  // namespace

/// One function a command: what happens, or why not. Nothing changes here but by the events
/// returned.
struct Lesson::Decide {
    const Lesson& lesson;
    const std::string& by;
    WallTime now;

    template <class... Events>
    static Outcome events(Events... events) {
        return std::vector<What>{What(std::move(events))...};
    }
    static Outcome nothing() { return std::vector<What>{}; }

    Outcome operator()(const command::Open& open) const {
        if (lesson.seq_ != 0) {
            const bool nobody = lesson.connected_count() == 0 && lesson.waiting_.empty();
            return nobody ? nothing() : events(event::Reopened{});
        }
        if (open.lesson_id.size() > lesson.limits_.name_bytes) return fail(Refusal::too_long);
        return events(event::Opened{
            open.lesson_id, clean_name(open.name, lesson.limits_.name_bytes), open.settings});
    }

    Outcome operator()(const command::Join& join) const {
        if (join.identity.empty()) return fail(Refusal::bad_message);
        if (join.identity.size() > lesson.limits_.name_bytes) return fail(Refusal::too_long);
        if (lesson.is_removed(join.identity)) return fail(Refusal::removed);
        const Participant* known = lesson.find(join.identity);
        if (!known && lesson.people_.size() >= lesson.limits_.participants)
            return fail(Refusal::full);

        Participant participant = known ? *known : newcomer(join.identity);
        participant.connected = true;
        participant.name = clean_name(join.name, lesson.limits_.name_bytes);
        if (participant.name.empty()) participant.name = join.identity;
        const auto given = lesson.given_roles_.find(join.identity);
        participant.role = given == lesson.given_roles_.end() ? join.role : given->second;
        if (known && participant == *known) return nothing();
        return events(event::Joined{std::move(participant)});
    }

    Participant newcomer(const std::string& identity) const {
        Participant participant;
        participant.number = lesson.next_number_;
        participant.identity = identity;
        participant.joined_at = now;
        return participant;
    }

    Outcome operator()(const command::Knock& knock) const {
        if (knock.identity.empty()) return fail(Refusal::bad_message);
        if (knock.identity.size() > lesson.limits_.name_bytes) return fail(Refusal::too_long);
        if (lesson.is_removed(knock.identity)) return fail(Refusal::removed);
        if (lesson.is_turned_away(knock.identity) || lesson.settings_.guests == GuestPolicy::deny)
            return fail(Refusal::turned_away);
        if (!lesson.keeps_out(knock.identity) || lesson.is_waiting(knock.identity))
            return nothing();
        if (lesson.waiting_.size() >= lesson.limits_.waiting) return fail(Refusal::full);
        auto name = clean_name(knock.name, lesson.limits_.name_bytes);
        if (name.empty()) name = knock.identity;
        return events(event::Knocked{knock.identity, std::move(name)});
    }

    Outcome operator()(const command::GiveUp& gone) const {
        if (!lesson.is_waiting(gone.identity)) return nothing();
        return events(event::GaveUp{gone.identity});
    }

    Outcome operator()(const command::Admit& admit) const {
        if (admit.identity && !lesson.is_waiting(*admit.identity))
            return fail(Refusal::unknown_participant);
        auto admitted = nothing();
        for (const WaitingGuest& guest : lesson.waiting_) {
            if (admit.identity && guest.identity != *admit.identity) continue;
            if (lesson.admitted_.size() + admitted->size() >= lesson.limits_.remembered)
                return fail(Refusal::full);
            admitted->emplace_back(event::Admitted{guest.identity, guest.name, by});
        }
        return admitted;
    }

    Outcome operator()(const command::TurnAway& turn) const {
        const auto place = lesson.place_in_queue(turn.identity);
        if (place == 0) return fail(Refusal::unknown_participant);
        if (lesson.turned_away_.size() >= lesson.limits_.remembered) return fail(Refusal::full);
        return events(event::TurnedAway{turn.identity, lesson.waiting_[place - 1].name, by});
    }

    Outcome operator()(const command::Disconnect& disconnect) const {
        const Participant* participant = lesson.find(disconnect.identity);
        if (!participant || !participant->connected) return nothing();
        return events(event::Disconnected{disconnect.identity});
    }

    Outcome operator()(const command::Leave& leave) const {
        if (!by.empty() && by != leave.identity) return fail(Refusal::not_allowed);
        if (!lesson.find(leave.identity)) return nothing();
        return events(event::Left{leave.identity, leave.reason});
    }

    Outcome operator()(const command::Announce& announce) const {
        auto text = clean_chat(announce.text, lesson.limits_.chat_characters);
        if (!text) return fail(text.error());
        return events(event::Chatted{"", clean_name(announce.name, lesson.limits_.name_bytes),
                                     Role::teacher, std::move(*text), ""});
    }

    Outcome operator()(const command::Close& close) const {
        return events(event::Ended{close.reason, ""});
    }

    Outcome operator()(const command::Chat& chat) const {
        const Participant* sender = lesson.find(by);
        if (!sender) return fail(Refusal::not_joined);
        if (sender->role == Role::pupil && !lesson.settings_.chat) return fail(Refusal::locked);
        if (chat.nonce.size() > 64) return fail(Refusal::too_long);
        if (is_kept(chat.nonce)) return nothing();
        auto text = clean_chat(chat.text, lesson.limits_.chat_characters);
        if (!text) return fail(text.error());
        return events(event::Chatted{by, sender->name, sender->role, std::move(*text), chat.nonce});
    }

    bool is_kept(const std::string& nonce) const {
        return !nonce.empty() && std::ranges::any_of(lesson.chat_, [&](const ChatMessage& message) {
            return message.nonce == nonce && message.identity == by;
        });
    }

    Outcome operator()(const command::RaiseHand&) const {
        const Participant* participant = lesson.find(by);
        if (!participant) return fail(Refusal::not_joined);
        if (participant->hand_raised_at) return nothing();
        return events(event::HandRaised{by});
    }

    Outcome operator()(const command::LowerHand& lower) const {
        const std::string& whose = lower.identity.value_or(by);
        if (whose != by && !by.empty() && !lesson.is_teacher(by)) return fail(Refusal::not_allowed);
        const Participant* participant = lesson.find(whose);
        if (!participant) return fail(Refusal::unknown_participant);
        if (!participant->hand_raised_at) return nothing();
        return events(event::HandLowered{whose, by});
    }

    Outcome operator()(const command::SetRole& set) const {
        const Participant* participant = lesson.find(set.identity);
        if (!participant) return fail(Refusal::unknown_participant);
        if (participant->role == set.role) return nothing();
        if (set.role == Role::pupil && lesson.teacher_count() == 1)
            return fail(Refusal::last_teacher);
        const bool known = lesson.given_roles_.contains(set.identity);
        if (!known && lesson.given_roles_.size() >= lesson.limits_.remembered)
            return fail(Refusal::full);
        return events(event::RoleGiven{set.identity, set.role, by});
    }

    Outcome operator()(const command::Mute& mute) const {
        if (mute.identity && !lesson.find(*mute.identity))
            return fail(Refusal::unknown_participant);
        return events(event::Muted{mute.identity, mute.source, by});
    }

    Outcome operator()(const command::ChangeSettings& change) const {
        const Settings before = lesson.settings_;
        const Settings after = merged(before, change.change);
        if (after == before) return nothing();
        auto happened = events(event::SettingsChanged{after, by});
        const auto mute = [&](bool was, bool is, Source source) {
            if (was && !is) happened->emplace_back(event::Muted{std::nullopt, source, by});
        };
        mute(before.microphone, after.microphone, Source::microphone);
        mute(before.camera, after.camera, Source::camera);
        mute(before.screen_share, after.screen_share, Source::screen_share);
        // The door changed: nobody goes on standing at it.
        if (after.guests == before.guests || after.guests == GuestPolicy::ask) return happened;
        for (const WaitingGuest& guest : lesson.waiting_) {
            if (after.guests == GuestPolicy::deny)
                happened->emplace_back(event::TurnedAway{guest.identity, guest.name, by});
            else
                happened->emplace_back(event::Admitted{guest.identity, guest.name, by});
        }
        return happened;
    }

    Outcome operator()(const command::Remove& remove) const {
        const Participant* participant = lesson.find(remove.identity);
        if (!participant) return fail(Refusal::unknown_participant);
        if (remove.identity == by) return fail(Refusal::not_allowed);
        if (lesson.removed_.size() >= lesson.limits_.remembered) return fail(Refusal::full);
        return events(event::Removed{remove.identity, participant->name, by});
    }

    Outcome operator()(const command::AllowBack& allow) const {
        if (!lesson.is_removed(allow.identity)) return fail(Refusal::unknown_participant);
        return events(event::AllowedBack{allow.identity, by});
    }

    Outcome operator()(const command::Spotlight& spotlight) const {
        if (spotlight.identity && !lesson.find(*spotlight.identity)) {
            return fail(Refusal::unknown_participant);
        }
        if (spotlight.identity.value_or("") == lesson.spotlight_) return nothing();
        return events(event::Spotlighted{spotlight.identity, by});
    }

    Outcome operator()(const command::End&) const {
        return events(event::Ended{EndReason::teacher, by});
    }
};

std::optional<Refusal> Lesson::may_ask(const Command& command, WallTime now) {
    const bool opens = std::holds_alternative<command::Open>(command.what);
    if (seq_ == 0 && !opens) return Refusal::not_open;
    if (ended_) return Refusal::ended;
    if (command.by.empty()) return std::nullopt;

    const auto sender = people_.find(command.by);
    if (sender == people_.end()) return Refusal::not_joined;
    const bool is_chat = std::holds_alternative<command::Chat>(command.what);
    auto& limit = is_chat ? sender->second.chat : sender->second.commands;
    const bool leaves = std::holds_alternative<command::Leave>(command.what);
    if (!leaves && !limit.allow(is_chat ? limits_.chat : limits_.commands, now))
        return Refusal::too_fast;

    const bool teacher = sender->second.participant.role == Role::teacher;
    const bool allowed = std::visit(
        [&](const auto& what) {
            using Asked = std::decay_t<decltype(what)>;
            return !is_for_platform<Asked> && (teacher || !is_for_teachers<Asked>);
        },
        command.what);
    return allowed ? std::nullopt : std::optional(Refusal::not_allowed);
}

Expected<std::vector<Event>, Refusal> Lesson::apply(const Command& command, WallTime now) {
    now = std::chrono::floor<std::chrono::milliseconds>(now);
    if (const auto refusal = may_ask(command, now)) return fail(*refusal);
    auto outcome = std::visit(Decide{*this, command.by, now}, command.what);
    if (!outcome) return fail(outcome.error());

    std::vector<Event> events;
    for (auto& what : *outcome) {
        events.push_back({seq_ + 1, now, std::move(what)});
        take(events.back());
    }
    return events;
}

}  // namespace aula::lesson
