// SPDX-License-Identifier: Apache-2.0
#include "signal/json.hpp"

#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

namespace aula::signal {

namespace pb = google::protobuf::util;

std::string to_json(const google::protobuf::Message& message, JsonStyle style) {
    pb::JsonPrintOptions options;
    options.preserve_proto_field_names = style == JsonStyle::room_service;
    options.always_print_primitive_fields = style == JsonStyle::room_service;
    std::string json;
    // Fails only for google.protobuf.Any and the like, which our messages do not have.
    (void)pb::MessageToJsonString(message, &json, options);
    return json;
}

Expected<void, SignalError> from_json(std::string_view json, google::protobuf::Message& into,
                                      std::size_t limit) {
    into.Clear();
    if (json.size() > limit) return fail(SignalError::size);
    pb::JsonParseOptions options;
    options.ignore_unknown_fields = true;
    if (!pb::JsonStringToMessage({json.data(), json.size()}, &into, options).ok()) {
        return fail(SignalError::message);
    }
    return {};
}

}  // namespace aula::signal
