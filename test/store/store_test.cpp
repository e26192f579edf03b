// SPDX-License-Identifier: Apache-2.0
#include "store/store.hpp"

#include <stdexcept>

#include <gtest/gtest.h>
#include <soci/soci.h>

#include "../common/folder.hpp"
#include "../common/mailbox.hpp"
#include "store/tables.hpp"

using namespace aula;
using namespace aula::store;
using aula::test::Folder;
using aula::test::Mailbox;

namespace {

LessonRow physics() {
    return {.id = "l-1",
            .teacher_code = "teach",
            .pupil_code = "learn",
            .title = "Physik 7b \xc3\xa4",
            .external_id = "ext",
            .settings = R"({"a":1})",
            .max_participants = 30,
            .empty_timeout_seconds = 300,
            .departure_timeout_seconds = 60,
            .ends_with_room = true,
            .created = 1'790'000'000'123,
            .started = 0,
            .ended = 0,
            .setup = {}};
}

}  // namespace

TEST(Store, WhatWasSavedIsThereAfterOpeningAgain) {
    Folder folder;
    {
        auto store = Store::open(folder.path / "aula.db").value();
        ASSERT_TRUE(store->run_now([](soci::session& s) {
            save_lesson(s, physics());
            LessonRow started = physics();
            started.started = 1'790'000'001'000;
            save_lesson(s, started);
            save_setting(s, "key", "value");
            save_document(s, "hook", "2", "{}");
            save_document(s, "hook", "1", R"({"url":"x"})");
            add_events(s, "l-1", 1, {"one", "two"}, 5);
            add_events(s, "l-1", 2, {"two again", "three"}, 6);
        }));
    }
    auto store = Store::open(folder.path / "aula.db").value();
    const auto lessons = store->run_now([](soci::session& s) { return load_lessons(s); }).value();
    ASSERT_EQ(lessons.size(), 1u);
    EXPECT_EQ(lessons[0].title, physics().title);
    EXPECT_EQ(lessons[0].created, 1'790'000'000'123);
    EXPECT_EQ(lessons[0].started, 1'790'000'001'000);
    EXPECT_EQ(lessons[0].max_participants, 30u);
    EXPECT_TRUE(lessons[0].ends_with_room);
    const auto events =
        store->run_now([](soci::session& s) { return load_events(s, "l-1"); }).value();
    EXPECT_EQ(events, (std::vector<std::string>{"one", "two", "three"}));
    EXPECT_EQ(store->run_now([](soci::session& s) { return load_setting(s, "key"); }).value(),
              "value");
    EXPECT_FALSE(store->run_now([](soci::session& s) { return load_setting(s, "none"); }).value());
    const auto hooks =
        store->run_now([](soci::session& s) { return load_documents(s, "hook"); }).value();
    ASSERT_EQ(hooks.size(), 2u);
    EXPECT_EQ(hooks[0].first, "1");

    ASSERT_TRUE(store->run_now([](soci::session& s) { delete_lesson(s, "l-1"); }));
    EXPECT_TRUE(
        store->run_now([](soci::session& s) { return load_events(s, "l-1"); }).value().empty());
}

TEST(Store, ASnapshotStandsForTheEventsBeforeItAlsoWhenTheyAreSentAgain) {
    Folder folder;
    auto store = Store::open(folder.path / "aula.db").value();
    const auto events = store->run_now([](soci::session& s) {
        add_events(s, "l-1", 1, {"one", "two", "three"}, 0);
        add_events(s, "l-2", 1, {"other"}, 0);
        save_snapshot(s, "l-1", 1, "first state");
        save_snapshot(s, "l-1", 2, "state");
        add_events(s, "l-1", 1, {"one", "two", "three", "four"}, 0);
        return load_events(s, "l-1");
    });
    EXPECT_EQ(events.value(), (std::vector<std::string>{"state", "three", "four"}));
    const auto after = store->run_now([](soci::session& s) {
        delete_events(s, "l-1");
        add_events(s, "l-1", 1, {"anew"}, 0);
        return std::pair(load_events(s, "l-1"), load_events(s, "l-2"));
    });
    EXPECT_EQ(after.value().first, std::vector<std::string>{"anew"});
    EXPECT_EQ(after.value().second, std::vector<std::string>{"other"});
}

TEST(Store, AnswersComeInTheOrderAskedThroughTheAskersMailbox) {
    Folder folder;
    auto store = Store::open(folder.path / "aula.db").value();
    Mailbox mailbox;
    store->start(mailbox.poster());
    std::vector<std::size_t> seen;
    for (int i = 0; i < 400; ++i) {
        store->ask(
            [i](soci::session& s) {
                add_events(s, "room", static_cast<std::uint64_t>(i), {std::to_string(i)}, 0);
                return load_events(s, "room").size();
            },
            [&](Expected<std::size_t, Error> count) { seen.push_back(count.value()); });
    }
    mailbox.run(400);
    ASSERT_EQ(seen.size(), 400u);
    for (std::size_t i = 0; i < seen.size(); ++i) ASSERT_EQ(seen[i], i + 1);
    EXPECT_EQ(store->counters().works, 400u);
    EXPECT_LT(store->counters().transactions, 400u) << "waiting works share a transaction";
}

TEST(Store, AWorkThatFailsTakesBackOnlyItsOwn) {
    Folder folder;
    auto store = Store::open(folder.path / "aula.db").value();
    Mailbox mailbox;
    store->start(mailbox.poster());
    std::vector<bool> outcomes;
    const auto note = [&](Expected<void, Error> done) { outcomes.push_back(done.has_value()); };
    store->ask([](soci::session& s) { save_setting(s, "a", "1"); }, note);
    store->ask(
        [](soci::session& s) {
            save_setting(s, "b", "1");
            throw std::runtime_error("no");
        },
        note);
    store->ask([](soci::session& s) { s << "INSERT INTO nowhere VALUES (1)"; }, note);
    store->ask([](soci::session& s) { save_setting(s, "c", "1"); }, note);
    std::string text;
    store->ask(
        [](soci::session& s) {
            std::string all;
            for (const char* name : {"a", "b", "c"}) all += load_setting(s, name) ? name : "-";
            return all;
        },
        [&](Expected<std::string, Error> all) { text = all.value(); });
    mailbox.run(5);
    EXPECT_EQ(outcomes, (std::vector<bool>{true, false, false, true}));
    EXPECT_EQ(text, "a-c");
    EXPECT_EQ(store->counters().failures, 2u);
}

TEST(Store, AFullDiskIsToldAndAfterwardsItGoesOn) {
    Folder folder;
    auto store = Store::open(folder.path / "aula.db").value();
    ASSERT_TRUE(store->run_now([](soci::session& s) { save_setting(s, "kept", "1"); }));
    Mailbox mailbox;
    store->start(mailbox.poster());
    // SQLite's own limit behaves as a full disk does: SQLITE_FULL.
    const auto limit = [&](int pages) {
        store->ask([pages](soci::session& s) { s << "PRAGMA max_page_count = " << pages; },
                   [](Expected<void, Error> done) { ASSERT_TRUE(done); });
        mailbox.run_one();
    };
    limit(1);
    std::optional<Error> error;
    store->ask([](soci::session& s) { save_setting(s, "large", std::string(100'000, 'x')); },
               [&](Expected<void, Error> done) {
                   if (!done) error = done.error();
               });
    mailbox.run_one();
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, ErrorCode::unavailable);
    EXPECT_NE(error->text.find("full"), std::string::npos) << error->text;
    EXPECT_EQ(error->text.find("xxx"), std::string::npos) << "no stored value in an error";
    limit(1'000'000);
    bool there = false;
    store->ask([](soci::session& s) { return load_setting(s, "kept").has_value(); },
               [&](Expected<bool, Error> kept) { there = kept.value(); });
    mailbox.run_one();
    EXPECT_TRUE(there);
}

TEST(Store, WhatWaitsWhenItIsDestroyedIsWrittenButNotAnswered) {
    Folder folder;
    Mailbox mailbox;
    {
        auto store = Store::open(folder.path / "aula.db").value();
        store->start(mailbox.poster());
        for (int i = 0; i < 50; ++i) {
            store->ask([i](soci::session& s) { save_document(s, "k", std::to_string(i), "{}"); },
                       [](Expected<void, Error>) { FAIL() << "answered after its end"; });
        }
    }
    mailbox.run(50);
    auto store = Store::open(folder.path / "aula.db").value();
    EXPECT_EQ(
        store->run_now([](soci::session& s) { return load_documents(s, "k"); }).value().size(),
        50u);
}

TEST(Store, AFileThatIsNoneOfOursIsRefused) {
    Folder folder;
    EXPECT_FALSE(Store::open(folder.path / "missing" / "aula.db"));
    {
        auto store = Store::open(folder.path / "aula.db").value();
        ASSERT_TRUE(store->run_now([](soci::session& s) { s << "PRAGMA user_version = 999"; }));
    }
    const auto newer = Store::open(folder.path / "aula.db");
    ASSERT_FALSE(newer);
    EXPECT_NE(newer.error().text.find("newer"), std::string::npos);
}
