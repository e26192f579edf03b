// SPDX-License-Identifier: Apache-2.0
// Native participants in a lesson on a real node, found through a real hub.
#include <gtest/gtest.h>

#include "lesson_in_process.hpp"
#include "participant/synthetic_media.hpp"

namespace aula {
namespace {

using app::testing::LessonInProcess;
using participant::Client;
using participant::IncomingStream;
using participant::SyntheticAudio;
using participant::SyntheticVideo;

TEST(Participant, HearsAndSeesAnother) {
    LessonInProcess lesson;
    const auto teacher = lesson.join("teacher");
    auto& microphone = teacher->publish({});
    auto& camera = teacher->publish(SyntheticVideo::publish_options());
    const SyntheticAudio audio(lesson.loop, microphone);
    const SyntheticVideo video(lesson.loop, camera);
    const auto pupil = lesson.join("pupil");

    const auto stream_of = [&](const participant::Publication& publication) {
        return publication.sid().empty() ? nullptr : pupil->incoming_of_track(publication.sid());
    };
    ASSERT_TRUE(lesson.run_until([&] {
        const IncomingStream* heard = stream_of(microphone);
        const IncomingStream* seen = stream_of(camera);
        return heard != nullptr && seen != nullptr && heard->packets > 50 && seen->packets > 50;
    }));
    EXPECT_GE(stream_of(camera)->key_frames_received, 1u);
    EXPECT_EQ(pupil->figures().lost, 0);
    EXPECT_EQ(pupil->figures().unknown, 0u);
    EXPECT_EQ(pupil->roster().at("teacher").tracks_size(), 2);
    EXPECT_EQ(pupil->roster().at("teacher").state(), livekit::ParticipantInfo::ACTIVE);
    EXPECT_LE(*pupil->joined_at(), *pupil->first_media_at());
}

TEST(Participant, GetsTheLayerThatItDisplays) {
    LessonInProcess lesson;
    const auto teacher = lesson.join("teacher");
    auto& camera = teacher->publish(SyntheticVideo::publish_options());
    const SyntheticVideo video(lesson.loop, camera);
    const auto pupil = lesson.join("pupil");
    const auto width = [&] {
        const IncomingStream* seen =
            camera.sid().empty() ? nullptr : pupil->incoming_of_track(camera.sid());
        return seen == nullptr ? 0 : seen->width;
    };
    const auto show_at = [&](std::uint32_t wide, std::uint32_t high) {
        livekit::UpdateTrackSettings wish;
        wish.add_track_sids(camera.sid());
        wish.set_width(wide);
        wish.set_height(high);
        pupil->set_wish(wish);
    };
    ASSERT_TRUE(lesson.run_until([&] { return width() != 0; }));
    show_at(200, 120);
    EXPECT_TRUE(lesson.run_until([&] { return width() == 320; }));
    show_at(1280, 720);
    EXPECT_TRUE(lesson.run_until([&] { return width() == 1280; }));
    EXPECT_EQ(pupil->figures().lost, 0);
}

TEST(Participant, IsNotHeardWhileMuted) {
    LessonInProcess lesson;
    const auto teacher = lesson.join("teacher");
    auto& microphone = teacher->publish({});
    const SyntheticAudio audio(lesson.loop, microphone);
    const auto pupil = lesson.join("pupil");
    ASSERT_TRUE(lesson.run_until([&] { return pupil->figures().packets > 10; }));

    const auto is_muted = [&] {
        const auto& tracks = pupil->roster().at("teacher").tracks();
        return !tracks.empty() && tracks[0].muted();
    };
    teacher->mute(microphone, true);
    ASSERT_TRUE(lesson.run_until(is_muted));
    const auto sent = microphone.packets_sent();
    const Time later = lesson.loop.now() + 200ms;
    ASSERT_TRUE(lesson.run_until([&] { return lesson.loop.now() > later; }));
    EXPECT_EQ(microphone.packets_sent(), sent);

    teacher->mute(microphone, false);
    const auto heard = pupil->figures().packets;
    EXPECT_TRUE(
        lesson.run_until([&] { return !is_muted() && pupil->figures().packets > heard + 10; }));
}

TEST(Participant, AsksForMoreSectionsWhenManyPublish) {
    LessonInProcess lesson;
    const auto pupil = lesson.join("pupil");
    std::vector<std::unique_ptr<Client>> others;
    std::vector<std::unique_ptr<SyntheticAudio>> audio;
    for (int i = 0; i < 6; ++i) {
        others.push_back(lesson.join("speaker-" + std::to_string(i)));
        audio.push_back(std::make_unique<SyntheticAudio>(lesson.loop, others.back()->publish({})));
    }
    EXPECT_TRUE(lesson.run_until([&] {
        std::size_t heard = 0;
        for (const auto& [ssrc, stream] : pupil->incoming()) heard += stream.packets > 5;
        return heard == 6;
    }));
}

TEST(Participant, SendsDataToTheOthersOnly) {
    LessonInProcess lesson;
    std::vector<std::string> received;
    Client::Handlers handlers;
    handlers.on_data = [&](const livekit::DataPacket& packet, bool reliable) {
        received.push_back(packet.participant_identity() + (reliable ? " reliable " : " lossy ") +
                           packet.user().payload());
    };
    const auto teacher = lesson.join("teacher");
    const auto pupil = lesson.join("pupil", handlers);
    ASSERT_TRUE(lesson.run_until([&] { return teacher->is_connected() && pupil->is_connected(); }));
    // What is sent before the pupil's own channel is open reaches it by the relay's memory.
    ASSERT_TRUE(lesson.run_until(
        [&] { return teacher->send_data(true, "topic", bytes_of("Good morning")); }));
    ASSERT_TRUE(lesson.run_until([&] { return !received.empty(); }));
    EXPECT_EQ(received, std::vector<std::string>{"teacher reliable Good morning"});
    EXPECT_EQ(teacher->figures().data_messages, 0u);
}

TEST(Participant, TellsOfARefusalAndOfARemoval) {
    LessonInProcess lesson;
    std::string why;
    std::optional<participant::Ending> ending;
    Client::Handlers handlers;
    handlers.on_ended = [&](participant::Ending how, const std::string& text) {
        ending = how;
        why = text;
    };
    participant::ClientOptions options;
    options.url = "http://" + lesson.hub->address().text() + "/";
    options.token = "nonsense";
    options.media = *net::Address::parse("127.0.0.1:0");
    const auto stranger = std::move(*Client::join(lesson.loop, lesson.dtls, options, handlers));
    ASSERT_TRUE(lesson.run_until([&] { return ending.has_value(); }));
    EXPECT_EQ(*ending, participant::Ending::refused);
    EXPECT_EQ(why.substr(0, 4), "401 ");

    ending.reset();
    const auto first = lesson.join("same", handlers);
    ASSERT_TRUE(lesson.run_until([&] { return first->is_connected(); }));
    const auto second = lesson.join("same");
    ASSERT_TRUE(lesson.run_until([&] { return ending.has_value(); }));
    EXPECT_EQ(*ending, participant::Ending::left_by_server);
    EXPECT_EQ(why, "DUPLICATE_IDENTITY");
    EXPECT_TRUE(lesson.run_until([&] { return second->is_connected(); }));
}

TEST(Participant, LeavesSoThatOthersSeeItGone) {
    LessonInProcess lesson;
    const auto teacher = lesson.join("teacher");
    const auto pupil = lesson.join("pupil");
    ASSERT_TRUE(lesson.run_until([&] {
        return teacher->is_connected() && pupil->is_connected() &&
               teacher->roster().contains("pupil");
    }));
    pupil->leave();
    EXPECT_TRUE(lesson.run_until([&] {
        return teacher->roster().at("pupil").state() == livekit::ParticipantInfo::DISCONNECTED;
    }));
    EXPECT_TRUE(pupil->is_ended());
}

}  // namespace
}  // namespace aula
