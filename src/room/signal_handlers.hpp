// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "signal/livekit.pb.h"

namespace aula::room {

class Participant;
class Room;

/// Routes one message of a LiveKit client to the function that carries it out.
void handle_signal(Room& room, Participant& from, const livekit::SignalRequest& request);

}  // namespace aula::room
