// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace livekit {
class SignalRequest;
class SignalResponse;
class DataPacket;
}  // namespace livekit

namespace aula::signal {

inline constexpr std::size_t max_frame_size = 2 * 1024 * 1024;
inline constexpr std::size_t max_data_packet_size =
    64 * 1024 + 4096;  // user bytes and their envelope

enum class SignalError : std::uint8_t {
    size,         // over the limit, also after inflation
    encoding,     // not base64url
    compression,  // not gzip, or an unknown kind
    message,      // not the protobuf message it should be
};
const char* text(SignalError error);

// One message is one binary WebSocket frame, or one message of a data channel.
Expected<livekit::SignalRequest, SignalError> parse_request(Bytes frame);
Expected<livekit::SignalResponse, SignalError> parse_response(Bytes frame);
Expected<livekit::DataPacket, SignalError> parse_data_packet(Bytes message);

Buffer to_frame(const livekit::SignalRequest& request);
Buffer to_frame(const livekit::SignalResponse& response);
Buffer to_frame(const livekit::DataPacket& packet);

}  // namespace aula::signal
