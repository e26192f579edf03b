// SPDX-License-Identifier: Apache-2.0
#include "bbb/session_reply.hpp"

#include <boost/json.hpp>

#include "base/encoding.hpp"

namespace aula::bbb {
namespace {

using boost::json::object;

std::string wrapped(object response) {
    return boost::json::serialize(object{{"response", std::move(response)}});
}

struct LobbyWords {
    const char* key;
    const char* message;
    const char* status;
};

LobbyWords words_for(GuestStatus status) {
    switch (status) {
        case GuestStatus::allow:
            return {"", "You have been let in.", "ALLOW"};
        case GuestStatus::wait:
            return {"guestWait", "Please wait for a moderator to approve you joining the meeting.",
                    "WAIT"};
        case GuestStatus::deny:
            break;
    }
    return {"guestDeny", "Access to this meeting was denied by a moderator.", "DENY"};
}

}  // namespace

std::string json_refusal(const Refusal& refusal) {
    return wrapped(
        {{"returncode", "FAILED"}, {"messageKey", refusal.key}, {"message", refusal.message}});
}

std::string session_refusal(const std::string& key, const std::string& message,
                            const std::string& session_token) {
    object response{{"returncode", "FAILED"}};
    if (!key.empty()) response["messageKey"] = key;
    response["message"] = message;
    response["sessionToken"] = session_token;
    return wrapped(std::move(response));
}

std::string guest_wait_reply(const Joined& joined, std::size_t place) {
    const auto words = words_for(joined.guest_status);
    object response{{"returncode", joined.guest_status == GuestStatus::deny ? "FAILED" : "SUCCESS"},
                    {"messageKey", words.key},
                    {"message", words.message},
                    {"meeting_id", joined.meeting_internal_id},
                    {"user_id", joined.user_id},
                    {"auth_token", joined.auth_token},
                    {"session_token", joined.session_token},
                    {"guestStatus", words.status},
                    {"lobbyMessage", ""},
                    {"url", joined.url}};
    if (place != 0) response["positionInWaitingQueue"] = std::to_string(place);
    return wrapped(std::move(response));
}

std::string join_url_reply(const std::string& url) {
    return wrapped(
        {{"returncode", "SUCCESS"}, {"message", "Join URL provided successfully."}, {"url", url}});
}

std::string join_again_query(const AgainAs& who) {
    // The leading "&" is BigBlueButton's, and is signed with the rest.
    return "&redirect=true&existingUserID=" + percent_encoded(who.user_id) +
           "&role=" + (who.moderator ? "MODERATOR" : "VIEWER") +
           "&sessionName=" + percent_encoded(who.session_name) +
           "&fullName=" + percent_encoded(who.full_name) +
           "&meetingID=" + percent_encoded(who.meeting_id);
}

}  // namespace aula::bbb
