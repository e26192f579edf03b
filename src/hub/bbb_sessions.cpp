// SPDX-License-Identifier: Apache-2.0
#include "hub/bbb_sessions.hpp"

#include <algorithm>

#include "bbb/checksum.hpp"
#include "bbb/session_reply.hpp"
#include "hub/bbb_answer.hpp"

namespace aula::hub {
namespace {

/// The browser that joined has the token as a cookie too; a link that was passed on has not.
bool shows_cookie(const http::Request& request, const std::string& token) {
    const auto* cookies = request.headers.find("cookie");
    if (cookies == nullptr) return false;
    const std::string wanted = " JSESSIONID=" + token + ";";
    return (" " + *cookies + ";").find(wanted) != std::string::npos;
}

}  // namespace

http::Response BbbSessions::answer(std::string_view call, const http::Request& request) {
    const auto given = bbb::Parameters::parse(request.query);
    const auto token = given ? given->text("sessionToken") : std::string();
    const auto* user = meetings_.find_session(token);
    const auto* lesson = user ? lessons_.find(user->lesson) : nullptr;
    const auto* meeting = lesson ? meetings_.meeting_of(*lesson) : nullptr;
    const bool is_known =
        meeting && (meeting->parameters.boolean("allowRequestsWithoutSession", false) ||
                    shows_cookie(request, token));
    if (!is_known)
        return bbb_json_answer(bbb::session_refusal(call == "guestWait" ? "missingSession" : "",
                                                    "Invalid session token", token));
    return call == "guestWait" ? guest_wait(*user, *lesson, *given)
                               : join_url(*user, *lesson, *given);
}

http::Response BbbSessions::guest_wait(const BbbUser& user, const LessonRecord& lesson,
                                       const bbb::Parameters& given) {
    const auto lobby =
        user.waits_when_asked ? lessons_.lobby(lesson.id, user.identity) : Lessons::Lobby::enters;
    bbb::Joined joined{meetings_.meeting_of(lesson)->internal_id,
                       user.identity,
                       user.auth_token,
                       user.session_token,
                       bbb::GuestStatus::allow,
                       lessons_.session_link(lesson, session_of(user))};
    if (lobby == Lessons::Lobby::waits) joined.guest_status = bbb::GuestStatus::wait;
    if (lobby == Lessons::Lobby::turned_away) joined.guest_status = bbb::GuestStatus::deny;
    auto response = bbb_json_answer(
        bbb::guest_wait_reply(joined, lessons_.place_in_queue(lesson.id, user.identity)));
    if (lobby == Lessons::Lobby::enters && given.boolean("redirect", true)) {
        response.status = 302;
        response.headers.set("location", joined.url);
    }
    return response;
}

http::Response BbbSessions::join_url(const BbbUser& user, const LessonRecord& lesson,
                                     const bbb::Parameters& given) {
    const auto inside = lessons_.attendees(lesson.id);
    const bool is_inside = std::any_of(inside.begin(), inside.end(), [&](const Attendee* who) {
        return who->identity == user.identity;
    });
    // Only who is there may bring another of their devices in.
    if (!is_inside)
        return bbb_json_answer(bbb::session_refusal("", "Meeting not found", user.session_token));
    const auto query =
        bbb::join_again_query({user.identity, user.name, meetings_.meeting_of(lesson)->meeting_id,
                               given.text("sessionName"), user.moderator});
    return bbb_json_answer(bbb::join_url_reply(
        public_url_ + "/bigbluebutton/api/join?" + query +
        "&checksum=" + bbb::checksum(crypto::HashKind::sha1, "join", query, secret_)));
}

}  // namespace aula::hub
