// SPDX-License-Identifier: Apache-2.0
#include "bbb/join.hpp"

#include <boost/json.hpp>

#include "base/encoding.hpp"
#include "bbb/create.hpp"
#include "bbb/xml.hpp"

namespace aula::bbb {
namespace {

constexpr std::size_t most_customdata = 100;
constexpr std::size_t longest_full_name = 256;
constexpr std::string_view customdata_prefix = "userdata-";

std::string full_name_of(const Parameters& given) {
    auto name = given.text("fullName");
    if (name.empty()) name = cleaned(given.text("firstName") + ' ' + given.text("lastName"));
    return name;
}

Fields customdata_of(const Parameters& given) {
    Fields out;
    for (const auto& [name, value] : given) {
        if (!name.starts_with(customdata_prefix) || out.size() == most_customdata) continue;
        const auto key = name.substr(customdata_prefix.size());
        if (is_xml_name(key)) out.emplace_back(key, value);
    }
    return out;
}

/// A valid role goes before the password; any other is as if it were absent.
std::optional<bool> is_moderator(const JoinRequest& request, const Meeting& meeting) {
    const auto role = lower_case(request.role);
    if (role == "moderator") return true;
    if (role == "viewer") return false;
    if (request.password.empty()) return std::nullopt;
    if (request.password == meeting.moderator_password) return true;
    if (request.password == meeting.attendee_password) return false;
    return std::nullopt;
}

GuestStatus guest_status(const JoinRequest& request, const std::string& policy, bool moderator) {
    if (moderator || request.guest == false) return GuestStatus::allow;
    const bool guest = request.guest.value_or(false);
    if (policy == "ALWAYS_DENY") return GuestStatus::deny;
    if (policy == "ASK_MODERATOR")
        return guest || request.authenticated ? GuestStatus::wait : GuestStatus::allow;
    if (policy == "ALWAYS_ACCEPT_AUTH") return guest ? GuestStatus::wait : GuestStatus::allow;
    return GuestStatus::allow;
}

}  // namespace

Expected<JoinRequest, Refusal> read_join(const Parameters& given) {
    auto id = read_meeting_id(given);
    if (!id) return fail(id.error());
    JoinRequest request;
    request.meeting_id = std::move(*id);
    request.full_name = full_name_of(given);
    if (request.full_name.empty()) {
        return fail(
            Refusal{"missingParamFullName",
                    "You must specify a name for the attendee who will be joining the meeting."});
    }
    if (request.full_name.size() > longest_full_name) {
        return fail(Refusal{"sizeError", "The name is too long"});
    }
    request.user_id = given.text("userID");
    request.role = given.text("role");
    request.password = given.text("password");
    if (given.has("createTime") && !given.text("createTime").empty()) {
        const auto time = digits(given.text("createTime"));
        request.create_time = time ? static_cast<long long>(*time) : -1;
    }
    if (given.has("guest") && !given.text("guest").empty())
        request.guest = given.boolean("guest", false);
    request.authenticated = given.boolean("auth", !request.guest.has_value());
    request.customdata = customdata_of(given);
    request.avatar_url = given.text("avatarURL");
    request.logout_url = given.text("logoutURL");
    request.existing_user = given.text("existingUserID");
    return request;
}

Expected<Admission, Refusal> admit(const JoinRequest& request, const Meeting& meeting) {
    if (request.create_time && *request.create_time != meeting.created_ms) {
        return fail(
            Refusal{"mismatchCreateTimeParam",
                    "The createTime parameter submitted mismatches with the current meeting."});
    }
    const auto moderator = is_moderator(request, meeting);
    if (!moderator) {
        if (request.password.empty())
            return fail(Refusal{role_problem, "You must enter either role or password"});
        return fail(Refusal{"invalidPassword",
                            "You either did not supply a password or the password supplied is "
                            "neither the attendee or "
                            "moderator password for this conference."});
    }
    const auto policy = meeting.parameters.text("guestPolicy");
    const auto status = guest_status(request, policy, *moderator);
    if (status == GuestStatus::deny) {
        return fail(Refusal{
            "guestDeniedAccess",
            "You have been denied access to this meeting based on the meeting's guest policy"});
    }
    const bool only_strangers = policy == "ALWAYS_ACCEPT_AUTH";
    const auto if_asked =
        guest_status(request, only_strangers ? policy : "ASK_MODERATOR", *moderator);
    return Admission{*moderator, status, if_asked == GuestStatus::wait};
}

std::optional<std::string> error_redirect(const Parameters& join, const Refusal& refusal) {
    if (!join.boolean("redirect", true) || refusal.key == role_problem ||
        refusal.key == "invalidPassword")
        return {};
    for (const auto* name : {"errorRedirectUrl", "logoutURL"}) {
        auto url = join.text(name);
        if (!is_web_url(url)) continue;
        const boost::json::array errors{
            boost::json::object{{"key", refusal.key}, {"message", refusal.message}}};
        url += url.find('?') == std::string::npos ? '?' : '&';
        return url + "errors=" + percent_encoded(boost::json::serialize(errors));
    }
    return std::nullopt;
}

}  // namespace aula::bbb
