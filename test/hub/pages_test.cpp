// SPDX-License-Identifier: Apache-2.0
#include "hub/pages.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "installation.hpp"

using namespace aula;
using namespace aula::hub;
using namespace aula::hub::testing;

namespace {

void write(const std::filesystem::path& path, const std::string& content) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
}

struct PagesTest : ::testing::Test {
    PagesTest() {
        write(folder.path / "start.html", "<start>");
        write(folder.path / "start.html.br", "brotli");
        write(folder.path / "start.html.gz", "gzip");
        write(folder.path / "lesson.html", "<lesson>");
        write(folder.path / "assets" / "app-1a2b.js", "code");
        pages = Pages::load(folder.path).value();
    }
    std::optional<http::Response> get(const std::string& path, const http::Headers& headers = {}) {
        return pages.answer({"GET", path, {}, headers, {}, {}});
    }
    Folder folder;
    Pages pages;
};

}  // namespace

TEST_F(PagesTest, PagesStandAtTheirPathsUnderAStrictPolicy) {
    EXPECT_EQ(get("/")->body, "<start>");
    EXPECT_EQ(get("/l/abc")->body, "<lesson>");
    EXPECT_FALSE(get("/l/"));
    EXPECT_FALSE(get("/l/abc/def"));
    EXPECT_FALSE(get("/../secret"));
    EXPECT_FALSE(get("/assets"));
    const auto page = *get("/");
    EXPECT_NE(page.headers.find("content-security-policy")->find("default-src 'self'"),
              std::string::npos);
    EXPECT_EQ(page.headers.find("content-security-policy")->find("unsafe"), std::string::npos);
    EXPECT_EQ(*page.headers.find("x-content-type-options"), "nosniff");
    EXPECT_EQ(*page.headers.find("cache-control"), "no-cache");
    EXPECT_EQ(*page.headers.find("access-control-allow-origin"), "*") << "LiveKit's probe";
    const auto asset = *get("/assets/app-1a2b.js");
    EXPECT_NE(asset.headers.find("cache-control")->find("immutable"), std::string::npos);
    EXPECT_EQ(*asset.headers.find("content-type"), "text/javascript; charset=utf-8");
}

TEST_F(PagesTest, TheBestCodingThatTheBrowserTakesIsSent) {
    const auto body_for = [&](const std::string& accepted) {
        http::Headers headers;
        headers.set("accept-encoding", accepted);
        return get("/", headers)->body;
    };
    EXPECT_EQ(body_for("gzip, deflate, br"), "brotli");
    EXPECT_EQ(body_for("gzip"), "gzip");
    EXPECT_EQ(body_for("br;q=0, gzip;q=0.5"), "gzip");
    EXPECT_EQ(body_for("br;q=0.0"), "<start>");
    EXPECT_EQ(body_for("brown"), "<start>");
    EXPECT_EQ(body_for(",;,;q=,"), "<start>");
}

TEST_F(PagesTest, WhatTheBrowserHasIsNotSentAgain) {
    http::Headers headers;
    headers.set("if-none-match", *get("/")->headers.find("etag"));
    const auto same = *get("/", headers);
    EXPECT_EQ(same.status, 304);
    EXPECT_TRUE(same.body.empty());
    EXPECT_EQ(get("/l/x", headers)->status, 200) << "another page";
}

TEST(Pages, ServerAndProbesWorkWithoutPages) {
    Installation city;
    const auto probe = city.call("HEAD", "/");
    EXPECT_EQ(probe.status, 200);
    ASSERT_NE(probe.headers.find("access-control-allow-origin"), nullptr) << "asked from any page";
    EXPECT_EQ(city.call("GET", "/l/x").status, 404);
    EXPECT_EQ(city.call("GET", "/healthz").body, "ok\n");
    const auto preflight = city.call("OPTIONS", "/rtc/validate");
    EXPECT_EQ(preflight.status, 204);
    EXPECT_NE(preflight.headers.find("access-control-allow-headers"), nullptr);
    const auto figures = city.call("GET", "/metrics");
    EXPECT_NE(figures.body.find("aula_hub_nodes 0\n"), std::string::npos);
    http::Headers outside;
    outside.set("x-forwarded-for", "203.0.113.7");
    EXPECT_EQ(city.call("GET", "/metrics", {}, outside).status, 404);
}
