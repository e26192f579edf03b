// SPDX-License-Identifier: Apache-2.0
#include "bbb/welcome.hpp"

#include <gtest/gtest.h>

#include "base/encoding.hpp"

namespace aula::bbb {
namespace {

std::string plain(std::string_view html) { return plain_text(html, 1000); }

TEST(Welcome, IsTextWhateverMarkupItHad) {
    EXPECT_EQ(plain("Hallo <b>Klasse</b>!<br>Seite&nbsp;42 &amp; 43"),
              "Hallo Klasse!\nSeite 42 & 43");
    EXPECT_EQ(plain("<ul><li>eins</li><li>zwei</li></ul>"), "eins\n\nzwei");
    EXPECT_EQ(plain("<script>alert(1)</script>"), "alert(1)");
    EXPECT_EQ(plain("&lt;script&gt;"), "<script>") << "text, and shown as such";
    EXPECT_EQ(plain("3 < 4 &copy; < "), "3 < 4 &copy; <");
    EXPECT_EQ(plain("<<<br"), "<<<br");
}

TEST(Welcome, LinksShowWhereTheyLead) {
    EXPECT_EQ(plain("Siehe <a href=\"https://s.example/a?b=1&amp;c=2\">Plan</a>."),
              "Siehe Plan (https://s.example/a?b=1&c=2).");
    EXPECT_EQ(plain("<a href='https://s.example'>https://s.example</a>"), "https://s.example");
    EXPECT_EQ(plain("<a href=javascript:alert(1)>Plan</a>"), "Plan");
    EXPECT_EQ(plain("<a href=https://s.example target=_blank>Plan</A>"),
              "Plan (https://s.example)");
    EXPECT_EQ(plain("</a><a href="), "<a href=");
}

TEST(Welcome, IsCutBetweenCharacters) {
    EXPECT_EQ(plain_text("ää", 3), "ä");
    for (std::size_t most = 0; most < 12; ++most) {
        const auto text = plain_text("<b>äöü</b>&amp;€", most);
        EXPECT_LE(text.size(), most);
        EXPECT_TRUE(is_utf8(text)) << most;
    }
}

TEST(Welcome, NamesTheMeeting) {
    Meeting meeting;
    meeting.name = "Mathe <7b>";
    meeting.dial_number = "+49 30 1234";
    meeting.voice_bridge = "71234";
    meeting.parameters = Parameters::of(
        {{"welcome", "Zu <b>%%CONFNAME%%</b>: %%DIALNUM%%, PIN %%CONFNUM%% (%%CONFNUM%%) %%X%%"}});
    EXPECT_EQ(greeting(meeting, "welcome"), "Zu Mathe <7b>: +49 30 1234, PIN 71234 (71234) %%X%%");
    EXPECT_EQ(greeting(meeting, "moderatorOnlyMessage"), "");
}

}  // namespace
}  // namespace aula::bbb
