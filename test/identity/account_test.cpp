// SPDX-License-Identifier: Apache-2.0
#include "identity/account.hpp"

#include <gtest/gtest.h>

using namespace aula;
using namespace aula::identity;

namespace {

Account account(std::string name, AccountRole role) {
    Account made;
    made.name = std::move(name);
    made.role = role;
    made.password = "hash";
    return made;
}

}  // namespace

TEST(AccountTable, KnowsAnAccountByItsNameInAnyCapitals) {
    AccountTable table;
    ASSERT_TRUE(table.add(account("Anna", AccountRole::operator_)));
    EXPECT_EQ(table.add(account("anna", AccountRole::viewer)).error(), AccountRefusal::exists);
    ASSERT_NE(table.find("ANNA"), nullptr);
    EXPECT_EQ(table.find("ANNA")->name, "Anna");
    EXPECT_EQ(table.find("annab"), nullptr);
}

TEST(AccountTable, KeepsItsLastOperator) {
    AccountTable table;
    ASSERT_TRUE(table.add(account("anna", AccountRole::operator_)));
    ASSERT_TRUE(table.add(account("ben", AccountRole::viewer)));
    EXPECT_EQ(table.remove("anna").error(), AccountRefusal::last_operator);
    EXPECT_EQ(table.set_role("anna", AccountRole::viewer).error(), AccountRefusal::last_operator);
    ASSERT_TRUE(table.set_role("ben", AccountRole::operator_));
    EXPECT_TRUE(table.remove("anna"));
    EXPECT_EQ(table.remove("ben").error(), AccountRefusal::last_operator);
    EXPECT_EQ(table.remove("carl").error(), AccountRefusal::unknown);
}

TEST(AccountTable, RolesHaveNames) {
    EXPECT_EQ(parse_account_role(role_name(AccountRole::operator_)), AccountRole::operator_);
    EXPECT_EQ(parse_account_role(role_name(AccountRole::viewer)), AccountRole::viewer);
    EXPECT_EQ(parse_account_role("root"), std::nullopt);
}
