// SPDX-License-Identifier: Apache-2.0
#include "control/credit.hpp"

#include <gtest/gtest.h>

#include "control/unstored_events.hpp"

using namespace aula;
using namespace aula::control;

TEST(Credit, AMessageMayOverdrawOnceAndTheNextWaits) {
    SendCredit sender;
    ReceiveCredit receiver;
    sender.push(true, Buffer(2 << 20));
    sender.push(true, Buffer(1));
    const auto large = sender.pop();
    ASSERT_TRUE(large);
    EXPECT_TRUE(receiver.receive(large->payload.size()));
    EXPECT_FALSE(sender.pop());
    EXPECT_TRUE(sender.is_used_up());
    EXPECT_EQ(sender.queued_bytes(), 1u);

    sender.grant(receiver.consume(large->payload.size()));
    const auto small = sender.pop();
    ASSERT_TRUE(small);
    EXPECT_TRUE(receiver.receive(small->payload.size()));
}

TEST(Credit, ASenderThatIgnoresItIsNoticed) {
    ReceiveCredit receiver;
    EXPECT_TRUE(receiver.receive(initial_credit));
    EXPECT_FALSE(receiver.receive(1));
}

TEST(Credit, SmallAmountsAreGrantedTogether) {
    ReceiveCredit receiver;
    std::uint64_t granted = 0;
    std::size_t grants = 0;
    for (int i = 0; i < 1000; ++i) {
        const std::uint32_t now = receiver.consume(1000);
        granted += now;
        grants += now != 0;
    }
    EXPECT_GT(granted, 900'000u);
    EXPECT_LT(grants, 20u);
}

TEST(Credit, NothingIsLostOrReorderedOverManyGrants) {
    SendCredit sender;
    ReceiveCredit receiver;
    int received = 0;
    for (int i = 0; i < 3000; ++i) {
        Buffer payload(1 + static_cast<std::size_t>(i) * 7 % 1000);
        payload[0] = static_cast<std::uint8_t>(i);
        sender.push(true, payload);
        while (auto message = sender.pop()) {
            ASSERT_TRUE(receiver.receive(message->payload.size()));
            ASSERT_EQ(message->payload[0], static_cast<std::uint8_t>(received++));
            sender.grant(receiver.consume(message->payload.size()));
        }
    }
    EXPECT_EQ(received, 3000);
}

namespace {

LessonEvents lesson_events(const std::string& room, std::uint64_t first, int count) {
    LessonEvents events;
    events.set_room(room);
    events.set_first_sequence(first);
    for (int i = 0; i < count; ++i) events.add_events(std::string(1000, 'x'));
    return events;
}

EventsStored stored_up_to(const std::string& room, std::uint64_t sequence) {
    EventsStored stored;
    stored.set_room(room);
    stored.set_sequence(sequence);
    return stored;
}

std::size_t kept_by(const UnstoredEvents& events) {
    std::size_t kept = 0;
    events.for_each(
        [&](const LessonEvents& one) { kept += static_cast<std::size_t>(one.events_size()); });
    return kept;
}

}  // namespace

TEST(UnstoredEvents, AreKeptUntilTheLastOfThemIsStored) {
    UnstoredEvents kept(1 << 20);
    kept.add(lesson_events("a", 1, 3));
    kept.add(lesson_events("a", 4, 2));
    kept.add(lesson_events("b", 1, 1));
    kept.stored(stored_up_to("a", 2));
    EXPECT_EQ(kept_by(kept), 6u);
    kept.stored(stored_up_to("a", 3));
    EXPECT_EQ(kept_by(kept), 3u);
    kept.stored(stored_up_to("a", 5));
    kept.stored(stored_up_to("b", 9));
    EXPECT_EQ(kept_by(kept), 0u);
    EXPECT_EQ(kept.bytes(), 0u);
}

TEST(UnstoredEvents, TheFullestRoomGoesWholeWhenTheBoundIsReached) {
    UnstoredEvents kept(10'000);
    kept.add(lesson_events("small", 1, 1));
    UnstoredEvents::Lost lost;
    std::uint64_t sent = 0;
    while (lost.rooms.empty()) lost = kept.add(lesson_events("large", ++sent, 1));
    EXPECT_EQ(lost.rooms, std::vector<std::string>{"large"});
    EXPECT_EQ(lost.events, sent) << "its later events are of no use without the first";
    EXPECT_EQ(kept_by(kept), 1u);
    EXPECT_LE(kept.bytes(), 10'000u);
}
