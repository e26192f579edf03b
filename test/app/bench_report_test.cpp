// SPDX-License-Identifier: Apache-2.0
#include "app/bench_report.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace aula::app {
namespace {

TEST(BenchReport, SaysWhenTheDiskTookNoFigures) {
    EXPECT_FALSE(write_figures("/dev/full", {{"joins", 1}}));
    EXPECT_FALSE(write_figures("/nowhere/figures.json", {{"joins", 1}}));
    EXPECT_TRUE(write_figures("/dev/null", {{"joins", 1}}));
}

}  // namespace
}  // namespace aula::app
