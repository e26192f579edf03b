// SPDX-License-Identifier: Apache-2.0
#include "sdp/answer.hpp"

#include <algorithm>

#include "sample.hpp"
#include "sdp/extensions.hpp"
#include "sdp/offer.hpp"

namespace aula::sdp {
namespace {

std::vector<int> payload_types(const Media& media) {
    std::vector<int> result;
    for (const Codec& codec : media.codecs) result.push_back(codec.payload_type);
    return result;
}

TEST(Answer, ReceivesACameraWithAllItsLayers) {
    for (const char* name : {"chromium_publish", "firefox_publish"}) {
        const Media offered = parsed_sample(name).media[1];
        const Media answer = answer_receiving(offered, {.codec = "VP8"});
        EXPECT_EQ(answer.direction, Direction::recvonly);
        EXPECT_EQ(answer.mid, offered.mid);
        EXPECT_EQ(answer.codecs[0].name, "VP8");
        EXPECT_EQ(answer.codecs[0].payload_type, find_codec(offered, "VP8")->payload_type);
        EXPECT_EQ(answer.codecs[1].name, "rtx");
        EXPECT_EQ(answer.simulcast->receive, (std::vector<std::string>{"q", "h", "f"}));
        EXPECT_TRUE(answer.simulcast->send.empty());
        ASSERT_EQ(answer.rids.size(), 3u);
        EXPECT_FALSE(answer.rids[2].send);
        EXPECT_EQ(extension_id(answer, extension::rid), extension_id(offered, extension::rid));
        EXPECT_TRUE(extension_id(answer, extension::repaired_rid));
        EXPECT_FALSE(extension_id(answer, "urn:ietf:params:rtp-hdrext:toffset"));
        EXPECT_EQ(find_codec(answer, "ulpfec"), nullptr);
    }
}

TEST(Answer, PutsTheRequestedCodecFirstAndKeepsTheOthers) {
    const Media offered = parsed_sample("chromium_publish").media[1];
    const Media answer = answer_receiving(offered, {.codec = "vp9"});
    EXPECT_EQ(answer.codecs[0].name, "VP9");
    EXPECT_NE(find_codec(answer, "VP8"), nullptr);
    const Media only = answer_receiving(offered, {.codec = "VP9", .only_codec = true});
    EXPECT_EQ(only.codecs.size(), 2u);
}

TEST(Answer, TakesTheH264ThatEverybodyHas) {
    Media offered = parsed_sample("chromium_publish").media[1];
    const Media answer = answer_receiving(offered, {.codec = "H264", .only_codec = true});
    for (const Codec& codec : answer.codecs) {
        if (codec.name != "H264") continue;
        EXPECT_EQ(parameter(codec.parameters, "packetization-mode"), "1");
        EXPECT_EQ(parameter(codec.parameters, "profile-level-id")->substr(0, 4), "42e0");
    }
}

TEST(Answer, PutsRedBeforeOpusUnlessToldNot) {
    const Media offered = parsed_sample("chromium_publish").media[0];
    EXPECT_EQ(payload_types(answer_receiving(offered, {})), (std::vector<int>{63, 111}));
    EXPECT_EQ(payload_types(answer_receiving(offered, {.red = false})), (std::vector<int>{111}));
    const Media firefox = answer_receiving(parsed_sample("firefox_publish").media[0], {});
    EXPECT_EQ(payload_types(firefox), (std::vector<int>{109}));
}

TEST(Answer, AppendsToOpusParameters) {
    const Media offered = parsed_sample("chromium_publish").media[0];
    const Media answer = answer_receiving(offered, {.opus_parameters = "usedtx=1"});
    EXPECT_EQ(find_codec(answer, "opus")->parameters, "minptime=10;useinbandfec=1;usedtx=1");
}

TEST(Answer, RejectsWhatSharesNoCodecAndKeepsItsPlace) {
    Media offered = parsed_sample("chromium_publish").media[1];
    std::erase_if(offered.codecs, [](const Codec& codec) { return codec.name != "ulpfec"; });
    const Media answer = answer_receiving(offered, {});
    EXPECT_TRUE(answer.rejected());
    EXPECT_EQ(answer.mid, offered.mid);
    Session offer = parsed_sample("chromium_publish");
    const Session whole = make_answer(offer, {answer_receiving(offer.media[0], {}), answer},
                                      sample_transport(), 1, 1);
    EXPECT_EQ(whole.bundle, (std::vector<std::string>{"0"}));
    EXPECT_NE(write(whole).find("m=video 0 "), std::string::npos);
}

TEST(Answer, SendsOnlyTheTracksCodecAndItsRetransmissions) {
    for (const char* name : {"chromium_join", "firefox_join", "rtcnode_join"}) {
        const Session offer = parsed_sample(name);
        for (const Media& offered : offer.media) {
            if (offered.kind != MediaKind::video) continue;
            const auto answer = answer_sending(offered, sample_track(MediaKind::video, "VP8"));
            ASSERT_TRUE(answer) << name;
            EXPECT_EQ(answer->direction, Direction::sendonly);
            ASSERT_EQ(answer->codecs.size(), 2u);
            EXPECT_EQ(answer->codecs[0].name, "VP8");
            EXPECT_EQ(answer->msid_stream, "PA_abc|camera");
            EXPECT_EQ(answer->source_groups, (std::vector<SourceGroup>{{"FID", {1111, 2222}}}));
            // Kept for the day this section's client publishes simulcast in another one.
            EXPECT_EQ(extension_id(*answer, extension::rid), extension_id(offered, extension::rid));
        }
    }
}

TEST(Answer, FindsTheH264ThatFits) {
    const Session offer = parsed_sample("rtcnode_join");
    const Media& video = offer.media[3];
    for (const char* parameters : {"packetization-mode=1;profile-level-id=42e01f",
                                   "packetization-mode=0;profile-level-id=42e01f"}) {
        const auto answer =
            answer_sending(video, sample_track(MediaKind::video, "H264", parameters));
        ASSERT_TRUE(answer);
        EXPECT_EQ(parameter(answer->codecs[0].parameters, "packetization-mode"),
                  parameter(parameters, "packetization-mode"));
    }
    EXPECT_FALSE(answer_sending(parsed_sample("firefox_publish").media[1],
                                sample_track(MediaKind::video, "VP8")));
}

TEST(Answer, SendsRedOnlyToThoseWhoTakeIt) {
    SendTrack track = sample_track(MediaKind::audio, "opus");
    track.red = true;
    const Session chromium = parsed_sample("chromium_join");
    const Session firefox = parsed_sample("firefox_join");
    const auto audio = [](const Session& session) {
        return *std::ranges::find(session.media, MediaKind::audio, &Media::kind);
    };
    EXPECT_EQ(payload_types(*answer_sending(audio(chromium), track)), (std::vector<int>{63, 111}));
    EXPECT_EQ(payload_types(*answer_sending(audio(firefox), track)), (std::vector<int>{109}));
    track.red = false;
    EXPECT_EQ(payload_types(*answer_sending(audio(chromium), track)), (std::vector<int>{111}));
}

TEST(Answer, TakesTheDtlsRoleThatIsLeft) {
    Session offer = parsed_sample("rtcnode_join");
    const auto role = [&](sdp::Setup offered, sdp::Setup wanted) {
        for (Media& media : offer.media) media.setup = offered;
        std::vector<Media> sections;
        for (const Media& media : offer.media) {
            sections.push_back(media.kind == MediaKind::application ? answer_data(media)
                                                                    : answer_inactive(media));
        }
        LocalTransport local = sample_transport();
        local.setup = wanted;
        return make_answer(offer, sections, local, 1, 1).media[0].setup;
    };
    EXPECT_EQ(role(sdp::Setup::actpass, sdp::Setup::passive), sdp::Setup::passive);
    EXPECT_EQ(role(sdp::Setup::actpass, sdp::Setup::active), sdp::Setup::active);
    EXPECT_EQ(role(sdp::Setup::active, sdp::Setup::active), sdp::Setup::passive);
    EXPECT_EQ(role(sdp::Setup::passive, sdp::Setup::passive), sdp::Setup::active);
}

TEST(Answer, IsOneBundleOverOneTransport) {
    const Session offer = parsed_sample("chromium_join");
    std::vector<Media> sections;
    for (const Media& media : offer.media) {
        sections.push_back(media.kind == MediaKind::application ? answer_data(media)
                                                                : answer_inactive(media));
    }
    const Session answer = make_answer(offer, sections, sample_transport(), 7, 3);
    EXPECT_EQ(answer.bundle, offer.bundle);
    EXPECT_TRUE(answer.ice_lite);
    EXPECT_EQ(answer.media[0].candidates.size(), 1u);
    EXPECT_TRUE(answer.media[1].candidates.empty());
    EXPECT_EQ(answer.media[1].ice_ufrag, "aula");
    EXPECT_TRUE(check_answer(offer, answer));
    EXPECT_EQ(parse(write(answer)), answer);
}

TEST(Answer, RejectsWhatIsNotBundled) {
    Session offer = parsed_sample("chromium_publish");
    offer.bundle = {"0"};
    const Session answer = make_answer(
        offer, {answer_receiving(offer.media[0], {}), answer_receiving(offer.media[1], {})},
        sample_transport(), 1, 1);
    EXPECT_FALSE(answer.media[0].rejected());
    EXPECT_TRUE(answer.media[1].rejected());
}

TEST(Offer, HasTheSamePayloadTypesEverywhereAndAnAnswerFits) {
    const Session offer =
        make_offer({offer_data("0"), offer_sending("1", sample_track(MediaKind::video, "VP8")),
                    offer_sending("2", sample_track(MediaKind::audio, "opus")),
                    offer_inactive("3", MediaKind::video)},
                   sample_transport(), 5, 1);
    EXPECT_EQ(payload_types(offer.media[1]), (std::vector<int>{96, 97}));
    EXPECT_EQ(payload_types(offer.media[2]), (std::vector<int>{111}));
    EXPECT_EQ(parse(write(offer)), offer);
    EXPECT_EQ(offer.media[0].setup, sdp::Setup::actpass);

    // Our own answering side stands for the client here; the browsers' is tried end to end.
    LocalTransport client = sample_transport();
    client.setup = sdp::Setup::active;
    Media video = answer_inactive(offer.media[1]);
    video.direction = Direction::recvonly;
    Session answer = make_answer(offer,
                                 {answer_data(offer.media[0]), video,
                                  answer_inactive(offer.media[2]), answer_inactive(offer.media[3])},
                                 client, 1, 1);
    EXPECT_TRUE(check_answer(offer, answer));
    answer.media[1].mid = "9";
    EXPECT_EQ(check_answer(offer, answer).error(), AnswerError::sections);
    answer.media.pop_back();
    EXPECT_EQ(check_answer(offer, answer).error(), AnswerError::sections);
}

TEST(Offer, OfANativeClientCanBeAnswered) {
    SendTrack camera = sample_track(MediaKind::video, "VP8");
    const std::vector<std::string> rids{"q", "h", "f"};
    const Session offer =
        make_offer({offer_receiving("0", MediaKind::audio), offer_receiving("1", MediaKind::video),
                    offer_data("2"), offer_simulcast("3", camera, rids)},
                   sample_transport(), 5, 1);
    const Media publisher = answer_receiving(offer.media[3], {.codec = "VP8"});
    EXPECT_EQ(publisher.simulcast->receive, rids);
    EXPECT_TRUE(answer_sending(offer.media[1], camera));
    EXPECT_TRUE(answer_sending(
        offer.media[1],
        sample_track(MediaKind::video, "H264", "packetization-mode=1;profile-level-id=42e01f")));
    EXPECT_TRUE(answer_sending(offer.media[0], sample_track(MediaKind::audio, "opus")));
}

TEST(Offer, GivesEveryH264APayloadType) {
    const auto payload_type = [](const char* parameters) {
        return offered_payload_type(sample_track(MediaKind::video, "H264", parameters).codec);
    };
    EXPECT_EQ(payload_type("packetization-mode=1;profile-level-id=42e01f"), 125);
    EXPECT_EQ(payload_type("packetization-mode=1;profile-level-id=42e034"), 125);
    EXPECT_EQ(payload_type("profile-level-id=42e01f"), 108);
    EXPECT_EQ(payload_type("packetization-mode=1;profile-level-id=640c1f"), 123);
    EXPECT_EQ(offered_payload_type(sample_track(MediaKind::video, "VP8").codec), 96);
    EXPECT_EQ(offered_payload_type(sample_track(MediaKind::video, "H265").codec), 0);
}

}  // namespace
}  // namespace aula::sdp
