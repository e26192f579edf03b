// SPDX-License-Identifier: Apache-2.0
// What the lesson decides and the room carries out.
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
