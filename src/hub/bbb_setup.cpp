// SPDX-License-Identifier: Apache-2.0
#include "hub/bbb_setup.hpp"

#include <algorithm>

#include "bbb/welcome.hpp"

namespace aula::hub {
namespace {

constexpr std::uint64_t most_minutes = 100'000;

std::chrono::minutes minutes(const bbb::Parameters& given, const char* name, std::uint64_t absent) {
    return std::chrono::minutes(std::min(given.number(name, absent), most_minutes));
}

/// Locks bind viewers from when they join, unless lockSettingsLockOnJoin says otherwise. Those for
/// notes, cursors and lists of people are only kept.
lesson::Settings settings_of(const bbb::Parameters& given) {
    lesson::Settings settings;
    if (given.boolean("lockSettingsLockOnJoin", true)) {
        settings.camera = !given.boolean("lockSettingsDisableCam", false);
        settings.microphone = !given.boolean("lockSettingsDisableMic", false);
        settings.chat = !given.boolean("lockSettingsDisablePublicChat", false);
        settings.private_chat = !given.boolean("lockSettingsDisablePrivateChat", false);
    }
    const auto policy = given.text("guestPolicy");
    if (policy == "ASK_MODERATOR" || policy == "ALWAYS_ACCEPT_AUTH")
        settings.guests = lesson::GuestPolicy::ask;
    if (policy == "ALWAYS_DENY") settings.guests = lesson::GuestPolicy::deny;
    return settings;
}

lesson::Setup setup_of(const bbb::Meeting& meeting) {
    const auto& given = meeting.parameters;
    lesson::Setup setup;
    setup.settings = settings_of(given);
    setup.begins_muted = given.boolean("muteOnStart", false) && !meeting.is_breakout();
    setup.welcome = bbb::greeting(meeting, "welcome");
    setup.for_teachers = bbb::greeting(meeting, "moderatorOnlyMessage");
    setup.ends_at = bbb::end_of(meeting);
    if (given.boolean("endWhenNoModerator", false))
        setup.without_teacher = minutes(given, "endWhenNoModeratorDelayInMinutes", 1);
    return setup;
}

}  // namespace

NewLesson lesson_of(const bbb::Meeting& meeting) {
    NewLesson lesson;
    lesson.title = meeting.name;
    lesson.external_id = meeting.meeting_id;
    lesson.settings = bbb::to_json(meeting);
    lesson.max_participants =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(meeting.max_participants(), 1'000'000));
    lesson.departure_timeout =
        minutes(meeting.parameters, "meetingExpireWhenLastUserLeftInMinutes", 1);
    lesson.ends_with_room = lesson.departure_timeout.count() != 0;
    lesson.setup = setup_of(meeting);
    return lesson;
}

}  // namespace aula::hub
