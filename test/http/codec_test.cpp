// SPDX-License-Identifier: Apache-2.0
#include "http/codec.hpp"

#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace aula::http {
namespace {

constexpr ParserLimits small{.header_bytes = 1024, .body_bytes = 64};

struct Parsed {
    std::optional<Request> request;
    int status = 0;  // of the refusal
    std::size_t taken = 0;
};

/// Feeds so many bytes at a time, as a connection does: what is left comes again.
Parsed parse(const std::string& text, std::size_t step = 1 << 20, ParserLimits limits = small) {
    RequestParser parser(limits);
    std::size_t taken = 0;
    for (std::size_t end = 0; end < text.size() && !parser.done();) {
        end = std::min(end + step, text.size());
        const auto result = parser.feed(bytes_of(text).subspan(taken, end - taken));
        if (!result) return {std::nullopt, status_of(result.error()), taken};
        taken += *result;
    }
    if (!parser.done()) return {std::nullopt, 0, taken};
    return {parser.take(), 0, taken};
}

std::string get(const std::string& target) {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

TEST(RequestParser, ReadsARequestHoweverItIsCut) {
    const std::string text =
        "POST /bbb%20api/create+x?a=1&b=%2F HTTP/1.1\r\nHost: hub\r\nX-Long:   two  words \r\n"
        "Content-Length: 5\r\n\r\nhello";
    for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{7}, text.size()}) {
        const Parsed parsed = parse(text + "NEXT", step);
        ASSERT_TRUE(parsed.request) << step << " " << parsed.status;
        EXPECT_EQ(parsed.request->method, "POST");
        EXPECT_EQ(parsed.request->path, "/bbb api/create+x");
        EXPECT_EQ(parsed.request->query, "a=1&b=%2F");
        EXPECT_EQ(*parsed.request->headers.find("x-long"), "two  words");
        EXPECT_EQ(parsed.request->body, "hello");
        EXPECT_EQ(parsed.taken, text.size());
    }
}

TEST(RequestParser, ReadsAChunkedBodyAndIgnoresItsTrailers) {
    const std::string text =
        "PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5;name=value\r\nhello\r\n1\r\n!\r\n0\r\nX-Admin: yes\r\n\r\n";
    for (const std::size_t step : {std::size_t{1}, std::size_t{3}, text.size()}) {
        const Parsed parsed = parse(text, step);
        ASSERT_TRUE(parsed.request) << step;
        EXPECT_EQ(parsed.request->body, "hello!");
        EXPECT_EQ(parsed.request->headers.find("x-admin"), nullptr);
    }
}

TEST(RequestParser, ReadsAnEmptyChunkedBodyHoweverItIsCut) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{1000}}) {
        const Parsed parsed = parse(
            "PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", step);
        ASSERT_TRUE(parsed.request) << step;
        EXPECT_TRUE(parsed.request->body.empty());
    }
}

TEST(RequestParser, DecodesThePathOnceAndKeepsPlus) {
    EXPECT_EQ(parse(get("/%2541%2e%2F")).request->path, "/%41./");
    EXPECT_EQ(parse(get("/a+b?c+d")).request->path, "/a+b");
    EXPECT_EQ(parse(get("/a+b?c+d")).request->query, "c+d");
    EXPECT_EQ(parse(get("/sch%C3%BCler")).request->path, "/schüler");
    EXPECT_EQ(parse(get("http://other/p?q")).request->path, "/p");
    EXPECT_EQ(parse(get("HTTP://other")).request->path, "/");
    EXPECT_EQ(parse(get("http://other?q=1")).status, 400);
}

TEST(RequestParser, RefusesWhatWouldBeAmbiguousOrHostile) {
    const struct {
        std::string text;
        int status;
    } cases[] = {
        {get("/%00"), 400},
        {get("/%4"), 400},
        {get("/%zz"), 400},
        {get("*"), 400},
        {get("example.org:443"), 400},
        {"GET / HTTP/1.1\r\n\r\n", 400},                        // no Host
        {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},  // two
        {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 400},
        {"GET /\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},  // blank before the colon
        {"GET / HTTP/1.1\r\nHost: a\r\nNo colon\r\n\r\n", 400},
        {"G\x01T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400},  // TLS
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", 400},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1x\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: "
         "chunked\r\n\r\n0\r\n\r\n",
         400},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: "
         "5\r\n\r\n0\r\n\r\n",
         400},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
         400},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 65\r\n\r\n", 413},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551616\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n41\r\n", 413},
        {"POST / HTTP/1.1\r\nHost: a\r\nExpect: 200-maybe\r\n\r\n", 417},
        {get("/" + std::string(2000, 'x')), 414},
        {"GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(2000, 'x') + "\r\n\r\n", 431},
    };
    for (const auto& [text, status] : cases) {
        EXPECT_EQ(parse(text).status, status) << text.substr(0, 120);
        EXPECT_EQ(parse(text, 1).status, status) << "byte by byte: " << text.substr(0, 120);
    }
}

TEST(RequestParser, BoundsFieldsAndChunkExtensions) {
    std::string flood = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (int i = 0; i < 300; ++i) flood += "a:b\r\n";
    EXPECT_EQ(parse(flood + "\r\n", 1 << 20, {.header_bytes = 1 << 20, .body_bytes = 1}).status,
              431);
    const std::string chunked =
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;" +
        std::string(40'000, 'x');
    EXPECT_EQ(parse(chunked, 1000).status, 400);
}

TEST(RequestParser, TellsTruncatedFromDone) {
    const std::string text = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
    for (std::size_t size = 0; size < text.size(); ++size) {
        const Parsed parsed = parse(text.substr(0, size));
        EXPECT_FALSE(parsed.request) << size;
        EXPECT_EQ(parsed.status, 0) << size;
    }
    EXPECT_TRUE(parse(text).request);
}

TEST(RequestParser, KnowsKeepAliveContinueAndUpgrade) {
    const auto fed = [](const std::string& text) {
        auto parser = std::make_unique<RequestParser>(small);
        EXPECT_TRUE(parser->feed(bytes_of(text)));
        return parser;
    };
    EXPECT_TRUE(fed(get("/"))->keep_alive());
    EXPECT_FALSE(fed("GET / HTTP/1.0\r\n\r\n")->keep_alive());
    EXPECT_TRUE(fed("GET / HTTP/1.0\r\n\r\n")->is_http_1_0());
    EXPECT_TRUE(fed("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")->keep_alive());
    EXPECT_FALSE(fed("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")->keep_alive());
    const std::string post =
        "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n";
    EXPECT_TRUE(fed(post)->wants_continue());
    EXPECT_FALSE(fed(post + "x")->wants_continue());
    EXPECT_TRUE(fed("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: WebSocket\r\nConnection: keep-alive, "
                    "Upgrade\r\n\r\n")
                    ->asks_for_web_socket());
    EXPECT_FALSE(
        fed("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n")->asks_for_web_socket());
    EXPECT_FALSE(fed("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n")
                     ->asks_for_web_socket());
}

TEST(ResponseHead, CarriesLengthAndConnectionAndNothingSmuggled) {
    Response response = text_response(200, "hello");
    response.headers.add("x-good", "yes");
    response.headers.add("x-evil", "a\r\nSet-Cookie: b");
    response.headers.add("bad name", "x");
    response.headers.add("content-length", "1");
    const std::string head = response_head(response, {.keep_alive = false});
    EXPECT_TRUE(head.starts_with("HTTP/1.1 200 OK\r\n")) << head;
    EXPECT_TRUE(head.ends_with("\r\n\r\n"));
    EXPECT_NE(head.find("x-good: yes\r\n"), head.npos);
    EXPECT_NE(head.find("content-length: 5\r\n"), head.npos);
    EXPECT_NE(head.find("connection: close\r\n"), head.npos);
    EXPECT_EQ(head.find("Set-Cookie"), head.npos);
    EXPECT_EQ(head.find("bad name"), head.npos);
    EXPECT_EQ(head.find("content-length: 1\r\n"), head.npos);
    EXPECT_EQ(response_head({204, {}, ""}, {}).find("content-length"), head.npos);
}

TEST(ResponseParser, ReadsAnAnswerWithAndWithoutLength) {
    ResponseParser parser(small);
    ASSERT_TRUE(parser.feed(bytes_of("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno")));
    ASSERT_TRUE(parser.done());
    const Response answer = parser.take();
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.body, "no");

    ResponseParser until_end(small);
    ASSERT_TRUE(until_end.feed(bytes_of("HTTP/1.1 500 Oops\r\n\r\nall of it")));
    EXPECT_FALSE(until_end.done());
    EXPECT_TRUE(until_end.end());
    EXPECT_EQ(until_end.take().body, "all of it");

    ResponseParser garbage(small);
    EXPECT_FALSE(garbage.feed(bytes_of("SSH-2.0-OpenSSH_9.2\r\n\r\n")));
    EXPECT_FALSE(ResponseParser(small).end());
}

TEST(WebSocketHandshake, AcceptIsThatOfTheRfcsExample) {
    EXPECT_EQ(web_socket_accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    EXPECT_TRUE(is_web_socket_key("dGhlIHNhbXBsZSBub25jZQ=="));
    EXPECT_FALSE(is_web_socket_key("dGhlIHNhbXBsZQ=="));
    EXPECT_FALSE(is_web_socket_key(""));
}

TEST(Parameters, AreDecodedInOrderAndMayRepeat) {
    const auto parameters = parse_parameters("name=Frau+M%C3%BCller&name=2&empty=&flag&&=x");
    ASSERT_TRUE(parameters);
    ASSERT_EQ(parameters->size(), 5u);
    EXPECT_EQ(*find_parameter(*parameters, "name"), "Frau Müller");
    EXPECT_EQ((*parameters)[1].second, "2");
    EXPECT_EQ(*find_parameter(*parameters, "empty"), "");
    EXPECT_EQ(*find_parameter(*parameters, "flag"), "");
    EXPECT_EQ(*find_parameter(*parameters, ""), "x");
    EXPECT_EQ(find_parameter(*parameters, "none"), nullptr);
    EXPECT_FALSE(parse_parameters("a=%"));
    EXPECT_FALSE(parse_parameters("%g0=1"));
    EXPECT_TRUE(parse_parameters("")->empty());
}

}  // namespace
}  // namespace aula::http
