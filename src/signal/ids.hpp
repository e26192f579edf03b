// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace livekit {
enum TrackType : int;
enum TrackSource : int;
}  // namespace livekit

namespace aula::signal {

// Clients tell ids apart by their prefix and drop what has another: PA_, TR_, RM_ and 12 random
// characters.
std::string make_participant_id();
std::string make_room_id();
/// "TR_", A or V, a letter for the source, random characters.
std::string make_track_id(livekit::TrackType type, livekit::TrackSource source);

}  // namespace aula::signal
