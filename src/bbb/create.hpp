// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "bbb/call.hpp"
#include "bbb/meeting.hpp"
#include "bbb/refusal.hpp"

namespace aula::bbb {

/// What the caller draws for a new meeting; used where the platform gives nothing.
struct Fresh {
    long long now_ms = 0;
    std::string attendee_password;
    std::string moderator_password;
    std::string parent_internal_id;  // of the parent that the call names, if it is there
};

/// The meeting that this create call asks for, if its parameters may stand. Without a voiceBridge
/// its own is left empty: which are free only the caller knows.
Expected<Meeting, Refusal> read_create(const Call& call, const Fresh& fresh);

enum class SameId : std::uint8_t { same_meeting, another_meeting };
/// Whether a create call for an id that is in use means that very meeting.
SameId compare(const Meeting& existing, const Parameters& create);

/// Trimmed text of 2 to 256 characters without a comma.
Expected<std::string, Refusal> read_meeting_id(const Parameters& parameters);

}  // namespace aula::bbb
