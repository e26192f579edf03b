// SPDX-License-Identifier: Apache-2.0
#include "sdp/session.hpp"

#include "sample.hpp"
#include "sdp/extensions.hpp"

namespace aula::sdp {
namespace {

using namespace std::string_literals;

const std::string head = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";

SdpError error_of(const std::string& text) {
    const auto session = parse(text);
    EXPECT_FALSE(session);
    return session ? SdpError{255} : session.error();
}
SdpError error_of_audio(const std::string& line) {
    return error_of(head + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"s + line + "\r\n");
}

TEST(Session, ReadsChromiumsPublishing) {
    const Session session = parsed_sample("chromium_publish");
    ASSERT_EQ(session.media.size(), 2u);
    EXPECT_EQ(session.bundle, (std::vector<std::string>{"0", "1"}));
    EXPECT_TRUE(session.extmap_allow_mixed);
    EXPECT_TRUE(session.trickle);
    const Media& audio = session.media[0];
    EXPECT_EQ(audio.kind, MediaKind::audio);
    EXPECT_EQ(audio.direction, Direction::sendonly);
    EXPECT_EQ(find_codec(audio, "OPUS")->payload_type, 111);
    EXPECT_EQ(find_codec(audio, "opus")->channels, 2);
    EXPECT_EQ(parameter(find_codec(audio, "opus")->parameters, "useinbandfec"), "1");
    EXPECT_EQ(audio.sources.size(), 1u);
    EXPECT_EQ(audio.setup, sdp::Setup::actpass);
    EXPECT_EQ(audio.fingerprint->algorithm, "sha-256");
    const Media& video = session.media[1];
    ASSERT_EQ(video.rids.size(), 3u);
    EXPECT_EQ(video.rids[0], (Rid{"q", true, ""}));
    EXPECT_EQ(video.simulcast->send, (std::vector<std::string>{"q", "h", "f"}));
    const Codec* vp8 = find_codec(video, "VP8");
    EXPECT_EQ(vp8->feedback.size(), 5u);
    EXPECT_EQ(rtx_payload_type(video, vp8->payload_type), 97);
    EXPECT_TRUE(extension_id(video, extension::rid));
    EXPECT_FALSE(extension_id(video, "urn:nothing"));
}

TEST(Session, ReadsFirefoxWhichPutsTheFingerprintOnTop) {
    const Session session = parsed_sample("firefox_publish");
    ASSERT_EQ(session.media.size(), 2u);
    const Media& video = session.media[1];
    EXPECT_EQ(video.fingerprint->value.size(), 95u);
    EXPECT_EQ(video.source_groups.size(), 3u);
    EXPECT_EQ(video.source_groups[0].semantics, "FID");
    EXPECT_EQ(find_codec(video, "VP8")->payload_type, 120);
    EXPECT_EQ(rtx_payload_type(video, 120), 124);
    EXPECT_EQ(session.media[0].msid_stream, "-");
    EXPECT_EQ(transport_section(session), &session.media[0]);
}

TEST(Session, ReadsTheFirstOffersOfThreeClients) {
    for (const char* client : {"chromium_join", "firefox_join", "rtcnode_join"}) {
        const Session session = parsed_sample(client);
        ASSERT_EQ(session.media.size(), 7u) << client;
        int audio = 0, video = 0, data = 0;
        for (const Media& media : session.media) {
            audio += media.kind == MediaKind::audio && media.direction == Direction::recvonly;
            video += media.kind == MediaKind::video && media.direction == Direction::recvonly;
            data += media.kind == MediaKind::application && media.sctp_port == 5000;
            EXPECT_EQ(find_media(session, media.mid), &media);
        }
        EXPECT_EQ(audio, 3) << client;
        EXPECT_EQ(video, 3) << client;
        EXPECT_EQ(data, 1) << client;
    }
}

TEST(Session, IsReadBackAsWritten) {
    for (const char* name :
         {"chromium_join", "chromium_publish", "firefox_join", "firefox_publish", "rtcnode_join"}) {
        const Session session = parsed_sample(name);
        const auto again = parse(write(session));
        ASSERT_TRUE(again) << name;
        EXPECT_EQ(*again, session) << name;
    }
}

TEST(Session, RefusesFiveHundredSections) {
    std::string text = head;
    for (int i = 0; i < 500; ++i)
        text += "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:" + std::to_string(i) + "\r\n";
    EXPECT_EQ(error_of(text), SdpError::sections);
}

TEST(Session, RefusesTooMuchOfAnything) {
    EXPECT_EQ(error_of(head + std::string(300'000, 'a')), SdpError::size);
    std::string extensions, sources, candidates, groups;
    for (int i = 1; i < 200; ++i) {
        extensions += "a=extmap:" + std::to_string(i) + " urn:x\r\n";
        sources += "a=ssrc:" + std::to_string(i) + " cname:x\r\n";
        candidates += "a=candidate:x\r\n";
        groups += "a=ssrc-group:FID 1 2\r\n";
    }
    EXPECT_EQ(error_of_audio(extensions), SdpError::attribute);
    EXPECT_EQ(error_of_audio(sources), SdpError::attribute);
    EXPECT_EQ(error_of_audio(candidates), SdpError::attribute);
    EXPECT_EQ(error_of_audio(groups), SdpError::attribute);
}

TEST(Session, RefusesWhatIsBroken) {
    EXPECT_EQ(error_of(""), SdpError::form);
    EXPECT_EQ(error_of("hello"), SdpError::form);
    EXPECT_EQ(error_of("v=0\r\nxyz\r\n"), SdpError::form);
    EXPECT_EQ(error_of("v=0\r\no=-\r\n"), SdpError::form);
    EXPECT_EQ(error_of(head + "m=audio\r\n"s), SdpError::media);
    EXPECT_EQ(error_of(head + "m=audio 99999 RTP/SAVPF 0\r\n"s), SdpError::media);
    EXPECT_EQ(error_of(head + "m=audio 9 RTP/SAVPF 128\r\n"s), SdpError::media);
    EXPECT_EQ(error_of(head + "m=audio 9 RTP/SAVPF x\r\n"s), SdpError::media);
    for (const char* line :
         {"a=rtpmap:111 opus", "a=rtpmap:111 opus/x", "a=rtpmap:111 opus/48000/x",
          "a=extmap:0 urn:x", "a=extmap:x urn:x", "a=rid:", "a=rid:x up", "a=simulcast:maybe q",
          "a=ssrc:x", "a=mid:", "a=mid:a b", "a=fingerprint:sha-256", "a=sctp-port:70000",
          "a=max-message-size:-1", "a=ice-ufrag:"}) {
        EXPECT_EQ(error_of_audio(line), SdpError::attribute) << line;
    }
    EXPECT_EQ(error_of_audio("a=mid:0\r\nm=audio 9 RTP/SAVPF 0\r\na=mid:0"), SdpError::attribute);
}

TEST(Session, RefusesACarriageReturnThatWouldBecomeALine) {
    EXPECT_EQ(error_of_audio("a=fmtp:111 x\ra=ice-pwd:stolen"), SdpError::form);
    EXPECT_EQ(error_of_audio("a=mid:0\0x"s), SdpError::form);
}

TEST(Session, SkipsWhatItDoesNotKnow) {
    const auto session = parse(head +
                               "a=future:1\r\nb=AS:5\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111 0 50\r\n"
                               "i=x\r\na=rtpmap:111 opus/48000/2\r\na=rtpmap:99 VP8/90000\r\n"
                               "a=fmtp:99 x\r\na=extmap:4096 urn:x\r\na=what\r\n"s);
    ASSERT_TRUE(session);
    // 0 is PCMU without being told; 50 is nothing, 99 was not in the m= line.
    ASSERT_EQ(session->media[0].codecs.size(), 2u);
    EXPECT_EQ(session->media[0].codecs[1].name, "PCMU");
    EXPECT_TRUE(session->media[0].extensions.empty());
}

}  // namespace
}  // namespace aula::sdp
