// SPDX-License-Identifier: Apache-2.0
#include "bbb/reply.hpp"

#include <gtest/gtest.h>

#include "bbb/xml.hpp"

namespace aula::bbb {
namespace {

Meeting small_meeting() {
    Meeting meeting;
    meeting.meeting_id = "abc";
    meeting.internal_id = "internal-1";
    meeting.name = "Mathe";
    meeting.attendee_password = "ap";
    meeting.moderator_password = "mp";
    meeting.voice_bridge = "71234";
    meeting.created_ms = 1'531'155'809'613;
    meeting.parameters = Parameters::of({{"maxParticipants", "30"}, {"record", "true"}});
    return meeting;
}

TEST(Reply, TellsWhoIsIn) {
    auto meeting = small_meeting();
    meeting.metadata = {{"gl-listed", "yes"}};
    MeetingStatus status;
    status.running = status.has_user_joined = true;
    status.started_ms = 5;
    status.attendees = {{"u1", "Frau Weber", true, true, false, true, true, {}},
                        {"u2", "Mia & Tom", false, false, true, false, false, {{"bbb_skip", "1"}}}};
    EXPECT_EQ(
        info_reply(meeting, status),
        "<response><returncode>SUCCESS</returncode><meetingName>Mathe</meetingName><meetingID>abc</"
        "meetingID>"
        "<internalMeetingID>internal-1</internalMeetingID><createTime>1531155809613</createTime>"
        "<createDate>Mon Jul 09 17:03:29 UTC 2018</createDate><voiceBridge>71234</voiceBridge>"
        "<dialNumber></dialNumber><attendeePW>ap</attendeePW><moderatorPW>mp</moderatorPW>"
        "<running>true</running><duration>0</duration><hasUserJoined>true</hasUserJoined>"
        "<recording>true</recording><hasBeenForciblyEnded>false</"
        "hasBeenForciblyEnded><startTime>5</startTime>"
        "<endTime>0</endTime><participantCount>2</participantCount><listenerCount>1</listenerCount>"
        "<voiceParticipantCount>1</voiceParticipantCount><videoCount>1</videoCount><maxUsers>30</"
        "maxUsers>"
        "<moderatorCount>1</moderatorCount><attendees>"
        "<attendee><userID>u1</userID><fullName>Frau Weber</fullName><role>MODERATOR</role>"
        "<isPresenter>true</isPresenter><isListeningOnly>false</isListeningOnly>"
        "<hasJoinedVoice>true</hasJoinedVoice><hasVideo>true</hasVideo><clientType>HTML5</"
        "clientType>"
        "<customdata></customdata></attendee>"
        "<attendee><userID>u2</userID><fullName>Mia &amp; Tom</fullName><role>VIEWER</role>"
        "<isPresenter>false</isPresenter><isListeningOnly>true</isListeningOnly>"
        "<hasJoinedVoice>false</hasJoinedVoice><hasVideo>false</hasVideo><clientType>HTML5</"
        "clientType>"
        "<customdata><bbb_skip>1</bbb_skip></customdata></attendee></attendees>"
        "<metadata><gl-listed>yes</gl-listed></metadata><isBreakout>false</isBreakout></response>");
}

TEST(Reply, ShowsBreakoutsOnlyWhereThereAreSome) {
    MeetingStatus status;
    EXPECT_EQ(info_reply(small_meeting(), status).find("breakoutRooms"), std::string::npos);
    status.breakouts = {"b1"};
    EXPECT_NE(info_reply(small_meeting(), status)
                  .find("<breakoutRooms><breakout>b1</breakout></breakoutRooms>"),
              std::string::npos);
    auto breakout = small_meeting();
    breakout.parent_id = "p";
    EXPECT_NE(info_reply(breakout, {})
                  .find("<isBreakout>true</isBreakout><parentMeetingID>p</parentMeetingID>"
                        "<sequence>0</sequence><freeJoin>false</freeJoin></response>"),
              std::string::npos);
}

TEST(Reply, HasWordsForNothing) {
    EXPECT_EQ(meetings_reply({}),
              "<response><returncode>SUCCESS</returncode><meetings></"
              "meetings><messageKey>noMeetings</messageKey>"
              "<message>no meetings were found on this server</message></response>");
    EXPECT_NE(sessions_reply({}).find("<messageKey>noSessions</messageKey>"), std::string::npos);
    EXPECT_NE(no_recordings_reply().find("<recordings></recordings><messageKey>noRecordings"),
              std::string::npos);
}

TEST(Reply, EchoesAnEmptyEventList) {
    Hook hook{"1", "http://a/b?c=1&d=2", "", std::vector<std::string>{}, false};
    EXPECT_EQ(
        hooks_reply({&hook}),
        "<response><returncode>SUCCESS</returncode><hooks><hook><hookID>1</hookID>"
        "<callbackURL>http://a/b?c=1&amp;d=2</callbackURL><eventID></eventID>"
        "<permanentHook>false</permanentHook><rawData>false</rawData></hook></hooks></response>");
}

TEST(Xml, KnowsNames) {
    for (const auto* good : {"a", "_x", "bbb_client-title.2"})
        EXPECT_TRUE(is_xml_name(good)) << good;
    for (const auto* bad : {"", "1a", "-a", "a b", "a>", "ä"})
        EXPECT_FALSE(is_xml_name(bad)) << bad;
}

}  // namespace
}  // namespace aula::bbb
