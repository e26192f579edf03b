// SPDX-License-Identifier: Apache-2.0
// A store that takes nothing more: who asked hears it, and nothing is promised that is not stored.
#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <soci/soci.h>

#include "bbb/checksum.hpp"
#include "hub/bbb_front.hpp"
#include "installation.hpp"
#include "store/store.hpp"

namespace aula::hub {
namespace {

using testing::Installation;

struct FullDisk : ::testing::Test {
    FullDisk() : front(mount()) {
        http::Headers headers;
        headers.set("origin", city.hub->public_url());
        const auto link = city.hub->setup_link();
        const auto made = city.call("POST", "/api/operator/setup",
                                    R"({"token":")" + link.substr(link.find("#setup=") + 7) +
                                        R"(","name":"Anna","password":"correct horse battery"})",
                                    headers);
        EXPECT_EQ(made.status, 201);
        const auto* cookie = made.headers.find("set-cookie");
        operator_headers = headers;
        operator_headers.set("cookie", cookie->substr(0, cookie->find(';')));
    }
    ~FullDisk() override { front.reset(); }

    std::unique_ptr<BbbFront> mount() {
        auto made = std::make_unique<BbbFront>(city.loop, city.hub->lessons(), city.hub->store(),
                                               *city.client,
                                               BbbFront::Options{"s3cret", "https://a.example"});
        city.hub->mount("/bigbluebutton", [this](http::Request request, http::Responder responder) {
            front->answer(request, std::move(responder));
        });
        return made;
    }
    /// SQLite's own limit behaves as a full disk does: SQLITE_FULL.
    void let_pages(int most) {
        bool done = false;
        city.hub->store().ask(
            [most](soci::session& session) { session << "PRAGMA max_page_count = " << most; },
            [&](const Expected<void, Error>&) { done = true; });
        ASSERT_TRUE(testing::run_until(city.loop, [&] { return done; }));
    }
    void fill() { let_pages(1); }
    void make_room() { let_pages(1'000'000); }

    std::string bbb(const std::string& name, const std::string& query) {
        return city
            .call("GET", "/bigbluebutton/api/" + name + '?' + query + "&checksum=" +
                             ::aula::bbb::checksum(crypto::HashKind::sha256, name, query, "s3cret"))
            .body;
    }
    http::Response operate(const std::string& method, const std::string& path,
                           const std::string& body = {}) {
        return city.call(method, "/api/operator" + path, body, operator_headers);
    }

    Installation city;
    std::unique_ptr<BbbFront> front;
    http::Headers operator_headers;
};

TEST_F(FullDisk, AMeetingThatIsNotStoredIsNotMade) {
    const auto query = "name=Mathe&meetingID=m1&meta_long=" + std::string(6'000, 'x');
    fill();
    const auto failures = city.hub->store().counters().failures.load();
    const auto refused = bbb("create", query);
    EXPECT_NE(refused.find("<returncode>FAILED</returncode>"), std::string::npos) << refused;
    EXPECT_NE(refused.find("internalError"), std::string::npos) << refused;
    EXPECT_GT(city.hub->store().counters().failures.load(), failures);
    EXPECT_NE(bbb("getMeetingInfo", "meetingID=m1").find("notFound"), std::string::npos);
    make_room();
    EXPECT_NE(bbb("create", query).find("SUCCESS"), std::string::npos) << "asked again";
    EXPECT_NE(bbb("getMeetingInfo", "meetingID=m1").find("SUCCESS"), std::string::npos);
}

TEST_F(FullDisk, ALessonThatIsNotStoredIsNotMade) {
    const auto lessons = city.hub->lessons().size();
    const auto body = R"({"name":")" + std::string(150, 'x') + R"("})";
    fill();
    // Until the last page has no place left.
    http::Response answer{201, {}, {}};
    std::size_t made = 0;
    for (; answer.status == 201; ++made) answer = city.admin("POST", "/api/lessons", body);
    EXPECT_EQ(answer.status, 503) << answer.body;
    EXPECT_EQ(boost::json::parse(answer.body).at("code"), "unavailable");
    EXPECT_EQ(city.hub->lessons().size(), lessons + made - 1);
    make_room();
    EXPECT_EQ(city.admin("POST", "/api/lessons", body).status, 201);
}

TEST_F(FullDisk, AnEndThatIsNotStoredIsNotAcknowledged) {
    EXPECT_NE(bbb("create", "name=Mathe&meetingID=m1").find("SUCCESS"), std::string::npos);
    const auto made = city.admin("POST", "/api/lessons", R"({"name":"Physics"})");
    const auto id = boost::json::value_to<std::string>(boost::json::parse(made.body).at("id"));
    const auto work = [&](const std::string& statement) {
        bool done = false;
        city.hub->store().ask([&](soci::session& session) { session << statement; },
                              [&](const Expected<void, Error>& answer) { done = bool(answer); });
        EXPECT_TRUE(testing::run_until(city.loop, [&] { return done; }));
    };
    work("CREATE TRIGGER full BEFORE INSERT ON lessons BEGIN SELECT RAISE(ABORT, 'full'); END");
    EXPECT_EQ(city.admin("DELETE", "/api/lessons/" + id).status, 503);
    EXPECT_NE(bbb("end", "meetingID=m1").find("internalError"), std::string::npos);
    work("DROP TRIGGER full");
    EXPECT_EQ(city.admin("DELETE", "/api/lessons/" + id).status, 200) << "asked again";
    EXPECT_EQ(city.admin("DELETE", "/api/lessons/" + id).status, 404);
}

TEST_F(FullDisk, ATimetableThatIsNotStoredChangesNothing) {
    ASSERT_EQ(operate("PUT", "/schools/gym", R"({"name":"Gymnasium","slots":[],"rows":[]})").status,
              200);
    std::string file = "weekday;from;to;course;size\n";
    for (int i = 0; i < 2'000; ++i) file += "Mon;07:45;08:30;Course " + std::to_string(i) + ";25\n";
    fill();
    const auto refused = operate("POST", "/import/gym?format=csv&mode=replace", file);
    EXPECT_EQ(refused.status, 503) << refused.body;
    EXPECT_EQ(boost::json::parse(refused.body).at("code"), "unavailable");
    const auto left = boost::json::parse(operate("GET", "/schools/gym").body);
    EXPECT_EQ(left.at("version"), 1);
    EXPECT_TRUE(left.at("rows").as_array().empty());
    make_room();
    const auto taken = operate("POST", "/import/gym?format=csv&mode=replace", file);
    ASSERT_EQ(taken.status, 200) << taken.body;
    EXPECT_EQ(boost::json::parse(taken.body).at("school").at("version"), 2);
    const auto deeds = operate("GET", "/audit").body;
    EXPECT_EQ(deeds.find("\"import\""), deeds.rfind("\"import\"")) << "the one that was done";
}

}  // namespace
}  // namespace aula::hub
