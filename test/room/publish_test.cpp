// SPDX-License-Identifier: Apache-2.0
// Tracks: announced, agreed on by SDP, muted, allowed, subscribed to; without media.
#include "hall.hpp"

namespace aula::room {
namespace {

using Response = livekit::SignalResponse;

TEST(Publish, IsSeenAndSubscribedToByTheOthers) {
    Hall hall;
    hall.join(1, Hall::token("anna"));
    hall.join(2, Hall::token("ben"));
    const std::string sid = hall.publish(1, livekit::AUDIO, livekit::MICROPHONE);
    ASSERT_TRUE(sid.starts_with("TR_AM")) << sid;
    ASSERT_TRUE(hall.log(1).find(Response::kAnswer));
    EXPECT_TRUE(hall.log(1).find(Response::kTrackSubscribed));
    const auto update = hall.log(2).find(Response::kUpdate);
    ASSERT_EQ(update->update().participants(0).tracks_size(), 1);
    EXPECT_EQ(update->update().participants(0).tracks(0).mime_type(), "audio/opus");
    hall.run([&](Room& room) { EXPECT_NE(room.participant("ben")->subscription(sid), nullptr); });
}

TEST(Publish, EndsWithThePublisher) {
    Hall hall;
    hall.join(1, Hall::token("anna"));
    hall.join(2, Hall::token("ben"));
    hall.publish(1, livekit::AUDIO, livekit::MICROPHONE);
    hall.run([](Room& room) {
        room.remove(*room.participant("anna"), livekit::CLIENT_INITIATED);
        EXPECT_TRUE(room.participant("ben")->subscriptions.empty());
    });
    hall.join(3, Hall::token("clara"));
    EXPECT_EQ(hall.log(3).find(Response::kJoin)->join().other_participants_size(), 1);
}

TEST(Publish, IsRefusedWithoutPermissionOrWithTooMuchToSay) {
    Hall hall;
    signal::AccessToken listener = Hall::token("anna");
    listener.video.can_publish = false;
    hall.join(1, listener);
    EXPECT_EQ(hall.publish(1, livekit::AUDIO, livekit::MICROPHONE), "");
    EXPECT_EQ(hall.log(1).find(Response::kRequestResponse)->request_response().reason(),
              livekit::RequestResponse::NOT_ALLOWED);

    hall.join(2, Hall::token("ben"));
    livekit::SignalRequest add;
    add.mutable_add_track()->set_cid("c");
    add.mutable_add_track()->set_name(std::string(100'000, 'x'));
    hall.say(2, add);
    EXPECT_EQ(hall.log(2).find(Response::kRequestResponse)->request_response().reason(),
              livekit::RequestResponse::LIMIT_EXCEEDED);
    for (int i = 0; i < 40; ++i) {
        add.mutable_add_track()->set_name("n");
        add.mutable_add_track()->set_cid("c" + std::to_string(i));
        hall.say(2, add);
    }
    hall.run([](Room& room) { EXPECT_EQ(room.participant("ben")->tracks.size(), 32u); });
}

TEST(Offer, WithNewSectionsEachTimeKeepsNoOldOnes) {
    Hall hall;
    hall.join(1, Hall::token("anna"));
    livekit::SignalRequest offer;
    offer.mutable_offer()->set_type("offer");
    for (unsigned round = 0; round < 50; ++round) {
        const std::vector<std::pair<std::string, std::string>> sections(20, {"audio", ""});
        offer.mutable_offer()->set_sdp(offer_of(sections, round * 20));
        offer.mutable_offer()->set_id(round);
        hall.say(1, offer);
    }
    EXPECT_EQ(hall.log(1).find(Response::kAnswer)->answer().id(), 49u);
    hall.run([](Room& room) {
        EXPECT_EQ(room.participant("anna")->uplink().free_sections(sdp::MediaKind::audio), 20u);
    });
}

TEST(Offer, ThatNobodyCanReadEndsTheSession) {
    Hall hall;
    hall.join(1, Hall::token("anna"));
    livekit::SignalRequest offer;
    offer.mutable_offer()->set_sdp(
        offer_of(std::vector<std::pair<std::string, std::string>>(500, {"audio", ""})));
    hall.say(1, offer);
    EXPECT_EQ(hall.log(1).find(Response::kLeave)->leave().reason(), livekit::JOIN_FAILURE);
    hall.run([](Room& room) {
        EXPECT_TRUE(room.participants().empty());
        EXPECT_EQ(room.counters().bad_signals, 1u);
    });
}

TEST(Mute, ByTheServerIsToldToThePublisherAndSeenByAll) {
    Hall hall;
    hall.join(1, Hall::token("anna"));
    hall.join(2, Hall::token("ben"));
    const std::string sid = hall.publish(1, livekit::AUDIO, livekit::MICROPHONE);
    hall.run([&](Room& room) { room.set_muted(*room.track(sid), true, true); });
    EXPECT_TRUE(hall.log(1).find(Response::kMute)->mute().muted());
    EXPECT_TRUE(hall.log(2).find(Response::kUpdate)->update().participants(0).tracks(0).muted());
}

TEST(Mute, OfSomebodyElsesTrackIsNotDone) {
    Hall hall;
    hall.join(1, Hall::token("anna"));
    hall.join(2, Hall::token("ben"));
    const std::string sid = hall.publish(1, livekit::AUDIO, livekit::MICROPHONE);
    livekit::SignalRequest mute;
    mute.mutable_mute()->set_sid(sid);
    mute.mutable_mute()->set_muted(true);
    hall.say(2, mute);
    hall.run([&](Room& room) { EXPECT_FALSE(room.track(sid)->info.muted()); });
    hall.say(1, mute);
    hall.run([&](Room& room) { EXPECT_TRUE(room.track(sid)->info.muted()); });
}

TEST(Subscription, NobodyMayOnceThePublisherSaysSo) {
    Hall hall;
    hall.join(1, Hall::token("anna"));
    hall.join(2, Hall::token("ben"));
    const std::string sid = hall.publish(1, livekit::AUDIO, livekit::MICROPHONE);
    livekit::SignalRequest nobody;
    nobody.mutable_subscription_permission();
    hall.say(1, nobody);
    const auto update = hall.log(2).find(Response::kSubscriptionPermissionUpdate);
    ASSERT_TRUE(update);
    EXPECT_FALSE(update->subscription_permission_update().allowed());
    hall.run([&](Room& room) { EXPECT_EQ(room.participant("ben")->subscription(sid), nullptr); });

    livekit::SignalRequest only_ben;
    auto& entry = *only_ben.mutable_subscription_permission()->add_track_permissions();
    entry.set_participant_identity("ben");
    entry.set_all_tracks(true);
    hall.say(1, only_ben);
    hall.join(3, Hall::token("clara"));
    hall.run([&](Room& room) {
        EXPECT_NE(room.participant("ben")->subscription(sid), nullptr);
        EXPECT_EQ(room.participant("clara")->subscription(sid), nullptr);
    });
}

TEST(DataBlob, IsRefusedByTheNumberOfItsRequest) {
    Hall hall;
    hall.join(1, Hall::token("anna"));
    livekit::SignalRequest store;
    store.mutable_store_data_blob_request()->set_request_id(7);
    hall.say(1, store);
    const auto refused = hall.log(1).find(Response::kRequestResponse);
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->request_response().request_id(), 7u);
    EXPECT_EQ(refused->request_response().reason(), livekit::RequestResponse::UNSUPPORTED_TYPE);
    hall.run([](Room& room) { EXPECT_EQ(room.counters().bad_signals, 0u); });
}

TEST(Metadata, StaysWithinItsLimitHoweverOftenItGrows) {
    Hall hall;
    signal::AccessToken shown = Hall::token("anna");
    shown.video.can_update_own_metadata = true;
    hall.join(1, shown);
    livekit::SignalRequest update;
    for (int i = 0; i < 10; ++i) {
        update.mutable_update_metadata()->clear_attributes();
        (*update.mutable_update_metadata()->mutable_attributes())["k" + std::to_string(i)] =
            std::string(20'000, 'x');
        hall.say(1, update);
    }
    EXPECT_EQ(hall.log(1).find(Response::kRequestResponse)->request_response().reason(),
              livekit::RequestResponse::LIMIT_EXCEEDED);
    hall.run([](Room& room) { EXPECT_EQ(room.participant("anna")->attributes.size(), 3u); });
}

}  // namespace
}  // namespace aula::room
