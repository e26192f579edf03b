// SPDX-License-Identifier: Apache-2.0
#include "lesson/refusal.hpp"

#include <array>

namespace aula::lesson {

namespace {

struct RefusalText {
    Refusal refusal;
    std::string_view code;
    std::string_view text;
};

constexpr std::array<RefusalText, 15> refusal_texts{{
    {Refusal::bad_message, "bad_message", "The server could not read this message."},
    {Refusal::unknown_command, "unknown_command", "The server does not know this command."},
    {Refusal::too_long, "too_long", "This text is too long."},
    {Refusal::empty, "empty", "There is nothing in this text."},
    {Refusal::too_fast, "too_fast", "That was too fast. Please wait a moment."},
    {Refusal::not_open, "not_open", "The lesson has not begun."},
    {Refusal::ended, "ended", "The lesson is over."},
    {Refusal::not_joined, "not_joined", "You are not in this lesson."},
    {Refusal::not_allowed, "not_allowed", "Only a teacher may do this."},
    {Refusal::locked, "locked", "The teacher has locked this for pupils."},
    {Refusal::unknown_participant, "unknown_participant", "This person is not here."},
    {Refusal::last_teacher, "last_teacher", "The lesson needs a teacher."},
    {Refusal::removed, "removed", "You have been removed from this lesson."},
    {Refusal::full, "full", "The lesson is full."},
    {Refusal::turned_away, "turned_away", "You were not let into this lesson."},
}};

const RefusalText& find_text(Refusal refusal) {
    for (const RefusalText& entry : refusal_texts) {
        if (entry.refusal == refusal) return entry;
    }
    return refusal_texts.front();
}

}  // namespace

std::string_view code(Refusal refusal) { return find_text(refusal).code; }
std::string_view text(Refusal refusal) { return find_text(refusal).text; }

}  // namespace aula::lesson
