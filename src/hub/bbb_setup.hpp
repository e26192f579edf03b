// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bbb/meeting.hpp"
#include "hub/lesson_record.hpp"

namespace aula::hub {

/// The lesson that a meeting is: what the create call's parameters mean in Aula.
NewLesson lesson_of(const bbb::Meeting& meeting);

}  // namespace aula::hub
