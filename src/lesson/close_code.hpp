// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace aula::lesson {

/// Why a /classroom socket is closed, as the WebSocket close code.
enum class CloseCode : std::uint16_t {
    lesson_over = 4000,
    removed = 4001,
    replaced = 4002,  // the same identity opened another window
    token_invalid = 4003,
    restart = 4004,  // come back to the same URL
    full = 4005,
    bad_messages = 4006,  // not JSON, binary, too long, or far too many
    turned_away = 4007,   // a guest who is not let in
};

}  // namespace aula::lesson
