// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace aula::lesson {

/// Why a command was not carried out. Names on the wire: docs/protocol/classroom.md.
enum class Refusal : std::uint8_t {
    bad_message,  // not a JSON object of the form asked for
    unknown_command,
    too_long,  // a text over its limit
    empty,     // a text without anything in it
    too_fast,  // over the rate
    not_open,  // the lesson has not been opened
    ended,
    not_joined,   // the sender is not in the lesson
    not_allowed,  // only teachers may
    locked,       // pupils may not, for now
    unknown_participant,
    last_teacher,  // a lesson is not left without a teacher by taking the role away
    removed,       // was removed and not let back
    full,
    turned_away,  // a guest who was refused at the door, or a door that is closed to guests
};

/// The stable code: "not_allowed".
std::string_view code(Refusal refusal);
/// English, for logs and for clients without a translation.
std::string_view text(Refusal refusal);

}  // namespace aula::lesson
