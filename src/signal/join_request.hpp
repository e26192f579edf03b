// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "signal/frame.hpp"

namespace livekit {
class JoinRequest;
}  // namespace livekit

namespace aula::signal {

inline constexpr std::size_t max_join_request_size = 1024 * 1024;  // after inflation

/// The `join_request` parameter of /rtc/v1: base64url of a WrappedJoinRequest, usually with gzip
/// inside.
Expected<livekit::JoinRequest, SignalError> decode_join_request(std::string_view parameter);

/// What a native client puts into its URL (gzip).
std::string encode_join_request(const livekit::JoinRequest& request);

/// The parameters of /rtc (protocol v0), decoded, said as the same message. Unknown ones are
/// ignored, and so are values that are not what they should be: those clients are old and many.
livekit::JoinRequest join_request_of_query(
    const std::vector<std::pair<std::string, std::string>>& parameters);

}  // namespace aula::signal
