// SPDX-License-Identifier: Apache-2.0
// What nodes tell of lessons, and who is in which.
#include <utility>

#include "base/log.hpp"
#include "hub/lessons_state.hpp"
#include "signal/livekit.pb.h"
#include "store/store.hpp"
#include "store/tables.hpp"

namespace aula::hub {

namespace {

Presence::TrackUse use_of(const livekit::TrackInfo& track) {
    const auto source = track.source();
    if (source == livekit::SCREEN_SHARE || source == livekit::SCREEN_SHARE_AUDIO)
        return Presence::TrackUse::screen;
    return track.type() == livekit::AUDIO ? Presence::TrackUse::voice : Presence::TrackUse::camera;
}

}  // namespace

void Lessons::admit(const Session& session) {
    if (auto* entry = state_->find(session.lesson))
        entry->presence.expect(session.identity, session.attributes);
}

void Lessons::State::on_event(Entry& entry, const std::string& json) {
    const auto change = entry.presence.replay(json);
    if (!change.taken) return;  // sent again after a lost link
    bound_log(entry, json.size());
    LessonNews news{.kind = LessonNews::Kind::event, .lesson = entry.record, .event_json = json};
    tell(news);
    if (change.joined != nullptr) {
        news.who = change.joined;
        if (!entry.record.started) {
            entry.record.started = wiring.clock();
            save(entry.record);
            news.kind = LessonNews::Kind::started;
            tell(news);
        }
        news.kind = LessonNews::Kind::joined;
        tell(news);
    }
    if (change.left) {
        news.who = &*change.left;
        news.kind = LessonNews::Kind::left;
        tell(news);
    }
    if (!change.ended) return;
    // An empty room is the end of the lesson only where its maker said so.
    if (*change.ended != lesson::EndReason::empty || entry.record.made.ends_with_room)
        return end(entry, *change.ended);
    entry.presence = {};
    entry.log = {};
    wiring.store->ask(
        [room = entry.record.id](soci::session& session) { store::delete_events(session, room); },
        [](const Expected<void, Error>&) {});
}

void Lessons::State::bound_log(Entry& entry, std::size_t event_bytes) {
    entry.log.add(event_bytes);
    if (!entry.log.is_long()) return;
    entry.log = {};
    wiring.store->ask(
        [room = entry.record.id](soci::session& session) { shorten_log(session, room); },
        [room = entry.record.id](const Expected<void, Error>& done) {
            if (!done)
                log::error("a lesson's log was not shortened",
                           {{"room", room}, {"why", done.error().text}});
        });
}

void Lessons::on_events_stored(const std::string& room, const std::vector<std::string>& events) {
    for (const std::string& event : events) {
        // A listener may remove the lesson.
        auto* entry = state_->find(room);
        if (entry == nullptr || entry->record.ended) return;
        state_->on_event(*entry, event);
    }
}

void Lessons::on_room_closed(const std::string& room) {
    auto* entry = state_->find(room);
    if (entry == nullptr || entry->record.ended) return;
    // A room that its node gave up with people inside goes on elsewhere.
    if (entry->record.made.ends_with_room && entry->presence.attendees().empty())
        state_->end(*entry, lesson::EndReason::empty);
}

void Lessons::on_webhook(const livekit::WebhookEvent& event) {
    const bool published = event.event() == "track_published";
    if (!published && event.event() != "track_unpublished") return;
    auto* entry = state_->find(event.room().name());
    if (entry == nullptr) return;
    const bool audio = event.track().type() == livekit::AUDIO;
    const Attendee* who = entry->presence.on_track(
        event.participant().identity(), event.track().sid(), use_of(event.track()), published);
    if (who == nullptr) return;
    using Kind = LessonNews::Kind;
    state_->tell({.kind = published ? Kind::track_published : Kind::track_unpublished,
                  .lesson = entry->record,
                  .who = who,
                  .track_kind = audio ? "audio" : "video",
                  .track_source = livekit::TrackSource_Name(event.track().source())});
}

void Lessons::on_participants(const std::string& room,
                              const livekit::ListParticipantsResponse& participants) {
    auto* entry = state_->find(room);
    if (entry == nullptr) return;
    for (const auto& participant : participants.participants()) {
        entry->presence.expect(participant.identity(),
                               {participant.attributes().begin(), participant.attributes().end()});
        for (const auto& track : participant.tracks()) {
            entry->presence.on_track(participant.identity(), track.sid(), use_of(track), true);
        }
    }
}

bool Lessons::is_running(const std::string& id) const {
    const auto* entry = state_->find(id);
    return entry != nullptr && state_->wiring.is_open(id) && !entry->presence.attendees().empty();
}

std::vector<const Attendee*> Lessons::attendees(const std::string& id) const {
    std::vector<const Attendee*> found;
    const auto* entry = state_->find(id);
    if (entry == nullptr || !state_->wiring.is_open(id)) return found;
    for (const auto& [identity, attendee] : entry->presence.attendees()) found.push_back(&attendee);
    return found;
}

bool Lessons::was_removed(const std::string& id, const std::string& identity) const {
    const auto* entry = state_->find(id);
    return entry != nullptr && entry->presence.was_removed(identity);
}

Lessons::Lobby Lessons::lobby(const std::string& id, const std::string& guest) const {
    const auto* entry = state_->find(id);
    if (entry == nullptr) return Lobby::enters;
    return entry->presence.lobby(guest, entry->record.made.setup.settings.guests);
}

std::size_t Lessons::place_in_queue(const std::string& id, const std::string& guest) const {
    const auto* entry = state_->find(id);
    return entry == nullptr ? 0 : entry->presence.place_in_queue(guest);
}

}  // namespace aula::hub
