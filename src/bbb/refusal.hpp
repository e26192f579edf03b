// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"

namespace aula::bbb {

/// Why a call failed, as BigBlueButton says it: clients branch on the key, people read the message.
struct Refusal {
    std::string key;
    std::string message;
};

}  // namespace aula::bbb
