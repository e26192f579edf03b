// SPDX-License-Identifier: Apache-2.0
#include "signal/ids.hpp"

#include "crypto/random.hpp"
#include "signal/livekit.pb.h"

namespace aula::signal {

namespace {

constexpr std::size_t id_length = 12;

char source_letter(livekit::TrackSource source) {
    switch (source) {
        case livekit::CAMERA:
            return 'C';
        case livekit::MICROPHONE:
            return 'M';
        case livekit::SCREEN_SHARE:
            return 'S';
        case livekit::SCREEN_SHARE_AUDIO:
            return 's';
        default:
            return 'U';
    }
}

}  // namespace

std::string make_participant_id() { return "PA_" + crypto::random_text(id_length); }

std::string make_room_id() { return "RM_" + crypto::random_text(id_length); }

std::string make_track_id(livekit::TrackType type, livekit::TrackSource source) {
    std::string id = "TR_";
    id += type == livekit::AUDIO ? 'A' : 'V';
    id += source_letter(source);
    return id + crypto::random_text(id_length);
}

}  // namespace aula::signal
