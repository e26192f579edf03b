// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>

#include "fleet/plan.hpp"
#include "fleet/snapshot.hpp"

namespace aula::fleet {

struct NewRoom {
    LessonKey key = 0;
    Seats seats = 0;
    std::optional<WallTime> end;
};

/// The ready server for a new room: the one the plan holds for it, else the one whose life it
/// lengthens least, beside what is held for others if that is possible; nobody waits for seats that
/// nobody sits on yet, for the next plan sees to those. Nothing: it has to wait.
std::optional<ServerKey> place(const NewRoom& room, const Snapshot& snapshot,
                               std::span<const Assignment> assignments, WallTime now);

}  // namespace aula::fleet
