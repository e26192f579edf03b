// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/bbb_hooks.hpp"
#include "hub/bbb_meetings.hpp"
#include "hub/lessons.hpp"

namespace aula::hub {

/// Turns what happens in lessons into BigBlueButton's events and callbacks. Lives on the hub's
/// loop.
class BbbNews {
public:
    BbbNews(BbbMeetings& meetings, BbbHooks& hooks) : meetings_(meetings), hooks_(hooks) {}

    void on_news(const LessonNews& news);

private:
    void on_track(const LessonNews& news, const bbb::Meeting& meeting, bool published);
    void on_event(const LessonNews& news, const bbb::Meeting& meeting);
    void on_ended(const LessonNews& news, const bbb::Meeting& meeting);
    void tell_of_user(const char* event, const LessonNews& news, const bbb::Meeting& meeting,
                      const bbb::EventFlags& flags = {});
    void on_hand(const LessonNews& news, const bbb::Meeting& meeting, const std::string& identity,
                 bool is_raised);

    BbbMeetings& meetings_;
    BbbHooks& hooks_;
};

}  // namespace aula::hub
