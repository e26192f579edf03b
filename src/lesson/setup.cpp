// SPDX-License-Identifier: Apache-2.0
#include "lesson/setup.hpp"

#include "lesson/object_reader.hpp"
#include "lesson/state_json.hpp"

namespace aula::lesson {

std::string to_json(const Setup& setup) {
    boost::json::object json{{"settings", json_of(setup.settings)},
                             {"begins_muted", setup.begins_muted},
                             {"welcome", setup.welcome},
                             {"for_teachers", setup.for_teachers},
                             {"ends_at", json_of(setup.ends_at)},
                             {"without_teacher", nullptr}};
    if (setup.without_teacher) json["without_teacher"] = setup.without_teacher->count();
    return boost::json::serialize(json);
}

std::optional<Setup> parse_setup(std::string_view text) {
    Setup setup;
    if (text.empty()) return setup;
    const auto parsed = parse_object(text);
    if (!parsed) return std::nullopt;
    ObjectReader reader(parsed->get_object());
    if (const auto* settings = reader.optional_object("settings")) {
        const auto read = settings_from(*settings);
        if (!read) return std::nullopt;
        setup.settings = *read;
    }
    setup.begins_muted = reader.optional_flag("begins_muted").value_or(false);
    setup.welcome = reader.optional_text("welcome").value_or("");
    setup.for_teachers = reader.optional_text("for_teachers").value_or("");
    setup.ends_at = reader.optional_time("ends_at");
    if (reader.has("without_teacher")) {
        // Bounded, as times count nanoseconds in 64 bits.
        const auto seconds = reader.number("without_teacher");
        if (seconds > 1'000'000'000) reader.refuse();
        setup.without_teacher = std::chrono::seconds(seconds);
    }
    return reader.good() ? std::optional(std::move(setup)) : std::nullopt;
}

}  // namespace aula::lesson
