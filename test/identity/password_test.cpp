// SPDX-License-Identifier: Apache-2.0
#include "identity/password.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "../common/mailbox.hpp"
#include "identity/password_thread.hpp"

using namespace aula;
using namespace aula::identity;
using aula::test::Mailbox;

namespace {

// The least that Argon2id does; the real cost would make these tests slow and prove no more.
constexpr PasswordCost cheap{1, 8 << 10};

}  // namespace

TEST(Password, OnlyLengthAndTheNameSpeakAgainstOne) {
    EXPECT_EQ(flaw_of("short 789", "anna"), PasswordFlaw::too_short);
    EXPECT_EQ(flaw_of("aaaaaaaaaa", "anna"), std::nullopt);
    EXPECT_EQ(flaw_of("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6", "anna"), PasswordFlaw::too_short)
        << "ten bytes are not ten characters";
    EXPECT_EQ(flaw_of("anna.example", "anna.example"), PasswordFlaw::is_name);
    EXPECT_EQ(flaw_of(std::string(257, 'x'), "anna"), PasswordFlaw::too_long);
    EXPECT_EQ(flaw_of("bad \xff utf-8 text", "anna"), PasswordFlaw::not_text);
}

TEST(Password, IsHashedWithArgon2idAndItsOwnSalt) {
    const auto one = hash_password("correct horse", cheap).value();
    const auto two = hash_password("correct horse", cheap).value();
    EXPECT_TRUE(one.starts_with("$argon2id$v=19$m=8,t=1,p=1$")) << one;
    EXPECT_NE(one, two);
    EXPECT_EQ(check_password(one, "correct horse", cheap), PasswordCheck::right);
    EXPECT_EQ(check_password(one, "correct horsE", cheap), PasswordCheck::wrong);
    EXPECT_EQ(check_password("", "correct horse", cheap), PasswordCheck::wrong);
    EXPECT_EQ(check_password("$argon2id$garbage", "", cheap), PasswordCheck::wrong);
}

TEST(Password, OfALesserCostIsRightAndOld) {
    const auto old = hash_password("correct horse", cheap).value();
    EXPECT_EQ(check_password(old, "correct horse", {2, 16 << 10}), PasswordCheck::right_but_old);
    EXPECT_EQ(check_password(old, "wrong", {2, 16 << 10}), PasswordCheck::wrong);
}

TEST(Password, IsCheckedOnAnotherThreadAndAnsweredThroughPost) {
    Mailbox box;
    PasswordThread thread(box.poster(), cheap);
    std::optional<std::string> hash;
    ASSERT_TRUE(thread.hash("correct horse", [&](auto made) { hash = std::move(made); }));
    EXPECT_FALSE(hash);
    box.run_one();
    ASSERT_TRUE(hash);
    std::vector<PasswordCheck> outcomes;
    const auto note = [&](PasswordCheck outcome) { outcomes.push_back(outcome); };
    ASSERT_TRUE(thread.check(hash, "correct horse", note));
    ASSERT_TRUE(thread.check(hash, "wrong", note));
    ASSERT_TRUE(thread.check(std::nullopt, "nobody's password", note));
    box.run(3);
    EXPECT_EQ(outcomes,
              (std::vector{PasswordCheck::right, PasswordCheck::wrong, PasswordCheck::wrong}))
        << "the decoy's own password opens nothing";
}

TEST(Password, ThreadTakesOnlySoManyAndDropsThemWhenItGoes) {
    Mailbox box;
    int answered = 0;
    {
        PasswordThread thread(box.poster(), {3, 32 << 20}, 2);
        int taken = 0;
        for (int i = 0; i < 20; ++i)
            taken += thread.check(std::nullopt, "password", [&](auto) { ++answered; });
        EXPECT_GE(taken, 2);
        EXPECT_LT(taken, 20);
    }
    while (!box.tasks.empty()) box.run_one();
    EXPECT_EQ(answered, 0) << "who asked is gone";
}
