// SPDX-License-Identifier: Apache-2.0
#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "installation.hpp"

using namespace aula;
using namespace aula::hub;
using namespace aula::hub::testing;

namespace {

const std::string anna = R"({"name":"Anna","password":"correct horse battery"})";

std::string code_in(const http::Response& response) {
    return boost::json::value_to<std::string>(
        boost::json::parse(response.body).as_object().at("code"));
}

struct OperatorSession : ::testing::Test {
    std::string origin() const { return city.hub->public_url(); }
    http::Response call(const std::string& method, const std::string& path,
                        const std::string& body = {}, std::optional<std::string> from = {}) {
        http::Headers headers;
        headers.set("origin", from.value_or(origin()));
        if (!cookie.empty()) headers.set("cookie", "other=1; " + cookie);
        auto answer = city.call(method, "/api/operator" + path, body, headers);
        if (const auto* set = answer.headers.find("set-cookie"))
            cookie = set->substr(0, set->find(';'));
        return answer;
    }
    std::string setup_token() const {
        const auto link = city.hub->setup_link();
        return link.empty() ? "" : link.substr(link.find("#setup=") + 7);
    }
    http::Response set_up() {
        return call("POST", "/setup",
                    R"({"token":")" + setup_token() +
                        R"(","name":"Anna","password":"correct horse battery"})");
    }

    Installation city;
    std::string cookie;
};

}  // namespace

TEST_F(OperatorSession, TheOneTimeLinkMakesTheFirstAccountOnce) {
    ASSERT_FALSE(city.hub->setup_link().empty());
    EXPECT_TRUE(city.hub->setup_link().starts_with(origin() + "/operator#setup="));
    EXPECT_EQ(code_in(call("POST", "/setup",
                           R"({"token":"guessed","name":"Eve","password":"correct horse"})")),
              "bad_setup");
    EXPECT_EQ(code_in(call(
                  "POST", "/setup",
                  R"({"token":")" + setup_token() + R"(","name":"Anna","password":"too short"})")),
              "weak_password");
    const auto made = set_up();
    EXPECT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.body, R"({"account":{"name":"Anna","role":"operator"}})");
    EXPECT_EQ(city.hub->setup_link(), "");
    EXPECT_EQ(set_up().status, 410);
    EXPECT_EQ(call("GET", "/session").status, 200) << "she is signed in";

    city.restart();
    EXPECT_EQ(city.hub->setup_link(), "");
    EXPECT_EQ(call("GET", "/session").status, 200) << "and stays so";
}

TEST_F(OperatorSession, TheCookieIsForThisHostsPagesOnly) {
    const auto made = set_up();
    const auto* set = made.headers.find("set-cookie");
    ASSERT_NE(set, nullptr);
    for (const char* part : {"HttpOnly", "SameSite=Strict", "Path=/"})
        EXPECT_NE(set->find(part), std::string::npos) << *set;
    EXPECT_EQ(set->find("Secure"), std::string::npos) << "the public URL is plain http here";
}

TEST(OperatorCookie, IsSecureWhereThePublicUrlIs) {
    Installation city([](HubOptions& options) { options.public_url = "https://aula.example"; });
    http::Headers headers;
    headers.set("origin", "https://aula.example");
    const auto link = city.hub->setup_link();
    const auto made = city.call("POST", "/api/operator/setup",
                                R"({"token":")" + link.substr(link.find("#setup=") + 7) +
                                    R"(","name":"Anna","password":"correct horse"})",
                                headers);
    ASSERT_EQ(made.status, 201) << made.body;
    const auto* set = made.headers.find("set-cookie");
    ASSERT_NE(set, nullptr);
    EXPECT_TRUE(set->starts_with("__Host-aula_operator=")) << *set;
    EXPECT_TRUE(set->ends_with("; Secure")) << *set;
    headers.set("origin", "http://" + city.hub->address().text());
    EXPECT_EQ(city.call("POST", "/api/operator/session", anna, headers).status, 403)
        << "who comes past the proxy is not on the public page";
}

TEST_F(OperatorSession, AWrongPasswordIsSlowedDownAndTheRightOneEndsThat) {
    ASSERT_EQ(set_up().status, 201);
    const std::string wrong = R"({"name":"Anna","password":"wrong horse battery"})";
    const std::string nobody = R"({"name":"Nobody","password":"wrong horse battery"})";
    EXPECT_EQ(code_in(call("POST", "/session", wrong)), "wrong_password");
    EXPECT_EQ(code_in(call("POST", "/session", nobody)), "wrong_password")
        << "whether there is such an account is not said";
    for (int i = 0; i < 3; ++i) EXPECT_EQ(call("POST", "/session", wrong).status, 401);
    EXPECT_EQ(call("POST", "/session", anna).status, 200);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(call("POST", "/session", wrong).status, 401);
    const auto limited = call("POST", "/session", anna);
    EXPECT_EQ(limited.status, 429);
    ASSERT_NE(limited.headers.find("retry-after"), nullptr);
    EXPECT_EQ(*limited.headers.find("retry-after"), "30");
}

TEST_F(OperatorSession, OneIpv6NetworkIsOneGuesser) {
    ASSERT_EQ(set_up().status, 201);
    const auto guess_from = [&](const std::string& address) {
        http::Headers headers;
        headers.set("origin", origin());
        headers.set("x-forwarded-for", address);
        return city
            .call("POST", "/api/operator/session",
                  R"({"name":"Anna","password":"wrong horse battery"})", headers)
            .status;
    };
    for (int i = 1; i <= 5; ++i) EXPECT_EQ(guess_from("2001:db8::" + std::to_string(i)), 401);
    EXPECT_EQ(guess_from("2001:db8::6"), 429);
    EXPECT_EQ(guess_from("2001:db8:0:1::6"), 401) << "another network";
}

TEST_F(OperatorSession, AnotherSitesPageCannotActForSomebodySignedIn) {
    ASSERT_EQ(set_up().status, 201);
    for (const char* from : {"https://evil.example", "null", ""}) {
        EXPECT_EQ(code_in(call("POST", "/session", anna, from)), "foreign_origin");
        EXPECT_EQ(code_in(call("DELETE", "/sessions", {}, from)), "foreign_origin");
        EXPECT_EQ(code_in(call("POST", "/actions", R"({"act":"hold_scaling"})", from)),
                  "foreign_origin");
    }
    EXPECT_EQ(call("GET", "/session").status, 200);
}

TEST_F(OperatorSession, NobodySeesAnythingWithoutSigningIn) {
    for (const char* path : {"/session", "/now", "/log", "/accounts", "/schools", "/bill"})
        EXPECT_EQ(code_in(call("GET", path)), "signed_out") << path;
    ASSERT_EQ(set_up().status, 201);
    EXPECT_EQ(call("GET", "/now").status, 200);
    const auto old = cookie;
    EXPECT_EQ(call("DELETE", "/session").status, 200);
    cookie = old;
    EXPECT_EQ(call("GET", "/now").status, 401) << "the session is over, not only the cookie";
}

TEST_F(OperatorSession, AViewerLooksAndDoesNotAct) {
    ASSERT_EQ(set_up().status, 201);
    const auto made =
        call("POST", "/accounts", R"({"name":"ben","password":"looks only here","role":"viewer"})");
    ASSERT_EQ(made.status, 201) << made.body;
    auto annas = cookie;
    cookie.clear();
    ASSERT_EQ(call("POST", "/session", R"({"name":"BEN","password":"looks only here"})").status,
              200);
    EXPECT_EQ(call("GET", "/now").status, 200);
    EXPECT_EQ(code_in(call("POST", "/actions", R"({"act":"hold_scaling"})")), "not_allowed");
    EXPECT_EQ(code_in(call("PUT", "/policy", "{}")), "not_allowed");
    EXPECT_EQ(code_in(call("PUT", "/schools/x", "{}")), "not_allowed");
    EXPECT_EQ(code_in(call("GET", "/accounts")), "not_allowed");
    EXPECT_EQ(code_in(call("PUT", "/accounts/ben", R"({"role":"operator"})")), "not_allowed");

    std::swap(cookie, annas);
    EXPECT_EQ(call("PUT", "/accounts/ben", R"({"password":"another one now"})").status, 200);
    std::swap(cookie, annas);
    EXPECT_EQ(call("GET", "/now").status, 401) << "a new password signs out";
}

TEST_F(OperatorSession, TheLastOperatorStaysAndOthersGo) {
    ASSERT_EQ(set_up().status, 201);
    EXPECT_EQ(code_in(call("DELETE", "/accounts/anna")), "last_operator");
    EXPECT_EQ(code_in(call("PUT", "/accounts/Anna", R"({"role":"viewer"})")), "last_operator");
    ASSERT_EQ(
        call("POST", "/accounts", R"({"name":"ben","password":"looks only here","role":"viewer"})")
            .status,
        201);
    EXPECT_EQ(code_in(call("POST", "/accounts",
                           R"({"name":"Ben","password":"looks only here","role":"viewer"})")),
              "exists");
    EXPECT_EQ(call("DELETE", "/accounts/ben").status, 200);
    EXPECT_EQ(code_in(call("DELETE", "/accounts/ben")), "not_found");
}

TEST_F(OperatorSession, AChangedPasswordSignsOutOtherBrowsers) {
    ASSERT_EQ(set_up().status, 201);
    const auto there = cookie;
    ASSERT_EQ(call("POST", "/session", anna).status, 200);
    EXPECT_EQ(code_in(call("POST", "/password",
                           R"({"old":"not the old one","new":"a better passphrase"})")),
              "wrong_password");
    EXPECT_EQ(
        call("POST", "/password", R"({"old":"correct horse battery","new":"a better passphrase"})")
            .status,
        200);
    EXPECT_EQ(call("GET", "/session").status, 200);
    cookie = there;
    EXPECT_EQ(call("GET", "/session").status, 401);
    EXPECT_EQ(call("POST", "/session", anna).status, 401);
    EXPECT_EQ(
        call("POST", "/session", R"({"name":"anna","password":"a better passphrase"})").status,
        200);
}

TEST_F(OperatorSession, WhatPeopleDidIsKept) {
    ASSERT_EQ(set_up().status, 201);
    ASSERT_EQ(
        call("POST", "/accounts", R"({"name":"ben","password":"looks only here","role":"viewer"})")
            .status,
        201);
    const auto audit = call("GET", "/audit?most=1");
    ASSERT_EQ(audit.status, 200);
    const auto json = boost::json::parse(audit.body).as_object();
    EXPECT_TRUE(json.at("more").as_bool());
    const auto& deed = json.at("deeds").as_array().at(0).as_object();
    EXPECT_EQ(deed.at("who"), "Anna");
    EXPECT_EQ(deed.at("act"), "account_add");
    EXPECT_EQ(deed.at("what"), "ben");
}

TEST(OperatorAudit, TellsTimesByTheCitysClockOnly) {
    // A city in which it is 2033.
    Installation city([](HubOptions& options) {
        options.clock = *CityClock::parse("0," + std::to_string(7 * 365 * 86'400) + ",1");
    });
    http::Headers headers;
    headers.set("origin", city.hub->public_url());
    const auto token = city.hub->setup_link().substr(city.hub->setup_link().find("#setup=") + 7);
    const auto made = city.call(
        "POST", "/api/operator/setup",
        R"({"token":")" + token + R"(","name":"Anna","password":"correct horse battery"})",
        headers);
    ASSERT_EQ(made.status, 201) << made.body;
    const auto* cookie = made.headers.find("set-cookie");
    headers.set("cookie", cookie->substr(0, cookie->find(';')));
    const auto present = unix_ms(city.options.clock.now());
    const auto is_near = [&](const boost::json::value& at) {
        return std::abs(at.to_number<std::int64_t>() - present) < 3'600'000;
    };
    const auto audit = city.call("GET", "/api/operator/audit", {}, headers);
    const auto deeds = boost::json::parse(audit.body).at("deeds").as_array();
    ASSERT_FALSE(deeds.empty());
    for (const auto& deed : deeds) EXPECT_TRUE(is_near(deed.at("at"))) << audit.body;
    const auto accounts = city.call("GET", "/api/operator/accounts", {}, headers);
    const auto card = boost::json::parse(accounts.body).at("accounts").at(0);
    EXPECT_TRUE(is_near(card.at("created"))) << accounts.body;
    EXPECT_TRUE(is_near(card.at("last_sign_in"))) << accounts.body;
}

TEST_F(OperatorSession, NowShowsTheNodesThatAreThere) {
    ASSERT_EQ(set_up().status, 201);
    const auto node = city.add_node("node-1", 120);
    const auto json = boost::json::parse(call("GET", "/now").body).as_object();
    const auto& nodes = json.at("nodes").as_array();
    ASSERT_EQ(nodes.size(), 1u);
    EXPECT_EQ(nodes[0].as_object().at("name"), "node-1");
    EXPECT_EQ(nodes[0].as_object().at("state"), "ready");
    EXPECT_EQ(nodes[0].as_object().at("seats").to_number<int>(), 120);
    EXPECT_EQ(call("GET", "/nothing").status, 404);
    EXPECT_EQ(call("PATCH", "/policy").status, 405);
}
