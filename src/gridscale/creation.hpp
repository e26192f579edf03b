// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "gridscale/connection.hpp"

namespace aula::gridscale {

/// Something that is to be made once, however many answers are lost: its label is in the body and
/// nobody else's.
struct Creation {
    std::string path;      // "/objects/servers"
    std::string list_key;  // "servers"
    std::string label;     // "aula-op:<uuid>"
    std::string body;
    Urgency urgency = Urgency::change;
};

/// Answers the new object's id when it is made. After an answer that was lost the label is looked
/// for before anything is asked again.
void create_once(Connection& connection, Creation creation,
                 std::function<void(Expected<std::string, Error>)> answered);

}  // namespace aula::gridscale
