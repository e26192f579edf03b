// SPDX-License-Identifier: Apache-2.0
#include "bbb/join.hpp"

#include <gtest/gtest.h>

#include "base/encoding.hpp"

namespace aula::bbb {
namespace {

Meeting meeting_with(const std::string& policy) {
    Meeting meeting;
    meeting.meeting_id = "abc";
    meeting.attendee_password = "ap";
    meeting.moderator_password = "mp";
    meeting.created_ms = 1000;
    meeting.parameters = Parameters::of({{"guestPolicy", policy}});
    return meeting;
}

Expected<Admission, Refusal> join(const std::string& query, const std::string& policy = "") {
    const auto request =
        read_join(Parameters::parse("meetingID=abc&fullName=Mia&" + query).value());
    if (!request) return fail(request.error());
    return admit(*request, meeting_with(policy));
}

struct RoleCase {
    const char* query;
    const char* outcome;  // "M", "V", or the refusal's key
};
class JoinRoles : public testing::TestWithParam<RoleCase> {};

TEST_P(JoinRoles, ComeFromRoleOrPassword) {
    const auto admission = join(GetParam().query);
    const std::string outcome =
        admission ? (admission->moderator ? "M" : "V") : admission.error().key;
    EXPECT_EQ(outcome, GetParam().outcome);
}

INSTANTIATE_TEST_SUITE_P(
    Table, JoinRoles,
    testing::Values(RoleCase{"password=mp", "M"}, RoleCase{"password=ap", "V"},
                    RoleCase{"role=moderator", "M"}, RoleCase{"role=VIEWER&password=mp", "V"},
                    RoleCase{"role=boss&password=mp", "M"},
                    RoleCase{"role=MODERATOR&password=", "M"},
                    RoleCase{"password=xx", "invalidPassword"}, RoleCase{"", "Params required"},
                    RoleCase{"role=boss", "Params required"},
                    RoleCase{"role=viewer&createTime=1000", "V"},
                    RoleCase{"role=viewer&createTime=999", "mismatchCreateTimeParam"},
                    RoleCase{"role=viewer&createTime=x", "mismatchCreateTimeParam"}));

struct GuestCase {
    const char* policy;
    const char* query;
    const char* status;
};
class GuestPolicies : public testing::TestWithParam<GuestCase> {};

TEST_P(GuestPolicies, DecideAsBigBlueButtonDoes) {
    const auto admission = join(GetParam().query, GetParam().policy);
    std::string status = "DENY";
    if (admission) status = admission->guest_status == GuestStatus::wait ? "WAIT" : "ALLOW";
    EXPECT_EQ(status, GetParam().status);
}

INSTANTIATE_TEST_SUITE_P(
    Table, GuestPolicies,
    testing::Values(GuestCase{"", "role=viewer&guest=true", "ALLOW"},
                    GuestCase{"ALWAYS_ACCEPT", "role=viewer&guest=true", "ALLOW"},
                    GuestCase{"ALWAYS_DENY", "role=viewer", "DENY"},
                    GuestCase{"ALWAYS_DENY", "role=moderator", "ALLOW"},
                    GuestCase{"ALWAYS_DENY", "role=viewer&guest=false", "ALLOW"},
                    GuestCase{"ASK_MODERATOR", "role=viewer&guest=true", "WAIT"},
                    GuestCase{"ASK_MODERATOR", "role=viewer", "WAIT"},
                    GuestCase{"ASK_MODERATOR", "role=viewer&guest=false", "ALLOW"},
                    GuestCase{"ASK_MODERATOR", "role=moderator&guest=true", "ALLOW"},
                    GuestCase{"ALWAYS_ACCEPT_AUTH", "role=viewer&guest=true", "WAIT"},
                    GuestCase{"ALWAYS_ACCEPT_AUTH", "role=viewer", "ALLOW"}));

TEST(Join, NeedsANameAndAMeeting) {
    EXPECT_EQ(read_join(Parameters::parse("meetingID=abc").value()).error().key,
              "missingParamFullName");
    EXPECT_EQ(read_join(Parameters::parse("fullName=Mia").value()).error().key,
              "missingParamMeetingID");
    EXPECT_EQ(
        read_join(Parameters::parse("meetingID=abc&firstName=Mia&lastName=Ott").value())->full_name,
        "Mia Ott");
}

TEST(Join, KeepsUserdataWhoseNameCanBeAnElement) {
    const auto request = read_join(
        Parameters::parse(
            "meetingID=abc&fullName=Mia&userdata-bbb_client_title=x&userdata-a%3Eb=1&userdata-=2")
            .value());
    ASSERT_TRUE(request);
    EXPECT_EQ(request->customdata, (Fields{{"bbb_client_title", "x"}}));
}

TEST(Join, SendsErrorsBackToThePlatform) {
    const Refusal refusal{"notFound", "No \"such\" meeting"};
    const auto to = [&](const char* query) {
        return error_redirect(Parameters::parse(query).value(), refusal).value_or("");
    };
    EXPECT_EQ(to("errorRedirectUrl=https%3A%2F%2Flms.example%2Fx%3Fa%3D1"),
              "https://lms.example/x?a=1&errors=" +
                  percent_encoded(R"([{"key":"notFound","message":"No \"such\" meeting"}])"));
    EXPECT_TRUE(to("logoutURL=http%3A%2F%2Flms.example").starts_with("http://lms.example?errors="));
    EXPECT_EQ(to("logoutURL=javascript:alert(1)"), "");
    EXPECT_EQ(to("redirect=false&logoutURL=http%3A%2F%2Flms.example"), "");
    EXPECT_EQ(to(""), "");
}

}  // namespace
}  // namespace aula::bbb
