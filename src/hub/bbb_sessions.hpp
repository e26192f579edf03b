// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "http/message.hpp"
#include "hub/bbb_meetings.hpp"

namespace aula::hub {

/// The calls of BigBlueButton that carry a session's token instead of a checksum: guestWait and
/// getJoinUrl. Lives on the hub's loop.
class BbbSessions {
public:
    BbbSessions(BbbMeetings& meetings, Lessons& lessons, std::string secret, std::string public_url)
        : meetings_(meetings),
          lessons_(lessons),
          secret_(std::move(secret)),
          public_url_(std::move(public_url)) {}

    static bool answers(std::string_view call) {
        return call == "guestWait" || call == "getJoinUrl";
    }
    http::Response answer(std::string_view call, const http::Request& request);

private:
    http::Response guest_wait(const BbbUser& user, const LessonRecord& lesson,
                              const bbb::Parameters& given);
    http::Response join_url(const BbbUser& user, const LessonRecord& lesson,
                            const bbb::Parameters& given);

    BbbMeetings& meetings_;
    Lessons& lessons_;
    std::string secret_;
    std::string public_url_;
};

}  // namespace aula::hub
