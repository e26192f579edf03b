// SPDX-License-Identifier: Apache-2.0
// The bytes as a file of recorded lessons, and as rows under a right header.
#include <string>

#include "simulation/trace.hpp"

using namespace aula;

namespace {

void use(std::string_view csv) {
    auto lessons = simulation::read_trace(csv);
    if (!lessons) {
        if (simulation::in_words(lessons.error()).empty()) __builtin_trap();
        return;
    }
    const auto count = lessons->size();
    const auto replayed = simulation::replay(std::move(*lessons));
    std::size_t seen = 0;
    for (unsigned day = 0; day < replayed.days; ++day) {
        for (const auto& lesson : replayed.of_day(day)) {
            ++seen;
            if (!lesson.planned && !lesson.takes_place()) __builtin_trap();
            if (lesson.end < lesson.start) __builtin_trap();
        }
    }
    if (seen != count) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    use(text);
    use("lesson,school,planned_start,planned_end,planned_seats,start,end,seats\n" +
        std::string(text));
    return 0;
}
