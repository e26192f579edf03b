// SPDX-License-Identifier: Apache-2.0
#include "app/options.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/fleet_setup.hpp"
#include "app/node_config.hpp"
#include "app/secrets.hpp"

namespace aula::app {
namespace {

TEST(Options, SplitAtTheFirstColon) {
    EXPECT_EQ(read_pair("--x", "key:se:cret"),
              (std::pair<std::string, std::string>{"key", "se:cret"}));
    for (const auto* bad : {"", "key", ":secret", "key:"}) {
        EXPECT_THROW(read_pair("--x", bad), std::runtime_error) << bad;
    }
}

TEST(Options, SayWhichAddressIsWrong) {
    EXPECT_EQ(read_address("--listen", "[::1]:80").port(), 80);
    EXPECT_THROW(read_address("--listen", "localhost"), std::runtime_error);
    EXPECT_THROW(read_ip("--trusted-proxy", "127.0.0.1:80"), std::runtime_error);
    EXPECT_EQ(read_media_address("--advertise", "127.0.0.1:80").port(), 80);
    EXPECT_EQ(read_media_address("--advertise", "::1").text(), "[::1]:0");
    EXPECT_THROW(read_media_address("--advertise", "127.0.0.1:"), std::runtime_error);
}

TEST(NodeConfig, ComesBackFromItsJson) {
    NodeConfig config;
    config.link = {"hub:1", "authority", {"certificate", "key"}};
    config.media = "127.0.0.1:0";
    config.advertise = {"192.0.2.1"};
    config.shards = 3;
    config.metrics = "127.0.0.1:9";
    const auto again = read_node_config(to_json(config));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->link.hub, "hub:1");
    EXPECT_EQ(again->link.certificate.private_key_pem, "key");
    EXPECT_EQ(again->advertise, config.advertise);
    EXPECT_EQ(again->shards, 3u);
    EXPECT_EQ(again->metrics, "127.0.0.1:9");
}

TEST(NodeConfig, NeedsItsLink) {
    EXPECT_FALSE(read_node_config("{}"));
    EXPECT_FALSE(read_node_config("not json"));
    EXPECT_FALSE(
        read_node_config(R"({"hub":"a","authority":"b","certificate":"c","key":"d","shards":-1})"));
    EXPECT_TRUE(read_node_config(R"({"hub":"a","authority":"b","certificate":"c","key":"d"})"));
}

TEST(Secrets, AreMadeOnceAndForTheirOwnerOnly) {
    auto name = (std::filesystem::temp_directory_path() / "aula-secret-test-XXXXXX").string();
    const std::filesystem::path folder = mkdtemp(name.data());
    int made = 0;
    const auto make = [&] { return "secret-" + std::to_string(++made); };
    EXPECT_EQ(kept_secret(folder / "new" / "one", make), "secret-1");
    EXPECT_EQ(kept_secret(folder / "new" / "one", make), "secret-1");
    struct stat info {};
    EXPECT_EQ(stat((folder / "new" / "one").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u);
    std::filesystem::remove_all(folder);
}

TEST(Prices, ComeFromAFileThatIsReadWholeOrNotAtAll) {
    EXPECT_TRUE(read_price_file({}).is_example);
    const auto file = std::filesystem::temp_directory_path() /
                      ("aula-prices-" + std::to_string(getpid()) + ".json");
    const auto write = [&](const char* text) { std::ofstream(file) << text; };
    write(R"({"core_minute": 0.0004, "memory_gb_minute": 0.0002, "storage_gb_minute": 0,
              "ipv4_minute": 0})");
    const auto prices = read_price_file(file.string());
    EXPECT_FALSE(prices.is_example);
    EXPECT_EQ(prices.core, 400'000);
    write(R"({"core_minute": 0.0004})");
    EXPECT_THROW(read_price_file(file.string()), std::runtime_error);
    std::filesystem::remove(file);
}

}  // namespace
}  // namespace aula::app
