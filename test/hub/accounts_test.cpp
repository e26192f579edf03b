// SPDX-License-Identifier: Apache-2.0
#include "hub/accounts.hpp"

#include <gtest/gtest.h>
#include <soci/soci.h>

#include "installation.hpp"
#include "store/store.hpp"

namespace aula::hub {
namespace {

const Credentials anna{"Anna", "correct horse battery"};
const Credentials ben{"ben", "looks only at this"};

/// Two hubs on one store, as far as accounts go.
struct AccountsOfTwoHubs : ::testing::Test {
    AccountsOfTwoHubs() {
        EXPECT_TRUE(one.load());
        EXPECT_TRUE(two.load());
        store->start([this](Task task) { loop.post(std::move(task)); });
    }
    bool until(const std::function<bool()>& condition) {
        return testing::run_until(loop, condition);
    }
    /// The error's code, or nothing.
    std::string done(const std::function<void(Accounts::Done)>& ask) {
        std::optional<std::string> code;
        ask([&](const Expected<void, ApiError>& answer) {
            code = answer ? std::string() : answer.error().code;
        });
        EXPECT_TRUE(until([&] { return code.has_value(); }));
        return code.value_or("nothing was answered");
    }
    Expected<OpenedSession, ApiError> opened(const std::function<void(Accounts::Opened)>& ask) {
        std::optional<Expected<OpenedSession, ApiError>> answer;
        ask([&](Expected<OpenedSession, ApiError> said) { answer = std::move(said); });
        EXPECT_TRUE(until([&] { return answer.has_value(); }));
        return *answer;
    }
    Expected<OpenedSession, ApiError> set_up(Accounts& hub) {
        return opened([&](Accounts::Opened answer) {
            hub.set_up(hub.setup_token(), anna, "::1", std::move(answer));
        });
    }
    std::string sign_in(Accounts& hub, const Credentials& who) {
        const auto session =
            opened([&](Accounts::Opened answer) { hub.sign_in(who, "::1", std::move(answer)); });
        return session ? session->token : std::string();
    }
    void work(const std::string& statement) {
        bool worked = false;
        store->ask([&](soci::session& session) { session << statement; },
                   [&](const Expected<void, Error>& answer) { worked = answer.has_value(); });
        EXPECT_TRUE(until([&] { return worked; })) << statement;
    }
    Accounts::Wiring wiring() {
        return {.loop = &loop,
                .store = store.get(),
                .cost = {1, 8 << 10},
                .clock = [this] { return WallClock::now() + later; },
                .look = 10ms,
                .city = {}};
    }

    testing::Folder folder;
    net::Loop loop;
    Duration later{};
    std::unique_ptr<store::Store> store = *store::Store::open(folder.path / "aula.db");
    Accounts one{wiring()};
    Accounts two{wiring()};
};

TEST_F(AccountsOfTwoHubs, SeeWhatTheOtherChanges) {
    ASSERT_FALSE(two.setup_token().empty());
    const auto first = set_up(one);
    ASSERT_TRUE(first);
    EXPECT_TRUE(until([&] { return two.find_caller(first->token).has_value(); }));
    EXPECT_EQ(two.setup_token(), "") << "there is an account now";

    ASSERT_EQ(done([&](Accounts::Done answer) {
                  two.add(ben, identity::AccountRole::viewer, std::move(answer));
              }),
              "");
    EXPECT_TRUE(until([&] { return one.find("ben") != nullptr; }));
    const auto token = sign_in(one, ben);
    ASSERT_TRUE(until([&] { return two.find_caller(token).has_value(); }));

    const auto role = identity::AccountRole::operator_;
    ASSERT_EQ(done([&](Accounts::Done answer) { one.set_role("ben", role, std::move(answer)); }),
              "");
    EXPECT_TRUE(until([&] { return two.find_caller(token)->role == role; }));
    ASSERT_EQ(done([&](Accounts::Done answer) {
                  one.set_password("ben", "another password", std::move(answer));
              }),
              "");
    EXPECT_TRUE(until([&] { return !two.find_caller(token); })) << "signed out there, too";

    const auto again = sign_in(two, {"ben", "another password"});
    ASSERT_TRUE(until([&] { return one.find_caller(again).has_value(); }));
    ASSERT_EQ(done([&](Accounts::Done answer) { one.remove("ben", std::move(answer)); }), "");
    EXPECT_TRUE(until([&] { return !two.find_caller(again); }));
    EXPECT_EQ(sign_in(two, {"ben", "another password"}), "");
    EXPECT_TRUE(one.find_caller(first->token)) << "others stay";
    EXPECT_TRUE(two.find_caller(first->token));
}

TEST_F(AccountsOfTwoHubs, ASetUpThatIsNotStoredLeavesTheLinkGood) {
    work("ALTER TABLE documents RENAME TO elsewhere");
    const auto failed = set_up(one);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().status, 503);
    EXPECT_EQ(failed.error().code, "unavailable");
    EXPECT_EQ(one.find("Anna"), nullptr);
    ASSERT_FALSE(one.setup_token().empty());
    work("ALTER TABLE elsewhere RENAME TO documents");
    EXPECT_TRUE(set_up(one));
    EXPECT_EQ(one.setup_token(), "");
}

TEST_F(AccountsOfTwoHubs, WhatIsNotStoredIsRefusedAndDoesNotHold) {
    const auto first = set_up(one);
    ASSERT_TRUE(first);
    ASSERT_EQ(done([&](Accounts::Done answer) {
                  one.add(ben, identity::AccountRole::viewer, std::move(answer));
              }),
              "");
    work("ALTER TABLE documents RENAME TO elsewhere");
    EXPECT_EQ(sign_in(one, ben), "") << "nobody is let in by what a restart forgets";
    EXPECT_EQ(done([&](Accounts::Done answer) { one.remove("ben", std::move(answer)); }),
              "unavailable");
    EXPECT_EQ(
        done([&](Accounts::Done answer) {
            one.add({"carl", "a long password"}, identity::AccountRole::viewer, std::move(answer));
        }),
        "unavailable");
    EXPECT_EQ(one.find("carl"), nullptr);
    work("ALTER TABLE elsewhere RENAME TO documents");
    EXPECT_TRUE(until([&] { return one.find("ben") != nullptr; })) << "as it is stored";
    EXPECT_NE(sign_in(one, ben), "");
}

TEST_F(AccountsOfTwoHubs, AUseThatTheOtherNotesDoesNotBringASessionBack) {
    const auto first = set_up(one);
    ASSERT_TRUE(first);
    ASSERT_TRUE(until([&] { return two.find_caller(first->token).has_value(); }));
    later = 6min;  // so long after the last use it is written down
    bool is_out = false, was_in = false;
    one.sign_out(first->caller, [&](const Expected<void, ApiError>& out) {
        is_out = out.has_value();
        was_in = two.find_caller(first->token).has_value();
    });
    ASSERT_TRUE(until([&] { return is_out; }));
    ASSERT_TRUE(was_in) << "it has not looked yet";
    EXPECT_TRUE(until([&] { return !two.find_caller(first->token); }));
    const auto now = loop.now();
    ASSERT_TRUE(until([&] { return loop.now() > now + 50ms; })) << "some looks later";
    EXPECT_FALSE(one.find_caller(first->token));
    EXPECT_FALSE(two.find_caller(first->token));
}

/// Else whoever has a stolen cookie is in again after the next look at the store.
TEST_F(AccountsOfTwoHubs, WhoIsNotSignedOutInTheStoreIsNotToldSo) {
    const auto first = set_up(one);
    ASSERT_TRUE(first);
    ASSERT_EQ(done([&](Accounts::Done answer) {
                  one.add(ben, identity::AccountRole::viewer, std::move(answer));
              }),
              "");
    const auto token = sign_in(one, ben);
    const auto caller = one.find_caller(token);
    ASSERT_TRUE(caller);
    work(
        "CREATE TRIGGER full BEFORE DELETE ON documents WHEN OLD.kind = 'operator_session'"
        " BEGIN SELECT RAISE(ABORT, 'full'); END");
    EXPECT_EQ(done([&](Accounts::Done answer) { one.sign_out(*caller, std::move(answer)); }),
              "unavailable");
    EXPECT_TRUE(until([&] { return one.find_caller(token).has_value(); })) << "as it is stored";
    EXPECT_EQ(
        done([&](Accounts::Done answer) { one.sign_out_everywhere(*caller, std::move(answer)); }),
        "unavailable");
    EXPECT_EQ(done([&](Accounts::Done answer) {
                  one.set_password("ben", "another password", std::move(answer));
              }),
              "unavailable");
    EXPECT_EQ(done([&](Accounts::Done answer) { one.remove("ben", std::move(answer)); }),
              "unavailable");
    EXPECT_TRUE(until([&] { return one.find("ben") != nullptr; })) << "with its sessions, or not";
    work("DROP TRIGGER full");
    EXPECT_EQ(done([&](Accounts::Done answer) { one.remove("ben", std::move(answer)); }), "");
    EXPECT_FALSE(one.find_caller(token));
    EXPECT_TRUE(one.find_caller(first->token));
}

}  // namespace
}  // namespace aula::hub
