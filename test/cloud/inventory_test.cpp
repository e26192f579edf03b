// SPDX-License-Identifier: Apache-2.0
#include "cloud/inventory.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace aula::cloud {
namespace {

class InventoryTest : public testing::Test {
protected:
    void SetUp() override {
        auto name = (std::filesystem::temp_directory_path() / "aula-inventory-XXXXXX").string();
        folder = mkdtemp(name.data());
    }
    void TearDown() override { std::filesystem::remove_all(folder); }

    Inventory open() const { return std::move(*Inventory::open(folder / "journal")); }
    static Object object(const std::string& id, std::size_t size = 0) {
        Object object;
        object.id = id;
        object.owner = "me";
        object.fields = {{"name", std::string(size, 'x')}};
        return object;
    }

    std::filesystem::path folder;
};

TEST_F(InventoryTest, KeepsEverythingOfAnObject) {
    auto server = object("a");
    server.created = WallTime(1ms);
    server.changed = WallTime(2ms);
    server.status = "in-provisioning";
    server.meter.run(WallTime(3ms), {2, 4});
    server.meter.stop(WallTime(5ms));
    server.meter.run(WallTime(7ms), {2, 8});
    server.guest = Guest{WallTime(9ms), BootFate::freezes, 77, "boot:1"};
    {
        auto inventory = open();
        inventory.put(server);
        ASSERT_TRUE(inventory.commit());
    }
    const auto inventory = open();
    const auto* found = inventory.find("a");
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(json::serialize(stored(*found)), json::serialize(stored(server)));
}

TEST_F(InventoryTest, WhatWasNotCommittedNeverWas) {
    {
        auto inventory = open();
        inventory.put(object("a"));
        ASSERT_TRUE(inventory.commit());
        inventory.put(object("b"));
        inventory.change("a")->status = "changed";
    }
    const auto inventory = open();
    EXPECT_EQ(inventory.find("b"), nullptr);
    EXPECT_EQ(inventory.find("a")->status, "active");
}

TEST_F(InventoryTest, TheJournalDoesNotGrowForEver) {
    {
        auto inventory = open();
        inventory.put(object("kept"));
        inventory.put(object("big", 200'000));
        for (int i = 0; i < 100; ++i) {  // 20 MB if every line were kept
            inventory.change("big")->changed = WallTime(std::chrono::milliseconds(i));
            ASSERT_TRUE(inventory.commit());
        }
    }
    EXPECT_LT(std::filesystem::file_size(folder / "journal"), 6u << 20);
    const auto inventory = open();
    EXPECT_NE(inventory.find("kept"), nullptr);
    EXPECT_EQ(unix_ms(inventory.find("big")->changed), 99);
}

TEST_F(InventoryTest, ForgetsTheOldestJobsAndLinksOfBothEnds) {
    auto link = object("link");
    link.kind = Kind::link;
    link.fields = {{"server", "s"}, {"target", "t"}};
    {
        auto inventory = open();
        inventory.put(link);
        for (std::size_t i = 0; i <= Inventory::most_jobs; ++i) {
            Job job;
            job.id = "job" + std::to_string(i);
            inventory.put_job(job);
        }
        ASSERT_TRUE(inventory.commit());
        EXPECT_EQ(inventory.job("job0"), nullptr);
    }
    auto inventory = open();
    EXPECT_EQ(inventory.job("job0"), nullptr);
    EXPECT_NE(inventory.job("job1"), nullptr);
    EXPECT_EQ(inventory.jobs_in_order().size(), Inventory::most_jobs);
    EXPECT_EQ(inventory.links("s").size(), 1u);
    EXPECT_EQ(inventory.links("t").size(), 1u);
    inventory.forget("link");
    EXPECT_TRUE(inventory.links("t").empty());
}

TEST_F(InventoryTest, CutOffAnywhereItHasEveryWholeLine) {
    {
        auto inventory = open();
        for (const auto* id : {"a", "b", "c"}) {
            inventory.put(object(id));
            ASSERT_TRUE(inventory.commit());
        }
    }
    std::ifstream in(folder / "journal");
    const std::string whole(std::istreambuf_iterator<char>(in), {});
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        const auto left = whole.substr(0, size);
        std::ofstream(folder / "journal", std::ios::trunc) << left;
        auto inventory = open();
        const auto lines = std::count(left.begin(), left.end(), '\n');
        ASSERT_EQ(inventory.all(Kind::server).size(), static_cast<std::size_t>(lines)) << size;
        inventory.put(object("later"));
        ASSERT_TRUE(inventory.commit());
    }
    EXPECT_NE(open().find("later"), nullptr);
}

TEST_F(InventoryTest, ADamagedJournalIsNotTakenForAnEmptyOne) {
    std::ofstream(folder / "journal") << "{\"objects\":7}\n";
    EXPECT_FALSE(Inventory::open(folder / "journal"));
}

}  // namespace
}  // namespace aula::cloud
