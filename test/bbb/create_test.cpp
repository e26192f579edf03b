// SPDX-License-Identifier: Apache-2.0
#include "bbb/create.hpp"

#include <gtest/gtest.h>

#include "bbb/reply.hpp"

namespace aula::bbb {
namespace {

// 2018-07-09 17:03:29 UTC
const Fresh fresh{1'531'155'809'613, "attpw001", "modpw001", "parent-internal-id"};

Expected<Meeting, Refusal> create(const std::string& query, std::string document = {}) {
    return read_create({"create", Parameters::parse(query).value(), std::move(document)}, fresh);
}
std::string key_of(const Expected<Meeting, Refusal>& meeting) {
    return meeting ? "" : meeting.error().key;
}

TEST(Create, FillsInWhatIsNotGiven) {
    const auto meeting = create("name=Mathe&meetingID=abc");
    ASSERT_TRUE(meeting);
    // sha1("abc"), FIPS 180's example.
    EXPECT_EQ(meeting->internal_id, "a9993e364706816aba3e25717850c26c9cd0d89d-1531155809613");
    EXPECT_EQ(meeting->attendee_password, "attpw001");
    EXPECT_EQ(meeting->moderator_password, "modpw001");
    EXPECT_EQ(meeting->voice_bridge, "");
}

TEST(Create, AnswersElementsInOrder) {
    const auto meeting = create(
        "name=Mathe&meetingID=abc&attendeePW=ap&moderatorPW=mp&voiceBridge=00123&duration=45");
    ASSERT_TRUE(meeting);
    EXPECT_EQ(
        create_reply(*meeting, false, false),
        "<response><returncode>SUCCESS</returncode><meetingID>abc</meetingID>"
        "<internalMeetingID>a9993e364706816aba3e25717850c26c9cd0d89d-1531155809613</"
        "internalMeetingID>"
        "<parentMeetingID>bbb-none</parentMeetingID><attendeePW>ap</attendeePW><moderatorPW>mp</"
        "moderatorPW>"
        "<createTime>1531155809613</createTime><voiceBridge>00123</voiceBridge><dialNumber></"
        "dialNumber>"
        "<createDate>Mon Jul 09 17:03:29 UTC 2018</createDate><hasUserJoined>false</hasUserJoined>"
        "<duration>45</duration><hasBeenForciblyEnded>false</hasBeenForciblyEnded>"
        "<messageKey></messageKey><message></message></response>");
}

struct FaultCase {
    const char* query;
    const char* key;
};
class CreateFaults : public testing::TestWithParam<FaultCase> {};

TEST_P(CreateFaults, HaveTheirKeys) { EXPECT_EQ(key_of(create(GetParam().query)), GetParam().key); }

INSTANTIATE_TEST_SUITE_P(
    Table, CreateFaults,
    testing::Values(
        FaultCase{"name=x1", "missingParamMeetingID"},
        FaultCase{"name=x1&meetingID=", "missingParamMeetingID"},
        FaultCase{"meetingID=abc", "missingParamName"},
        FaultCase{"name=x&meetingID=abc", "sizeError"},
        FaultCase{"name=x1&meetingID=a", "sizeError"},
        FaultCase{"name=x1&meetingID=a,b", "validationError"},
        FaultCase{"name=x1&meetingID=abc&attendeePW=a", "sizeError"},
        FaultCase{"name=x1&meetingID=abc&voiceBridge=12a", "validationError"},
        FaultCase{"name=x1&meetingID=abc&record=yes", "validationError"},
        FaultCase{"name=x1&meetingID=abc&isBreakout=true", "parentMeetingIdMissing"},
        FaultCase{"name=x1&meetingID=abc&presentationUploadExternalUrl=x", "validationError"},
        FaultCase{"name=x1&meetingID=abc&sharedNotesEditor=word", "invalidSharedNotesEditor"}));

TEST(Create, CountsCharactersNotBytes) {
    std::string name;
    for (int i = 0; i < 256; ++i) name += "%C3%A4";
    EXPECT_TRUE(create("meetingID=abc&name=" + name));
    EXPECT_EQ(key_of(create("meetingID=abc&name=a" + name)), "sizeError");
}

TEST(Create, KeepsMetadataInLowerCaseAndDropsOddNames) {
    const auto meeting = create(
        "name=x1&meetingID=abc&meta_endCallbackUrl=https://a/"
        "b&meta_1x=1&meta_a_b=2&meta_=3&meta_GL-listed=no");
    ASSERT_TRUE(meeting);
    EXPECT_EQ(meeting->metadata, (Fields{{"endcallbackurl", "https://a/b"}, {"gl-listed", "no"}}));
}

TEST(Create, StoresEveryParameterAndTheDocument) {
    const auto meeting = create(
        "name=x%22%3C1&meetingID=abc&meetingLayout=VIDEO_FOCUS&unheardOf=1&meta_a=b", "<modules/>");
    ASSERT_TRUE(meeting);
    const auto again = meeting_from_json(to_json(*meeting));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->name, "x\"<1");
    EXPECT_EQ(again->parameters.text("meetingLayout"), "VIDEO_FOCUS");
    EXPECT_EQ(again->parameters.text("unheardOf"), "1");
    EXPECT_EQ(again->metadata, meeting->metadata);
    EXPECT_EQ(again->document, "<modules/>");
    EXPECT_FALSE(meeting_from_json("{}"));
    EXPECT_FALSE(meeting_from_json("not json"));
}

TEST(Create, GivesABreakoutItsIds) {
    const auto meeting = create(
        "name=x1&meetingID=inner-1530&isBreakout=true&parentMeetingID=p&sequence=2&freeJoin=true");
    ASSERT_TRUE(meeting);
    EXPECT_EQ(meeting->internal_id, "inner-1530");
    EXPECT_EQ(meeting->parent_id, "parent-internal-id");
    EXPECT_TRUE(meeting->meeting_id.ends_with("-1530"));
    EXPECT_EQ(meeting->meeting_id.size(), 45u);
}

TEST(Create, ASecondOneMeansTheSameMeetingUnlessPasswordsDiffer) {
    const auto meeting = create("name=x1&meetingID=abc&attendeePW=ap&moderatorPW=mp").value();
    const auto same = [&](const char* query) {
        return compare(meeting, Parameters::parse(query).value()) == SameId::same_meeting;
    };
    EXPECT_TRUE(same("name=other&meetingID=abc"));
    EXPECT_TRUE(same("attendeePW=ap&moderatorPW=mp"));
    EXPECT_FALSE(same("attendeePW=ap"));
    EXPECT_FALSE(same("attendeePW=ap&moderatorPW=xx"));
}

TEST(Meeting, IsLeftAloneWhenNobodyCameAndEndsWhenItsTimeIsUp) {
    const auto meeting = create("name=x1&meetingID=abc&duration=10").value();
    const auto after = [&](int minutes) { return fresh.now_ms + minutes * 60'000LL; };
    EXPECT_FALSE(was_left_alone(meeting, false, after(4)));
    EXPECT_TRUE(was_left_alone(meeting, false, after(5)));
    EXPECT_FALSE(was_left_alone(meeting, true, after(9)));
    ASSERT_TRUE(end_of(meeting));
    EXPECT_EQ(unix_ms(*end_of(meeting)), after(10));
    const auto patient =
        create("name=x1&meetingID=abc&meetingExpireIfNoUserJoinedInMinutes=0").value();
    EXPECT_FALSE(was_left_alone(patient, false, after(100'000)));
    EXPECT_FALSE(end_of(patient));
}

}  // namespace
}  // namespace aula::bbb
