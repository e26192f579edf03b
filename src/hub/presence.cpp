// SPDX-License-Identifier: Apache-2.0
#include "hub/presence.hpp"

#include <variant>

#include "lesson/json.hpp"

namespace aula::hub {

namespace {

// The hub needs who is there, not what was said.
constexpr lesson::Limits without_memory{.chat_messages = 0, .chat_bytes = 0, .recent_events = 0};
// Of people who were given a token and may never come.
constexpr std::size_t most_expected = 5'000;
constexpr std::size_t most_tracks = 32;

}  // namespace

Presence::Presence() : lesson_(without_memory) {}

Presence::Change Presence::replay(const std::string& event_json) {
    using namespace lesson::event;
    Change change;
    const auto event = lesson::parse_event(event_json);
    if (!event) return change;
    if (!lesson_.replay(*event)) {
        // A node that could not be given the stored events began the lesson anew.
        const bool is_anew = event->seq == 1 && std::holds_alternative<Opened>(event->what) &&
                             event->at != lesson_.started_at();
        if (!is_anew) return change;
        *this = Presence();
        if (!lesson_.replay(*event)) return change;
    }
    change.taken = true;
    if (const auto* joined = std::get_if<Joined>(&event->what)) {
        join(joined->participant, change);
    } else if (const auto* lost = std::get_if<Disconnected>(&event->what)) {
        drop_tracks(lost->identity);
    } else if (std::holds_alternative<Reopened>(event->what)) {
        for (const auto& [identity, attendee] : attendees_) drop_tracks(identity);
    } else if (const auto* left = std::get_if<Left>(&event->what)) {
        leave(left->identity, change);
    } else if (const auto* removed = std::get_if<Removed>(&event->what)) {
        leave(removed->identity, change);
    } else if (const auto* raised = std::get_if<HandRaised>(&event->what)) {
        if (const auto at = attendees_.find(raised->identity); at != attendees_.end())
            at->second.hand_raised = true;
    } else if (const auto* lowered = std::get_if<HandLowered>(&event->what)) {
        if (const auto at = attendees_.find(lowered->identity); at != attendees_.end())
            at->second.hand_raised = false;
    } else if (const auto* given = std::get_if<RoleGiven>(&event->what)) {
        const auto at = attendees_.find(given->identity);
        if (at != attendees_.end())
            at->second.role = given->role == lesson::Role::teacher ? Role::teacher : Role::pupil;
    } else if (const auto* ended = std::get_if<Ended>(&event->what)) {
        change.ended = ended->reason;
    }
    return change;
}

void Presence::restore(const std::string& stored) {
    if (replay(stored).taken || !lesson::take_stored(lesson_, stored)) return;
    Change nobodys_news;
    for (const auto& participant : lesson_.snapshot().participants) join(participant, nobodys_news);
}

Lessons::Lobby Presence::lobby(const std::string& guest, lesson::GuestPolicy before) const {
    using lesson::GuestPolicy;
    const bool has_begun = lesson_.seq() != 0;
    const auto policy = has_begun ? lesson_.settings().guests : before;
    if (lesson_.is_turned_away(guest)) return Lessons::Lobby::turned_away;
    const bool is_kept_out = has_begun ? lesson_.keeps_out(guest) : policy != GuestPolicy::admit;
    if (!is_kept_out) return Lessons::Lobby::enters;
    return policy == GuestPolicy::deny ? Lessons::Lobby::turned_away : Lessons::Lobby::waits;
}

void Presence::join(const lesson::Participant& participant, Change& change) {
    const auto [at, is_new] = attendees_.try_emplace(participant.identity);
    Attendee& attendee = at->second;
    attendee.identity = participant.identity;
    attendee.name = participant.name;
    attendee.role = participant.role == lesson::Role::teacher ? Role::teacher : Role::pupil;
    attendee.hand_raised = participant.hand_raised_at.has_value();
    attendee.joined = participant.joined_at;
    if (const auto expected = expected_.find(participant.identity); expected != expected_.end()) {
        attendee.attributes = expected->second;
    }
    count_tracks(participant.identity);
    if (is_new) change.joined = &attendee;
}

void Presence::leave(const std::string& identity, Change& change) {
    tracks_.erase(identity);
    const auto at = attendees_.find(identity);
    if (at == attendees_.end()) return;
    change.left = std::move(at->second);
    attendees_.erase(at);
}

void Presence::expect(const std::string& identity, std::map<std::string, std::string> attributes) {
    if (const auto at = attendees_.find(identity); at != attendees_.end())
        at->second.attributes = attributes;
    if (expected_.size() >= most_expected) expected_.erase(expected_.begin());
    expected_[identity] = std::move(attributes);
}

const Attendee* Presence::on_track(const std::string& identity, const std::string& sid,
                                   TrackUse use, bool published) {
    // Its join may still be on the way to the disk.
    if (!tracks_.contains(identity) && tracks_.size() >= most_expected) return nullptr;
    auto& tracks = tracks_[identity];
    const bool changed = published ? tracks.size() < most_tracks && tracks.emplace(sid, use).second
                                   : tracks.erase(sid) != 0;
    if (tracks.empty()) tracks_.erase(identity);
    return changed ? count_tracks(identity) : nullptr;
}

const Attendee* Presence::count_tracks(const std::string& identity) {
    const auto at = attendees_.find(identity);
    if (at == attendees_.end()) return nullptr;
    at->second.audio_tracks = at->second.video_tracks = 0;
    const auto tracks = tracks_.find(identity);
    if (tracks == tracks_.end()) return &at->second;
    for (const auto& [sid, use] : tracks->second) {
        if (use == TrackUse::voice) ++at->second.audio_tracks;
        if (use == TrackUse::camera) ++at->second.video_tracks;
    }
    return &at->second;
}

/// Their connections are gone, and the tracks with them.
void Presence::drop_tracks(const std::string& identity) {
    tracks_.erase(identity);
    count_tracks(identity);
}

}  // namespace aula::hub
