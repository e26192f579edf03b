// SPDX-License-Identifier: Apache-2.0
#include "signal/join_request.hpp"

#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "signal/gzip.hpp"
#include "signal/livekit.pb.h"

namespace aula::signal {
namespace {

// Made by @livekit/protocol 1.52, the second without compression.
constexpr char gzipped[] =
    "CAESdh-LCAAAAAAAAAPjUuRgFGIz0jMy1jOQEFRi9cnMK62wYnPOKMrPTU1gymJiZBJi4WAUYFRi42LMFmIs05Ll"
    "Yk5MSpZgVGjg0rjA6sDoxcPBJNDAJXGBVWHBw3QjAS7W_LS01CIh1jJbA14uCUYAlwHnRmIAAAA=";
constexpr char plain[] =
    "EmIKIQgBEgYyLjIzLjAYESIFTGludXg6BkNocm9tZWACagIBAhIECAEQASIGCgFrEgF2Kh0KA2FiYxgBIIAKKNAF"
    "QAFKDAgCEIAKGNAFIKDhZzIQCgVvZmZlchIFdj0wDQoYAQ==";

std::string wrapped(const Buffer& inner, int compression) {
    livekit::WrappedJoinRequest wrapped;
    wrapped.set_compression(static_cast<livekit::WrappedJoinRequest::Compression>(compression));
    wrapped.set_join_request(inner.data(), inner.size());
    return base64url(bytes_of(wrapped.SerializeAsString()));
}

TEST(JoinRequest, ReadsWhatTheClientsMake) {
    for (const char* parameter : {gzipped, plain}) {
        const auto request = decode_join_request(parameter);
        ASSERT_TRUE(request);
        EXPECT_EQ(request->client_info().sdk(), livekit::ClientInfo::JS);
        EXPECT_EQ(request->client_info().protocol(), 17);
        EXPECT_EQ(request->client_info().capabilities_size(), 2);
        EXPECT_TRUE(request->connection_settings().auto_subscribe());
        EXPECT_FALSE(request->connection_settings().has_subscriber_allow_pause());
        EXPECT_EQ(request->publisher_offer().sdp(), "v=0\r\n");
        EXPECT_EQ(request->participant_attributes().at("k"), "v");
        EXPECT_EQ(request->add_track_requests(0).layers(0).quality(), livekit::HIGH);
    }
}

TEST(JoinRequest, ReadsItsOwn) {
    livekit::JoinRequest request;
    request.mutable_publisher_offer()->set_sdp(std::string(14'000, 'a'));
    const auto parameter = encode_join_request(request);
    EXPECT_LT(parameter.size(), 400u);
    const auto read = decode_join_request(parameter);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->SerializeAsString(), request.SerializeAsString());
}

TEST(JoinRequest, RefusesABombAfterAMebibyte) {
    const Buffer bomb = gzip(Buffer(64 * 1024 * 1024, 0));
    ASSERT_LT(bomb.size(), 100'000u);
    const auto request = decode_join_request(wrapped(bomb, 1));
    ASSERT_FALSE(request);
    EXPECT_EQ(request.error(), SignalError::size);
}

TEST(JoinRequest, RefusesCutOffAndTrailingGzip) {
    const Buffer whole = gzip(bytes_of(livekit::JoinRequest().SerializeAsString()));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const Buffer cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_EQ(decode_join_request(wrapped(cut, 1)).error(), SignalError::compression);
    }
    Buffer longer = whole;
    longer.push_back(0);
    EXPECT_EQ(decode_join_request(wrapped(longer, 1)).error(), SignalError::compression);
}

TEST(JoinRequest, SaysWhichLayerIsWrong) {
    EXPECT_EQ(decode_join_request("!").error(), SignalError::encoding);
    EXPECT_EQ(decode_join_request("////").error(), SignalError::message);
    EXPECT_EQ(decode_join_request(wrapped({0xff}, 0)).error(), SignalError::message);
    EXPECT_EQ(decode_join_request(wrapped({1, 2, 3}, 1)).error(), SignalError::compression);
    EXPECT_EQ(decode_join_request(wrapped({}, 9)).error(), SignalError::compression);
    EXPECT_EQ(decode_join_request(std::string(2'000'000, 'A')).error(), SignalError::size);
    EXPECT_TRUE(decode_join_request(""));
}

TEST(JoinRequest, OfAQueryOfProtocolZero) {
    const auto request = join_request_of_query({{"access_token", "ignored"},
                                                {"auto_subscribe", "0"},
                                                {"protocol", "16"},
                                                {"sdk", "ios"},
                                                {"version", "2.1"},
                                                {"os", "iOS"},
                                                {"capabilities", "CAP_PACKET_TRAILER,CAP_FUTURE"},
                                                {"adaptive_stream", "true"},
                                                {"subscriber_allow_pause", "0"},
                                                {"reconnect", "1"},
                                                {"sid", "PA_abc"},
                                                {"reconnect_reason", "2"},
                                                {"attributes", "eyJhIjoiYiIsIm4iOjF9"},
                                                {"never_heard_of", "1"}});
    EXPECT_FALSE(request.connection_settings().auto_subscribe());
    EXPECT_TRUE(request.connection_settings().adaptive_stream());
    EXPECT_TRUE(request.connection_settings().has_subscriber_allow_pause());
    EXPECT_FALSE(request.connection_settings().subscriber_allow_pause());
    EXPECT_EQ(request.client_info().protocol(), 16);
    EXPECT_EQ(request.client_info().sdk(), livekit::ClientInfo::SWIFT);
    EXPECT_EQ(request.client_info().capabilities_size(), 1);
    EXPECT_TRUE(request.reconnect());
    EXPECT_EQ(request.participant_sid(), "PA_abc");
    EXPECT_EQ(request.reconnect_reason(), livekit::RR_PUBLISHER_FAILED);
    EXPECT_EQ(request.participant_attributes().size(), 1u);
    EXPECT_EQ(request.participant_attributes().at("a"), "b");
}

TEST(JoinRequest, OfAQuerySubscribesUnlessToldNotTo) {
    EXPECT_TRUE(join_request_of_query({}).connection_settings().auto_subscribe());
}

TEST(JoinRequest, OfAQueryLeavesOutWhatIsBroken) {
    const auto request = join_request_of_query({{"protocol", "x"},
                                                {"version", "\xff"},
                                                {"reconnect_reason", "99"},
                                                {"attributes", "e30"},
                                                {"attributes", "%%"}});
    EXPECT_EQ(request.client_info().protocol(), 0);
    EXPECT_EQ(request.client_info().version(), "");
    EXPECT_EQ(request.reconnect_reason(), livekit::RR_UNKNOWN);
    EXPECT_TRUE(request.participant_attributes().empty());
}

}  // namespace
}  // namespace aula::signal
