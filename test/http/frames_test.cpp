// SPDX-License-Identifier: Apache-2.0
#include "http/frames.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "http/admission.hpp"
#include "http/heartbeat.hpp"

namespace aula::http {
namespace {

using Kind = Frames::Kind;

Buffer raw(std::string_view spaced_hex) {
    std::string digits;
    for (const char c : spaced_hex) {
        if (c != ' ') digits += c;
    }
    return *from_hex(digits);
}

/// A frame as a client masks it; first is FIN, RSV and opcode.
Buffer masked(int first, std::string_view payload) {
    Buffer frame{static_cast<std::uint8_t>(first)};
    if (payload.size() < 126) {
        frame.push_back(static_cast<std::uint8_t>(0x80 | payload.size()));
    } else {
        frame.insert(frame.end(), {0xfe, 0, 0});
        store16(&frame[2], static_cast<std::uint16_t>(payload.size()));
    }
    const std::uint8_t mask[] = {0x37, 0xfa, 0x21, 0x3d};
    frame.insert(frame.end(), mask, mask + 4);
    for (std::size_t i = 0; i < payload.size(); ++i) {
        frame.push_back(static_cast<std::uint8_t>(payload[i]) ^ mask[i % 4]);
    }
    return frame;
}

Buffer joined(std::initializer_list<Buffer> parts) {
    Buffer all;
    for (const Buffer& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

std::vector<Frames::Event> events_of(Frames& frames, Bytes input, std::size_t step = 1 << 20) {
    std::vector<Frames::Event> events;
    while (!input.empty()) {
        const std::size_t count = std::min(step, input.size());
        frames.feed(input.first(count));
        input = input.subspan(count);
        while (auto event = frames.next()) events.push_back(std::move(*event));
    }
    return events;
}

std::vector<Frames::Event> server_events(Bytes input, std::size_t step = 1 << 20) {
    Frames server(Frames::Side::server, 1000);
    return events_of(server, input, step);
}

TEST(Frames, ReadsTheRfcsExamples) {
    // RFC 6455 section 5.7.
    Frames server(Frames::Side::server, 1000);
    auto events = events_of(server, raw("81 85 37 fa 21 3d 7f 9f 4d 51 58"));
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].kind, Kind::text);
    EXPECT_EQ(text_of(events[0].bytes), "Hello");

    Frames client(Frames::Side::client, 1000);
    events = events_of(client, raw("81 05 48 65 6c 6c 6f  01 03 48 65 6c  80 02 6c 6f"));
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(text_of(events[1].bytes), "Hello");

    events_of(server, raw("89 85 37 fa 21 3d 7f 9f 4d 51 58"));
    EXPECT_EQ(server.take_output(), raw("8a 05 48 65 6c 6c 6f"));  // the pong
}

TEST(Frames, JoinsFragmentsHoweverTheyAreCutWithControlFramesBetween) {
    const Buffer input =
        joined({masked(0x01, "Hel"), masked(0x89, "?"), masked(0x00, ""), masked(0x00, "lo W"),
                masked(0x8a, ""), masked(0x80, "orld"), masked(0x82, std::string(900, '\xff'))});
    for (const std::size_t step : {std::size_t{1}, std::size_t{5}, input.size()}) {
        const auto events = server_events(input, step);
        ASSERT_EQ(events.size(), 4u);
        EXPECT_EQ(events[0].kind, Kind::ping);
        EXPECT_EQ(events[1].kind, Kind::pong);
        EXPECT_EQ(events[2].kind, Kind::text);
        EXPECT_EQ(text_of(events[2].bytes), "Hello World");
        EXPECT_EQ(events[3].kind, Kind::binary);
        EXPECT_EQ(events[3].bytes.size(), 900u);
    }
}

TEST(Frames, BreachesOfTheProtocolEndTheSocketWithTheirCode) {
    const struct {
        const char* what;
        Buffer input;
        std::uint16_t code;
    } cases[] = {
        {"not masked", raw("81 05 48 65 6c 6c 6f"), 1002},
        {"reserved bit", masked(0xc1, "x"), 1002},
        {"unknown opcode", masked(0x83, "x"), 1002},
        {"unknown control opcode", masked(0x8b, "x"), 1002},
        {"continuation of nothing", masked(0x80, "x"), 1002},
        {"text within a fragmented text", joined({masked(0x01, "a"), masked(0x81, "b")}), 1002},
        {"fragmented ping", masked(0x09, "x"), 1002},
        {"ping of 126 bytes", masked(0x89, std::string(126, 'x')), 1002},
        {"close with a reserved code", masked(0x88, "\x03\xee"), 1002},
        {"text not UTF-8", masked(0x81, "\xc0\xaf"), 1007},
        {"text cut within a character", masked(0x81, "\xe2\x82"), 1007},
        {"fragments not UTF-8", joined({masked(0x01, "\xe2"), masked(0x80, "x")}), 1007},
        {"announced too big", masked(0x82, std::string(1001, 'x')), 1009},
        {"too big in fragments",
         joined({masked(0x02, std::string(600, 'x')), masked(0x80, std::string(401, 'x'))}), 1009},
        {"length of 63 bits", raw("82 ff 7f ff ff ff ff ff ff ff 00 00 00 00"), 1009},
        {"length of 64 bits", raw("82 ff ff ff ff ff ff ff ff ff 00 00 00 00"), 1002},
        {"long form of a short length", raw("82 fe 00 01 00 00 00 00 78"), 1002},
    };
    for (const auto& [what, input, code] : cases) {
        Frames server(Frames::Side::server, 1000);
        const auto events = events_of(server, joined({input, masked(0x81, "after")}));
        ASSERT_EQ(events.size(), 1u) << what;
        EXPECT_EQ(events[0].kind, Kind::close) << what;
        EXPECT_EQ(events[0].code, code) << what;
        const Buffer output = server.take_output();
        ASSERT_GE(output.size(), 2u) << what;
        EXPECT_EQ(output[0], 0x88) << what;
        server.send(true, output);
        EXPECT_TRUE(server.take_output().empty()) << what;
    }
}

TEST(Frames, AManyFragmentMessageCostsNoMoreThanItsBytes) {
    Buffer input = masked(0x02, "");
    for (int i = 0; i < 20'000; ++i) {
        const Buffer more = masked(0x00, i % 40 == 0 ? "x" : "");
        input.insert(input.end(), more.begin(), more.end());
    }
    const Buffer end = masked(0x80, "y");
    input.insert(input.end(), end.begin(), end.end());
    const auto events = server_events(input);
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].bytes.size(), 501u);
}

TEST(Frames, AnswersACloseWithTheSameCodeAndReadsNothingAfterIt) {
    Frames server(Frames::Side::server, 1000);
    const auto events = events_of(server, joined({masked(0x88,
                                                         "\x0f\xa1"
                                                         "bye"),
                                                  masked(0x81, "x")}));
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].code, 4001);
    EXPECT_EQ(text_of(events[0].bytes), "bye");
    EXPECT_EQ(server.take_output(), joined({raw("88 05 0f a1"), raw("62 79 65")}));

    Frames other(Frames::Side::server, 1000);
    EXPECT_EQ(events_of(other, masked(0x88, "")).at(0).code, Frames::no_status);
}

TEST(Frames, CodesNewerThanTheRfcAreToldAsTheyCame) {
    for (const auto code : {std::uint16_t{1012}, std::uint16_t{1013}, std::uint16_t{1014}}) {
        Frames server(Frames::Side::server, 1000);
        server.close(code, "later");
        const Buffer output = server.take_output();
        for (const std::size_t step : {std::size_t{1}, output.size()}) {
            Frames reader(Frames::Side::client, 1000);
            const auto events = events_of(reader, output, step);
            ASSERT_EQ(events.size(), 1u);
            EXPECT_EQ(events[0].kind, Kind::close);
            EXPECT_EQ(events[0].code, code);
            EXPECT_EQ(text_of(events[0].bytes), "later");
        }
    }
    const auto codes = [](std::string_view payload) {
        const auto events = server_events(masked(0x88, payload));
        return events.empty() ? 0 : events.back().code;
    };
    EXPECT_EQ(codes("\x03\xf4"), 1012);
    EXPECT_EQ(codes("\x03\xf4\xff"), 1007) << "the reason is no UTF-8";
    EXPECT_EQ(codes("\x03\xf7"), 1002) << "1015 may not stand in a frame";
}

TEST(Frames, ClientAndServerUnderstandEachOther) {
    Frames client(Frames::Side::client, 1 << 20);
    Frames server(Frames::Side::server, 1 << 20);
    const std::string large(200'000, 'z');
    client.send(false, bytes_of("hällo"));
    client.send(true, bytes_of(large));
    client.send(false, {});
    const Buffer sent = client.take_output();
    EXPECT_EQ(text_of(sent).find("llo"), std::string_view::npos);  // masked
    const auto events = events_of(server, sent, 1000);
    ASSERT_EQ(events.size(), 3u);
    EXPECT_EQ(text_of(events[0].bytes), "hällo");
    EXPECT_EQ(text_of(events[1].bytes), large);
    EXPECT_TRUE(events[2].bytes.empty());
    server.close(1000, std::string(200, 'r'));  // cut to what a control frame holds
    const auto closed = events_of(client, server.take_output());
    ASSERT_EQ(closed.size(), 1u);
    EXPECT_EQ(closed[0].code, 1000);
    EXPECT_EQ(closed[0].bytes.size(), 123u);
    EXPECT_EQ(events_of(server, client.take_output()).at(0).code, 1000);
}

TEST(Heartbeat, GivesUpAfterThirtySilentSeconds) {
    const Time start{};
    Heartbeat heartbeat(start);
    EXPECT_FALSE(heartbeat.is_lost(start + 30s));
    EXPECT_TRUE(heartbeat.is_lost(start + 31s));
    heartbeat.heard(start + 31s);
    EXPECT_FALSE(heartbeat.is_lost(start + 60s));
}

TEST(Admission, CountsAllAndByPeerAndGivesPlacesBack) {
    const auto admission = std::make_shared<Admission>(4, 2);
    const auto school = *net::Address::of("192.0.2.1", 1000);
    auto a = admission->admit(school);
    auto b = admission->admit(school.with_port(2000));
    EXPECT_TRUE(a && b);
    EXPECT_FALSE(admission->admit(school.with_port(3000)));
    a.reset();
    EXPECT_TRUE(a = admission->admit(school.with_port(3000)));
    const auto proxy = *net::Address::of("127.0.0.1", 1);
    auto c = admission->admit(proxy);
    auto d = admission->admit(proxy);
    EXPECT_TRUE(c && d);
    EXPECT_FALSE(admission->admit(*net::Address::of("2001:db8::1", 1)));  // all taken
    a = b = c = d = nullptr;
    EXPECT_EQ(admission->taken(), 0u);
}

}  // namespace
}  // namespace aula::http
