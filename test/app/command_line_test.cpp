// SPDX-License-Identifier: Apache-2.0
#include "app/command_line.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace aula::app {
namespace {

struct Said {
    int code = 0;
    std::string out, error;
};

Said run(std::vector<const char*> words) {
    words.insert(words.begin(), "aula");
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = run_command_line(static_cast<int>(words.size()), words.data());
    return {code, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
}

TEST(CommandLine, NamesWhatItDoesNotKnowAndSaysWhereToLook) {
    for (const auto& [words, error] : std::vector<std::pair<std::vector<const char*>, std::string>>{
             {{"--bogus"}, "aula: --bogus is not known here; see `aula help`\n"},
             {{"nope"}, "aula: nope is not known here; see `aula help`\n"},
             {{"hub", "--bogus"}, "aula hub: --bogus is not known here; see `aula help hub`\n"},
             {{"--bogus", "hub"}, "aula hub: --bogus is not known here; see `aula help hub`\n"},
             {{"hub", "more"}, "aula hub: more is not known here; see `aula help hub`\n"},
             {{"bench", "--bogus"},
              "aula bench: --bogus is not known here; see `aula help bench`\n"},
             {{"bench", "classes", "--bogus=3"},
              "aula bench classes: --bogus=3 is not known here; see `aula help bench classes`\n"},
             {{"hub", "--node-cores", "0"},
              "aula hub: --node-cores: Value 0 not in range 1 to 256; see `aula help hub`\n"},
             {{"help", "nope"}, "aula: there is no role nope; see `aula help`\n"}}) {
        const Said said = run(words);
        EXPECT_EQ(said.code, 2) << error;
        EXPECT_EQ(said.error, error);
        EXPECT_EQ(said.out, "");
    }
    EXPECT_EQ(run({}).code, 2);
    EXPECT_EQ(run({"bench"}).code, 2);
}

TEST(CommandLine, HelpsWithEveryRoleAndWhatItCanDo) {
    for (const auto& [words, told] : std::vector<std::pair<std::vector<const char*>, std::string>>{
             {{"help"}, "simulate"},
             {{"--help"}, "simulate"},
             {{"--version"}, "aula "},
             {{"help", "hub"}, "--node-link"},
             {{"help", "bench", "classes"}, "--cameras"}}) {
        const Said said = run(words);
        EXPECT_EQ(said.code, 0) << told;
        EXPECT_NE(said.out.find(told), std::string::npos) << said.out;
        EXPECT_EQ(said.error, "");
    }
}

}  // namespace
}  // namespace aula::app
