// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "lesson/json.hpp"
#include "lesson/lesson.hpp"
#include "lesson/setup.hpp"

/// Each line of the input is a message of a teacher, then of a pupil. Every event must come back
/// from its JSON.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace aula;
    using namespace aula::lesson;
    std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)parse_event(text);
    (void)parse_snapshot(text);
    if (const auto setup = parse_setup(text); setup && parse_setup(to_json(*setup)) != setup)
        std::abort();
    Lesson from_store;
    (void)take_stored(from_store, text);

    WallTime now{std::chrono::seconds(1'700'000'000)};
    Lesson lesson;
    Lesson replayed;
    const auto apply = [&](const Command& command) {
        const auto events = lesson.apply(command, now);
        if (!events) return;
        for (const Event& event : *events) {
            const auto read = parse_event(to_json(event));
            if (!read || !replayed.replay(*read)) std::abort();
        }
    };
    apply({"", command::Open{"L", "name", {}}});
    apply({"", command::Join{"t", "Teacher", Role::teacher}});
    apply({"", command::Join{"p", "Pupil", Role::pupil}});
    command::ChangeSettings door;
    door.change.guests = GuestPolicy::ask;
    apply({"t", door});
    for (const char* guest : {"g", "h"}) apply({"", command::Knock{guest, guest}});
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        for (const char* who : {"t", "p"}) {
            const auto message = parse_message(text.substr(0, end), who);
            if (message && message->command) apply(*message->command);
        }
        text.remove_prefix(std::min(end + 1, text.size()));
        now += std::chrono::seconds(1);
    }
    if (lesson.snapshot() != replayed.snapshot()) std::abort();
    const auto stored = parse_snapshot(to_json(lesson.snapshot()));
    if (!stored || *stored != lesson.snapshot()) std::abort();
    Lesson restored;
    if (!take_stored(restored, stored_snapshot(lesson.seq(), *stored))) std::abort();
    if (restored.seq() != lesson.seq() || restored.snapshot() != *stored) std::abort();
    return 0;
}
