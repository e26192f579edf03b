// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "signal/frame.hpp"

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace aula::signal {

enum class JsonStyle : std::uint8_t {
    room_service,  // the field names of the .proto, default values written too
    webhook,       // camelCase, default values left out
};

std::string to_json(const google::protobuf::Message& message, JsonStyle style);

/// Reads either style and ignores unknown fields; `into` is cleared first.
Expected<void, SignalError> from_json(std::string_view json, google::protobuf::Message& into,
                                      std::size_t limit = 1024 * 1024);

}  // namespace aula::signal
