// SPDX-License-Identifier: Apache-2.0
#include "lesson/json.hpp"
#include "lesson/object_reader.hpp"
#include "lesson/state_json.hpp"

namespace aula::lesson {

std::string stored_snapshot(std::uint64_t seq, const Snapshot& snapshot) {
    return boost::json::serialize(
        boost::json::object{{"type", "snapshot"}, {"seq", seq}, {"lesson", json_of(snapshot)}});
}

bool take_stored(Lesson& lesson, std::string_view json) {
    const auto parsed = parse_object(json);
    if (!parsed) return false;
    ObjectReader reader(parsed->get_object());
    if (reader.text("type") != "snapshot") {
        const auto event = event_from(parsed->get_object());
        return event && lesson.replay(*event);
    }
    const auto seq = reader.number("seq");
    const auto* inner = reader.object("lesson");
    if (!reader.good() || seq == 0 || lesson.seq() != 0) return false;
    auto snapshot = snapshot_from(*inner);
    if (snapshot) lesson.restore(seq, std::move(*snapshot));
    return snapshot.has_value();
}

}  // namespace aula::lesson
