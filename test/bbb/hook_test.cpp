// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "bbb/checksum.hpp"
#include "bbb/event.hpp"
#include "bbb/hook_queue.hpp"

namespace aula::bbb {
namespace {

Hook hook_of(std::string id, std::string meeting = {},
             std::optional<std::vector<std::string>> events = {}) {
    return {id, "http://hook.example/" + id, std::move(meeting), std::move(events), false};
}

TEST(HookQueue, DeliversOneAtATimeInOrder) {
    HookQueue queue;
    queue.add(hook_of("a"));
    queue.publish("user-joined", "m", "one");
    queue.publish("user-left", "m", "two");
    const Time now{};
    auto due = queue.due(now);
    ASSERT_EQ(due.size(), 1u);
    EXPECT_EQ(due[0].body, "one");
    EXPECT_TRUE(queue.due(now).empty());
    EXPECT_EQ(queue.finished("a", true, now), HookQueue::Outcome::delivered);
    EXPECT_EQ(queue.due(now).at(0).body, "two");
}

TEST(HookQueue, TellsOnlyWhoAsked) {
    HookQueue queue;
    queue.add(hook_of("all"));
    queue.add(hook_of("one-meeting", "m1"));
    queue.add(hook_of("one-event", "", std::vector<std::string>{"meeting-ended"}));
    queue.publish("user-joined", "m2", "x");
    EXPECT_EQ(queue.due({}).size(), 1u);
    EXPECT_EQ(queue.list("m1").size(), 3u);
    EXPECT_EQ(queue.list("m2").size(), 2u);
}

TEST(HookQueue, TriesAgainAfterGrowingPausesAndThenGivesTheHookUp) {
    HookQueue queue;
    queue.add(hook_of("a"));
    queue.publish("user-joined", "m", "one");
    Time now{};
    int tries = 0;
    for (auto outcome = HookQueue::Outcome::again; outcome == HookQueue::Outcome::again; ++tries) {
        const auto due = queue.due(now);
        ASSERT_EQ(due.size(), 1u);
        EXPECT_EQ(due[0].body, "one");  // the same body, so the same timestamp
        outcome = queue.finished("a", false, now);
        EXPECT_TRUE(queue.due(now).empty());
        if (const auto next = queue.next_due()) now = *next;
    }
    EXPECT_EQ(tries, 14);
    EXPECT_EQ(queue.find("a"), nullptr);
}

TEST(HookQueue, IsBoundedAndDropsTheOldest) {
    HookQueue queue;
    queue.add(hook_of("a"));
    for (std::size_t i = 0; i < HookQueue::most_waiting; ++i)
        queue.publish("e", "m", std::to_string(i));
    EXPECT_EQ(queue.due({}).at(0).body, "0");
    queue.publish("e", "m", "new");  // "0" is under way and stays, "1" goes
    EXPECT_EQ(queue.dropped(), 1u);
    queue.finished("a", true, {});
    EXPECT_EQ(queue.due({}).at(0).body, "2");
    for (std::size_t i = 1; i < HookQueue::most_hooks; ++i)
        EXPECT_TRUE(queue.add(hook_of("h" + std::to_string(i))));
    EXPECT_EQ(queue.add(hook_of("too-many")), nullptr);
}

TEST(HookQueue, SurvivesAHookThatGoesWhileItsDeliveryIsUnderWay) {
    HookQueue queue;
    queue.add(hook_of("a"));
    queue.publish("e", "m", "x");
    queue.due({});
    EXPECT_TRUE(queue.remove("a"));
    EXPECT_EQ(queue.finished("a", true, {}), HookQueue::Outcome::unknown);
}

TEST(Hook, IsReadAndKept) {
    const auto hook = read_hook(
        Parameters::parse("callbackURL=https%3A%2F%2Fa.example%2Fx&eventID=&getRaw=true").value(),
        "7");
    ASSERT_TRUE(hook);
    ASSERT_TRUE(hook->event_ids.has_value());
    EXPECT_TRUE(hook->event_ids->empty());
    const auto again = hook_from_json(to_json(*hook));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->callback_url, "https://a.example/x");
    EXPECT_TRUE(again->raw && again->event_ids && again->event_ids->empty());
    EXPECT_EQ(read_hook({}, "7").error().key, "missingParamCallbackURL");
    for (const auto* url :
         {"callbackURL=ftp://x", "callbackURL=file:///etc/passwd", "callbackURL=http://"}) {
        EXPECT_EQ(read_hook(Parameters::parse(url).value(), "7").error().key, "createHookError")
            << url;
    }
}

TEST(Hook, SignsUrlAndBody) {
    const auto hook = hook_of("a");
    const auto body = delivery_body("school.example", R"({"a":"ä b"})", 12);
    EXPECT_EQ(body,
              "domain=school.example&event=%5B%7B%22a%22%3A%22%C3%A4%20b%22%7D%5D&timestamp=12");
    EXPECT_EQ(delivery_url(hook, body, "secret", crypto::HashKind::sha1),
              hook.callback_url + "?checksum=" +
                  checksum(crypto::HashKind::sha1, hook.callback_url, body, "secret"));
    EXPECT_EQ(with_query("http://a/?b=1", "c=2"), "http://a/?b=1&c=2");
}

TEST(Event, HasTheProcessedForm) {
    Meeting meeting;
    meeting.meeting_id = "ext";
    meeting.internal_id = "int";
    const auto event =
        user_event("user-joined", meeting, {"w_1", "42", "Mia", false, false, true, {}}, 99);
    EXPECT_EQ(
        event.json,
        R"({"data":{"type":"event","id":"user-joined","attributes":{"meeting":{"internal-meeting-id":"int",)"
        R"("external-meeting-id":"ext"},"user":{"internal-user-id":"w_1","external-user-id":"42","name":"Mia",)"
        R"("role":"VIEWER","presenter":false,"guest":true,"userdata":{}}},"event":{"ts":99}}})");
    const auto hand =
        user_event("user-raise-hand-changed", meeting, {}, 99, {{"raise-hand", true}});
    EXPECT_NE(hand.json.find(R"("userdata":{},"raise-hand":true})"), std::string::npos);
    EXPECT_NE(meeting_created_event(meeting, 99).json.find(R"("audioBridge":"livekit")"),
              std::string::npos);
}

}  // namespace
}  // namespace aula::bbb
