// SPDX-License-Identifier: Apache-2.0
#include "cloud/formats.hpp"

#include <gtest/gtest.h>

#include "cloud/body.hpp"
#include "cloud/boot_times.hpp"

namespace aula::cloud {
namespace {

TEST(Formats, TimesAreReadAsTheyAreWritten) {
    const auto* text = "2026-01-05T07:40:00Z";
    const auto time = parse_time(text);
    ASSERT_TRUE(time);
    EXPECT_EQ(WallClock::to_time_t(*time), 1767598800);
    EXPECT_EQ(time_text(*time), text);
    EXPECT_EQ(time_text(*time + 999ms), text);
    EXPECT_EQ(parse_time("2026-01-05T07:40:00.123Z"), time);  // as JavaScript writes it
    // As Python does.
    EXPECT_EQ(parse_time("2026-01-05T07:40:00"), time);
    EXPECT_EQ(parse_time("2026-01-05T07:40:00.123456"), time);
    EXPECT_EQ(parse_time("2026-01-05T07:40:00+00:00"), time);
    EXPECT_EQ(parse_time("2026-01-05T09:10:00+01:30"), time);
    EXPECT_EQ(parse_time("2026-01-04T23:40:00.5-08:00"), time);
    for (const auto* wrong :
         {"", "2026-01-05", "2026-01-05T07:40", "2026-01-05T07:40:00+0000",
          "2026-01-05T07:40:00+24:00", "2026-01-05T07:40:00Z+00:00", "2026-13-05T07:40:00Z",
          "2026-02-30T07:40:00Z", "2026-01-05T24:00:00Z", "2026-01-05T07:40:00.Z",
          "2026-01-05 07:40:00Z", "9999-01-05T07:40:00Z"}) {
        EXPECT_FALSE(parse_time(wrong)) << wrong;
    }
}

TEST(Formats, UuidsAreOfVersionFourAndAllDiffer) {
    const auto uuid = make_uuid();
    EXPECT_EQ(uuid.size(), 36u);
    EXPECT_EQ(uuid[14], '4');
    EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
    EXPECT_NE(make_uuid(), uuid);
}

TEST(BootTimes, HaveTheMedianAndTheTailThatWereSet) {
    const BootTimes times{90s, 3};
    EXPECT_NEAR(static_cast<double>(times.draw(0.5).count()), 90'000, 2);
    EXPECT_NEAR(static_cast<double>(times.draw(0.99).count()), 270'000, 10);
    EXPECT_LT(times.draw(0.1), 90s);
    EXPECT_GT(times.draw(0), 0s);
    EXPECT_EQ((BootTimes{90s, 1}.draw(0.999)), 90s);
    EXPECT_EQ((BootTimes{0s, 3}.draw(0.999)), 0s);
}

TEST(Body, TakesOverWhatIsKnownAndRight) {
    constexpr Field fields[] = {
        {.name = "name", .required = true, .least = 1, .most = 3},
        {.name = "size", .type = FieldType::whole_or_text, .preset = "7", .least = 1, .most = 9},
        {.name = "zone", .type = FieldType::choice, .preset = "\"a\"", .choices = "a|b"},
        {.name = "born", .preset = "\"here\"", .changeable = false},
    };
    const auto read = [&](const char* text) { return read_new(fields, *read_object(text)); };
    EXPECT_EQ(json::serialize(*read(R"({"name":"ab","size":"8","zone":null,"other":1})")),
              R"({"name":"ab","size":8,"zone":"a","born":"here"})");
    EXPECT_EQ(read("{}").error(), "name is required");
    EXPECT_EQ(read(R"({"name":"abcd"})").error(), "name must be a string of 1 to 3 characters");
    for (const auto* wrong : {R"({"name":7})", R"({"name":"a","size":0})",
                              R"({"name":"a","size":"8x"})", R"({"name":"a","size":1e3})",
                              R"({"name":"a","zone":"a|b"})", R"({"name":"a","zone":""})"}) {
        EXPECT_FALSE(read(wrong)) << wrong;
    }
    const auto changes = read_changes(fields, *read_object(R"({"size":2,"born":"there"})"));
    EXPECT_EQ(json::serialize(*changes), R"({"size":2})");
}

TEST(Body, IsAnObjectOfBoundedDepth) {
    EXPECT_FALSE(read_object(""));
    EXPECT_FALSE(read_object("[]"));
    EXPECT_FALSE(read_object("{\"a\":\"\xff\"}"));
    std::string deep;
    for (int i = 0; i < 40; ++i) deep += "{\"a\":";
    EXPECT_FALSE(read_object(deep + "1" + std::string(40, '}')));
}

}  // namespace
}  // namespace aula::cloud
