// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bbb/call.hpp"
#include "http/message.hpp"

namespace aula::hub {

/// The calls about recordings and their text tracks. Nothing is recorded yet, so lists are empty
/// and no recording is found.
http::Response answer_recording_call(const bbb::Call& call);

}  // namespace aula::hub
