// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "lesson/command.hpp"

namespace aula::lesson {

/// What was decided of a lesson before it began. The hub stores it and gives it to each node that
/// opens the lesson.
struct Setup {
    Settings settings;          // at the beginning
    bool begins_muted = false;  // pupils' microphones are off when they come
    std::string welcome;        // to everybody who comes
    std::string for_teachers;   // only to teachers
    std::optional<WallTime> ends_at;
    std::optional<std::chrono::seconds> without_teacher;  // it ends so long after the last one left

    bool operator==(const Setup&) const = default;
};

std::string to_json(const Setup& setup);
/// What is missing is as in a Setup that nobody changed; nullopt: not JSON of this form.
std::optional<Setup> parse_setup(std::string_view json);

/// When the lesson will end by itself, and why.
struct ForeseenEnd {
    WallTime at;
    EndReason why = EndReason::time;

    bool operator==(const ForeseenEnd&) const = default;
};

}  // namespace aula::lesson
