// SPDX-License-Identifier: Apache-2.0
#include "hub/timetables.hpp"

#include <gtest/gtest.h>
#include <soci/soci.h>

#include "installation.hpp"
#include "store/store.hpp"

namespace aula::hub {
namespace {

TEST(Timetables, WhatTheStoreDoesNotTakeDoesNotHold) {
    testing::Folder folder;
    net::Loop loop;
    auto store = *store::Store::open(folder.path / "aula.db");
    Timetables timetables(*store);
    ASSERT_TRUE(timetables.load());
    store->start([&](Task task) { loop.post(std::move(task)); });
    unsigned answers = 0;
    const auto put = [&](const char* id) {
        timetable::School school;
        school.id = school.name = id;
        school.zone = "Europe/Berlin";
        std::optional<bool> kept;
        timetables.put(school, std::nullopt, [&](const auto& saved) { kept = bool(saved); });
        EXPECT_TRUE(testing::run_until(loop, [&] { return kept.has_value(); }));
        ++answers;
        return kept.value_or(false);
    };
    ASSERT_TRUE(put("gym"));
    store->ask([](soci::session& session) { session << "DROP TABLE schools"; },
               [&](const Expected<void, Error>&) { ++answers; });
    EXPECT_FALSE(put("new"));
    EXPECT_EQ(timetables.find("new"), nullptr);
    std::optional<bool> gone;
    timetables.remove("gym", [&](const auto& removed) { gone = bool(removed); });
    EXPECT_EQ(timetables.find("gym"), nullptr);
    ASSERT_TRUE(testing::run_until(loop, [&] { return gone.has_value(); }));
    EXPECT_FALSE(*gone);
    EXPECT_NE(timetables.find("gym"), nullptr);
    EXPECT_EQ(answers, 3u);
}

TEST(Timetables, OfSeveralSavesThatTheStoreDoesNotTakeNoneHolds) {
    testing::Folder folder;
    net::Loop loop;
    auto store = *store::Store::open(folder.path / "aula.db");
    Timetables timetables(*store);
    ASSERT_TRUE(timetables.load());
    store->start([&](Task task) { loop.post(std::move(task)); });
    unsigned answers = 0, kept = 0;
    const auto put = [&](const char* name) {
        timetable::School school;
        school.id = "gym";
        school.name = name;
        school.zone = "Europe/Berlin";
        timetables.put(school, std::nullopt, [&](const auto& saved) {
            ++answers;
            kept += saved.has_value();
        });
    };
    put("stored");
    ASSERT_TRUE(testing::run_until(loop, [&] { return kept == 1; }));
    store->ask([](soci::session& session) { session << "DROP TABLE schools"; },
               [&](const Expected<void, Error>&) { ++answers; });
    put("second");
    put("third");
    timetables.remove("gym", [&](const auto&) { ++answers; });
    ASSERT_TRUE(testing::run_until(loop, [&] { return answers == 5; }));
    EXPECT_EQ(kept, 1u);
    ASSERT_NE(timetables.find("gym"), nullptr);
    EXPECT_EQ(timetables.find("gym")->school->name, "stored");
    EXPECT_EQ(timetables.find("gym")->version, 1u);
}

}  // namespace
}  // namespace aula::hub
