// SPDX-License-Identifier: Apache-2.0
#include "base/xml.hpp"

#include <gtest/gtest.h>

namespace aula {
namespace {

TEST(XmlEscaped, IsWellFormedWhateverItHolds) {
    std::string every;
    for (int c = 0; c < 128; ++c) every += static_cast<char>(c);
    const auto escaped = xml_escaped(every + "\xef\xbf\xbf\xc3\xa4");
    for (const char c : escaped)
        EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t');
    EXPECT_EQ(escaped.find('<'), std::string::npos);
    EXPECT_TRUE(escaped.ends_with("\xc3\xa4"));
    EXPECT_EQ(escaped.find("\xef\xbf\xbf"), std::string::npos);
    EXPECT_NE(escaped.find("&#13;"), std::string::npos);
}

}  // namespace
}  // namespace aula
