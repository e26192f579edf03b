// SPDX-License-Identifier: Apache-2.0
#include "hub/event_log.hpp"

#include <gtest/gtest.h>

#include "installation.hpp"
#include "store/store.hpp"
#include "store/tables.hpp"

namespace aula::hub {
namespace {

constexpr std::size_t bound = 2'000;

struct EventLogTest : ::testing::Test {
    EventLogTest() {
        store = std::move(*store::Store::open(folder.path / "aula.db"));
        store->start([this](Task task) { loop.post(std::move(task)); });
        log = std::make_unique<EventLog>(
            loop, *store,
            [this](const std::string&, const control::LessonEvents& events) {
                reported.push_back(events.first_sequence());
            },
            [this](const std::string& room) {
                ++asked;
                return node_has_room && room == "room";
            },
            bound);
    }

    static control::LessonEvents events(std::uint64_t sequence, std::size_t bytes) {
        control::LessonEvents one;
        one.set_room("room");
        one.set_first_sequence(sequence);
        one.add_events(std::string(bytes, 'x'));
        return one;
    }
    void send(std::uint64_t sequence, std::size_t bytes) {
        log->add("node-1", events(sequence, bytes));
    }
    std::vector<std::string> stored() {
        std::vector<std::string> found;
        bool done = false;
        store->ask([](soci::session& session) { return store::load_events(session, "room"); },
                   [&](Expected<std::vector<std::string>, Error> loaded) {
                       found = std::move(*loaded);
                       done = true;
                   });
        EXPECT_TRUE(testing::run_until(loop, [&] { return done; }));
        return found;
    }

    testing::Folder folder;
    net::Loop loop;
    std::unique_ptr<store::Store> store;
    std::vector<std::uint64_t> reported;
    int asked = 0;
    bool node_has_room = true;
    std::unique_ptr<EventLog> log;
};

TEST_F(EventLogTest, ReportsWhatIsStoredInOrder) {
    for (std::uint64_t i = 1; i <= 5; ++i) send(i, 10);
    ASSERT_TRUE(testing::run_until(loop, [&] { return reported.size() == 5; }));
    EXPECT_EQ(reported, (std::vector<std::uint64_t>{1, 2, 3, 4, 5}));
    EXPECT_EQ(stored().size(), 5u);
}

TEST_F(EventLogTest, AfterWhatFoundNoPlaceNothingIsTakenUntilItCameAgain) {
    send(1, 1'500);
    send(2, 1'500);  // over the bound
    send(3, 10);     // would fit, but not without the second
    EXPECT_EQ(log->counters().not_taken, 2u);
    ASSERT_TRUE(testing::run_until(loop, [&] { return asked > 0; }));
    EXPECT_EQ(reported, std::vector<std::uint64_t>{1}) << "nothing is acknowledged beyond a gap";
    send(2, 1'500);
    send(3, 10);
    ASSERT_TRUE(testing::run_until(loop, [&] { return reported.size() == 3; }));
    EXPECT_EQ(stored().size(), 3u);
    const int before = asked;
    send(4, 10);
    ASSERT_TRUE(testing::run_until(loop, [&] { return reported.size() == 4; }));
    EXPECT_EQ(asked, before) << "nothing is missing any more";
}

TEST_F(EventLogTest, ARoomThatNoNodeHasGoesOnFromWhatIsStored) {
    node_has_room = false;
    send(1, 1'500);
    send(2, 1'500);
    ASSERT_TRUE(testing::run_until(loop, [&] { return asked > 0; }));
    send(2, 10);  // the room was opened on another node
    ASSERT_TRUE(testing::run_until(loop, [&] { return reported.size() == 2; }));
    EXPECT_EQ(stored().size(), 2u);
}

}  // namespace
}  // namespace aula::hub
