// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "fleet/demand.hpp"

namespace aula::hub {

/// The number by which the fleet's decisions know a room; a lesson's is that of the room with its
/// id. FNV-1a of 64 bits: the same in every process.
constexpr fleet::LessonKey lesson_key(std::string_view room) {
    fleet::LessonKey key = 14695981039346656037u;
    for (const char c : room) {
        key ^= static_cast<unsigned char>(c);
        key *= 1099511628211u;
    }
    return key;
}

}  // namespace aula::hub
