// SPDX-License-Identifier: Apache-2.0
#include "signal/frame.hpp"

#include "signal/livekit.pb.h"

namespace aula::signal {

namespace {

// protobuf writes a line to stderr for every string that is not UTF-8; a client must not be able to
// fill the log with them. Done before main, as it is not safe beside other threads.
[[maybe_unused]] const auto quiet_protobuf = google::protobuf::SetLogHandler(nullptr);

template <class Message>
Expected<Message, SignalError> parse_message(Bytes bytes, std::size_t limit) {
    if (bytes.size() > limit) return fail(SignalError::size);
    Message message;
    if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
        return fail(SignalError::message);
    }
    return message;
}

Buffer serialized(const google::protobuf::MessageLite& message) {
    Buffer frame(message.ByteSizeLong());
    message.SerializeWithCachedSizesToArray(frame.data());
    return frame;
}

}  // namespace

const char* text(SignalError error) {
    switch (error) {
        case SignalError::size:
            return "too large";
        case SignalError::encoding:
            return "not base64url";
        case SignalError::compression:
            return "cannot be decompressed";
        case SignalError::message:
            return "not the message it should be";
    }
    return "";
}

Expected<livekit::SignalRequest, SignalError> parse_request(Bytes frame) {
    return parse_message<livekit::SignalRequest>(frame, max_frame_size);
}

Expected<livekit::SignalResponse, SignalError> parse_response(Bytes frame) {
    return parse_message<livekit::SignalResponse>(frame, max_frame_size);
}

Expected<livekit::DataPacket, SignalError> parse_data_packet(Bytes message) {
    return parse_message<livekit::DataPacket>(message, max_data_packet_size);
}

Buffer to_frame(const livekit::SignalRequest& request) { return serialized(request); }
Buffer to_frame(const livekit::SignalResponse& response) { return serialized(response); }
Buffer to_frame(const livekit::DataPacket& packet) { return serialized(packet); }

}  // namespace aula::signal
