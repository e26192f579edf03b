// SPDX-License-Identifier: Apache-2.0
#include "hub/lesson_record.hpp"

#include <utility>

namespace aula::hub {

namespace {

std::int64_t ms_or_zero(const std::optional<WallTime>& time) { return time ? unix_ms(*time) : 0; }
WallTime from_ms(std::int64_t ms) { return WallTime(std::chrono::milliseconds(ms)); }
std::optional<WallTime> from_ms_or_zero(std::int64_t ms) {
    return ms == 0 ? std::nullopt : std::optional(from_ms(ms));
}

}  // namespace

std::string_view role_name(Role role) { return role == Role::teacher ? "teacher" : "pupil"; }
std::optional<Role> parse_role(std::string_view name) {
    if (name == "teacher") return Role::teacher;
    if (name == "pupil") return Role::pupil;
    return std::nullopt;
}

store::LessonRow row_of(const LessonRecord& lesson) {
    return {.id = lesson.id,
            .teacher_code = lesson.teacher_code,
            .pupil_code = lesson.pupil_code,
            .title = lesson.made.title,
            .external_id = lesson.made.external_id,
            .settings = lesson.made.settings,
            .max_participants = lesson.made.max_participants,
            .empty_timeout_seconds = static_cast<std::uint32_t>(lesson.made.empty_timeout.count()),
            .departure_timeout_seconds =
                static_cast<std::uint32_t>(lesson.made.departure_timeout.count()),
            .ends_with_room = lesson.made.ends_with_room,
            .created = unix_ms(lesson.created),
            .started = ms_or_zero(lesson.started),
            .ended = ms_or_zero(lesson.ended),
            .setup = lesson::to_json(lesson.made.setup)};
}

LessonRecord record_of(store::LessonRow row) {
    return {.id = std::move(row.id),
            .made = {.title = std::move(row.title),
                     .external_id = std::move(row.external_id),
                     .settings = std::move(row.settings),
                     .max_participants = row.max_participants,
                     .empty_timeout = std::chrono::seconds(row.empty_timeout_seconds),
                     .departure_timeout = std::chrono::seconds(row.departure_timeout_seconds),
                     .ends_with_room = row.ends_with_room,
                     .setup = lesson::parse_setup(row.setup).value_or(lesson::Setup{})},
            .teacher_code = std::move(row.teacher_code),
            .pupil_code = std::move(row.pupil_code),
            .created = from_ms(row.created),
            .started = from_ms_or_zero(row.started),
            .ended = from_ms_or_zero(row.ended)};
}

}  // namespace aula::hub
