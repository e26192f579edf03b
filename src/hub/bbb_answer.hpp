// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "bbb/refusal.hpp"
#include "http/message.hpp"

namespace aula::hub {

/// 200 also for refusals: platforms take any other status for a server that is broken.
http::Response xml_answer(std::string body);
http::Response bbb_json_answer(std::string body);
http::Response refusal_answer(const bbb::Refusal& refusal);

}  // namespace aula::hub
