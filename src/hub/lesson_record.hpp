// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "lesson/setup.hpp"
#include "store/tables.hpp"

namespace aula::hub {

enum class Role : std::uint8_t { teacher, pupil };
std::string_view role_name(Role role);  // "teacher", "pupil"
std::optional<Role> parse_role(std::string_view name);

struct NewLesson {
    std::string title;
    std::string external_id;      // a BigBlueButton meetingID, or empty
    std::string settings = "{}";  // JSON, its maker's own; stored and given back
    std::uint32_t max_participants = 0;
    std::chrono::seconds empty_timeout{0};      // nobody came; 0: the node's default
    std::chrono::seconds departure_timeout{0};  // the last one left; 0: the node's default
    bool ends_with_room = false;  // the lesson is over when its room closed because all had left
    lesson::Setup setup = {};
};

/// A lesson as the hub knows it, whether anybody is there or not. Its id is its room's name on the
/// node.
struct LessonRecord {
    std::string id;
    NewLesson made;
    std::string teacher_code;
    std::string pupil_code;
    WallTime created;
    std::optional<WallTime> started;  // the first participant came
    std::optional<WallTime> ended;
};

/// As the store keeps it, and back.
store::LessonRow row_of(const LessonRecord& lesson);
LessonRecord record_of(store::LessonRow row);

}  // namespace aula::hub
