// SPDX-License-Identifier: Apache-2.0
#include "app/fleet_starter.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "cloud/cloud.hpp"

namespace aula::app {
namespace {

namespace fs = std::filesystem;

/// The starter with the real client against the local cloud, whose machines write the name in their
/// user data.
class FleetStarterTest : public testing::Test {
protected:
    void SetUp() override {
        auto name = (fs::temp_directory_path() / "aula-fleet-test-XXXXXX").string();
        folder = mkdtemp(name.data());
        fs::create_directories(folder / "running");
        const auto script = folder / "machine";
        std::ofstream(script) << "#!/bin/sh\nmkdir -p " << (folder / "running").string()
                              << "\necho \"$(cat \"$3\") $$\" > " << folder.string()
                              << "/new.$$\nmv " << folder.string() << "/new.$$ "
                              << (folder / "running").string() << "/$$\nexec sleep 600\n";
        chmod(script.c_str(), 0700);
        cloud::CloudOptions options;
        options.listen = *net::Address::of("127.0.0.1", 0);
        options.data_dir = folder / "data";
        options.users = {{"user", "token"}};
        options.program = script.string();
        cloud = std::move(*cloud::Cloud::start(loop, options));
        gridscale::ConnectionOptions to;
        to.base_url = "http://" + cloud->address().text();
        to.credentials = {"user", "token"};
        to.poll = 5ms;
        connection = std::make_unique<gridscale::Connection>(loop, client, to);
        servers = std::make_unique<gridscale::Servers>(*connection);
    }
    void TearDown() override {
        connection.reset();
        fleet.reset();
        cloud.reset();
        fs::remove_all(folder);
    }
    void start(unsigned nodes, std::chrono::milliseconds patience = 60s) {
        FleetStarter::Options options;
        options.nodes = nodes;
        options.look = 20ms;
        options.patience = patience;
        options.user_data = [](const std::string& node) { return "data-of-" + node; };
        options.all_up = [this] { ++all_up; };
        fleet = std::make_unique<FleetStarter>(loop, *servers, std::move(options));
        fleet->start();
    }
    /// What the machines wrote that were started so far: user data to process ids.
    std::multimap<std::string, pid_t> machines() {
        std::multimap<std::string, pid_t> out;
        for (const auto& file : fs::directory_iterator(folder / "running")) {
            std::string data;
            pid_t pid = 0;
            std::ifstream(file.path()) >> data >> pid;
            out.emplace(data, pid);
        }
        return out;
    }
    void run_until(const std::function<bool()>& condition) {
        const auto limit = Clock::now() + 60s;
        while (!condition()) {
            ASSERT_LT(Clock::now(), limit);
            loop.after(5ms, [this] { loop.stop(); });
            loop.run();
        }
    }

    fs::path folder;
    net::Loop loop;
    http::Client client{loop};
    std::unique_ptr<cloud::Cloud> cloud;
    std::unique_ptr<gridscale::Connection> connection;
    std::unique_ptr<gridscale::Servers> servers;
    std::unique_ptr<FleetStarter> fleet;
    int all_up = 0;
};

TEST_F(FleetStarterTest, MakesAndStartsWhatIsMissing) {
    start(2);
    run_until([&] { return machines().size() == 2; });
    EXPECT_TRUE(machines().contains("data-of-node-1"));
    EXPECT_TRUE(machines().contains("data-of-node-2"));
    fleet->on_node_up("node-1");
    EXPECT_EQ(all_up, 0);
    fleet->on_node_up("node-2");
    EXPECT_EQ(all_up, 1);
}

TEST_F(FleetStarterTest, ReplacesANodeThatWasKilled) {
    start(1);
    run_until([&] { return machines().size() == 1; });
    fleet->on_node_up("node-1");
    kill(machines().begin()->second, SIGKILL);
    fleet->on_node_down("node-1");
    run_until([&] { return machines().size() == 2; });
}

TEST_F(FleetStarterTest, PowerCyclesAServerWhoseNodeSaysNothing) {
    start(1, 200ms);
    run_until([&] { return machines().size() >= 2; });
    EXPECT_NE(kill(machines().begin()->second, 0) + kill(std::next(machines().begin())->second, 0),
              0);
}

TEST_F(FleetStarterTest, LeavesANodeAloneWhoseLinkOnlyBlinked) {
    start(1);
    run_until([&] { return machines().size() == 1; });
    fleet->on_node_up("node-1");
    fleet->on_node_down("node-1");
    const auto later = Clock::now() + 200ms;
    run_until([&] { return Clock::now() > later; });
    EXPECT_EQ(machines().size(), 1u);
    EXPECT_EQ(kill(machines().begin()->second, 0), 0);
}

TEST_F(FleetStarterTest, FindsItsServersAgain) {
    start(1);
    run_until([&] { return machines().size() == 1; });
    connection.reset();
    fleet.reset();
    gridscale::ConnectionOptions to;
    to.base_url = "http://" + cloud->address().text();
    to.credentials = {"user", "token"};
    connection = std::make_unique<gridscale::Connection>(loop, client, to);
    servers = std::make_unique<gridscale::Servers>(*connection);
    start(1);
    std::size_t listed = 0;
    servers->list([&](const Expected<std::vector<gridscale::Server>, Error>& all) {
        listed = all ? all->size() : 99;
    });
    run_until([&] { return listed != 0; });
    EXPECT_EQ(listed, 1u);
}

}  // namespace
}  // namespace aula::app
