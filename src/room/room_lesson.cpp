// SPDX-License-Identifier: Apache-2.0
// What the lesson decides and the room carries out.
#include <utility>
#include <variant>

#include "room/room.hpp"

namespace aula::room {
namespace {

bool is_source(const PublishedTrack& track, lesson::Source source) {
    const livekit::TrackSource of = track.info.source();
    switch (source) {
        case lesson::Source::microphone:
            return of == livekit::MICROPHONE;
        case lesson::Source::camera:
            return of == livekit::CAMERA;
        case lesson::Source::screen_share:
            return of == livekit::SCREEN_SHARE || of == livekit::SCREEN_SHARE_AUDIO;
        case lesson::Source::all:
            return true;
    }
    return false;
}

}  // namespace

void Room::on_lesson_event(const lesson::Event& event) {
    using namespace lesson::event;
    if (const auto* muted = std::get_if<Muted>(&event.what)) {
        mute_by_lesson(muted->identity, muted->source);
    } else if (const auto* removed = std::get_if<Removed>(&event.what)) {
        if (Participant* gone = participant(removed->identity)) {
            gone->say_goodbye(livekit::LeaveRequest::DISCONNECT, livekit::PARTICIPANT_REMOVED);
            remove(*gone, livekit::PARTICIPANT_REMOVED);
        }
        absent_.erase(removed->identity);
    } else if (const auto* left = std::get_if<Left>(&event.what)) {
        if (Participant* gone = participant(left->identity))
            remove(*gone, livekit::CLIENT_INITIATED);
        absent_.erase(left->identity);
    } else if (const auto* admitted = std::get_if<Admitted>(&event.what)) {
        absent_.erase(admitted->identity);
        classroom_.let_in(admitted->identity);
        was_used_ = was_used_ || classroom_.lesson().had_participants();
    } else if (const auto* role = std::get_if<RoleGiven>(&event.what)) {
        if (Participant* given = participant(role->identity)) {
            given->attributes["aula.role"] = lesson::name_of(role->role);
            send_update(*given);
        }
    } else if (std::holds_alternative<Ended>(event.what)) {
        // After this turn: the event itself is still on its way to the store and the people.
        loop().after(100ms, [room = ref()] {
            room.tell(
                [](Room& r) { r.close(livekit::ROOM_DELETED, livekit::LeaveRequest::DISCONNECT); });
        });
    }
}

void Room::end(lesson::EndReason why) {
    if (closed_ || classroom_.lesson().ended()) return;
    if (!classroom_.apply({{}, lesson::command::Close{why}}))
        close(livekit::ROOM_DELETED, livekit::LeaveRequest::DISCONNECT);
}

bool Room::begins_muted(const Participant& participant, livekit::TrackSource source) const {
    constexpr auto arrival =
        10s;  // to connect over a thin line, and publish what was chosen before
    if (!settings_.setup.begins_muted || source != livekit::MICROPHONE) return false;
    const auto* person = classroom_.lesson().find(participant.identity);
    return person != nullptr && person->role == lesson::Role::pupil &&
           WallClock::now() - person->joined_at < arrival;
}

/// Ends a lesson that its last teacher left, after the time its maker gave; people see it come.
void Room::end_without_teacher(Time now) {
    const auto& limit = settings_.setup.without_teacher;
    const lesson::Lesson& lesson = classroom_.lesson();
    if (!limit || !lesson.had_teacher() || lesson.ended()) return;
    if (lesson.teacher_count() > 0) {
        if (!std::exchange(teacherless_since_, std::nullopt)) return;
        const auto& planned = settings_.setup.ends_at;
        return classroom_.foresee(
            planned ? std::optional(lesson::ForeseenEnd{*planned, lesson::EndReason::time})
                    : std::nullopt);
    }
    if (!teacherless_since_) {
        teacherless_since_ = now;
        const WallTime end = WallClock::now() + *limit;
        const auto& planned = settings_.setup.ends_at;
        if (!planned || end < *planned)
            classroom_.foresee(lesson::ForeseenEnd{end, lesson::EndReason::no_teacher});
    }
    if (now - *teacherless_since_ >= *limit) end(lesson::EndReason::no_teacher);
}

void Room::mute_by_lesson(const std::optional<std::string>& identity, lesson::Source source) {
    for (const auto& [name, participant] : participants_) {
        const bool is_meant = identity ? name == *identity : !classroom_.lesson().is_teacher(name);
        if (!is_meant) continue;
        for (PublishedTrack* track : participant->tracks) {
            if (is_source(*track, source)) set_muted(*track, true, true);
        }
    }
}

}  // namespace aula::room
