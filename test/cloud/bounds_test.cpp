// SPDX-License-Identifier: Apache-2.0
#include "cloud/bounds.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace aula::cloud {
namespace {

namespace fs = std::filesystem;

/// A folder that looks like a cgroup file system of version 2, in which this process is in /city.
class BoundsTest : public testing::Test {
protected:
    void SetUp() override {
        auto name = (fs::temp_directory_path() / "aula-bounds-XXXXXX").string();
        folder = mkdtemp(name.data());
        place = {folder / "root", folder / "self"};
        fs::create_directories(own());
        write(place.root / "cgroup.controllers", "cpu memory");
        write(place.self, "11:memory:/elsewhere\n0::/city\n");
        write(own() / "cgroup.subtree_control", "");
        write(own() / "cgroup.procs", std::to_string(getpid()) + '\n');
        make_group("aula-one");
    }
    void TearDown() override { fs::remove_all(folder); }

    fs::path own() const { return place.root / "city"; }
    /// The kernel makes the files together with the folder; here they are made before.
    void make_group(const std::string& name) const {
        fs::create_directory(own() / name);
        for (const auto* file : {"cpu.max", "memory.max", "cgroup.procs"})
            write(own() / name / file, "");
    }
    static void write(const fs::path& file, const std::string& text) {
        std::ofstream(file) << text;
    }
    static std::string read(const fs::path& file) {
        std::ifstream in(file);
        std::string line;
        std::getline(in, line);
        return line;
    }

    fs::path folder;
    CgroupPlace place;
};

TEST_F(BoundsTest, AMachineHasACgroupWithItsCoresAndMemory) {
    const auto bounds = Bounds::of("one", 2, 4, place);
    EXPECT_EQ(bounds.description(), "cgroup");
    EXPECT_EQ(read(own() / "cgroup.subtree_control"), "+cpu +memory");
    EXPECT_EQ(read(own() / "aula-one" / "cpu.max"), "200000 100000");
    EXPECT_EQ(read(own() / "aula-one" / "memory.max"), "4294967296");
    bounds.apply();
    EXPECT_EQ(read(own() / "aula-one" / "cgroup.procs"), "0");
}

TEST_F(BoundsTest, TheHybridHierarchyIsFoundToo) {
    fs::create_directory(folder / "hybrid");
    fs::rename(place.root, folder / "hybrid" / "unified");
    place.root = folder / "hybrid";
    EXPECT_EQ(Bounds::of("one", 1, 1, place).description(), "cgroup");
}

TEST_F(BoundsTest, AloneInItsCgroupTheCloudMakesRoomForTheMachines) {
    // As the kernel refuses it to a cgroup with processes.
    fs::remove(own() / "cgroup.subtree_control");
    fs::create_directory(own() / "cgroup.subtree_control");
    make_group("aula-cloud");
    EXPECT_NE(Bounds::of("one", 1, 1, place).description(), "cgroup");
    EXPECT_EQ(read(own() / "aula-cloud" / "cgroup.procs"), "0");
    // From then on it is there.
    write(place.self, "0::/city/aula-cloud\n");
    fs::remove(own() / "cgroup.subtree_control");
    write(own() / "cgroup.subtree_control", "");
    EXPECT_EQ(Bounds::of("one", 1, 1, place).description(), "cgroup");
}

TEST_F(BoundsTest, AmongOthersItMovesNobody) {
    fs::remove(own() / "cgroup.subtree_control");
    fs::create_directory(own() / "cgroup.subtree_control");
    write(own() / "cgroup.procs", std::to_string(getpid()) + "\n1\n");
    EXPECT_NE(Bounds::of("one", 1, 1, place).description(), "cgroup");
    EXPECT_FALSE(fs::exists(own() / "aula-cloud"));
}

TEST_F(BoundsTest, WithoutVersion2ThereAreOtherBounds) {
    fs::remove(place.root / "cgroup.controllers");
    const auto bounds = Bounds::of("one", 1, 1, place);
    EXPECT_EQ(bounds.description().find("cgroup"), std::string::npos);
    EXPECT_NE(bounds.description(), "none");
}

TEST_F(BoundsTest, ACgroupGoesWithItsMachine) {
    fs::create_directory(own() / "aula-two");
    Bounds::remove("two", place);
    EXPECT_FALSE(fs::exists(own() / "aula-two"));
}

}  // namespace
}  // namespace aula::cloud
