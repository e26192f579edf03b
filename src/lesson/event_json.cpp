// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "lesson/json.hpp"
#include "lesson/object_reader.hpp"
#include "lesson/state_json.hpp"

namespace aula::lesson {

namespace {

using boost::json::object;
using What = decltype(Event::what);

/// One function an event: its members, the type first.
struct EventWriter {
    object operator()(const event::Opened& opened) const {
        return {{"type", "opened"},
                {"lesson_id", opened.lesson_id},
                {"name", opened.name},
                {"settings", json_of(opened.settings)}};
    }
    object operator()(const event::Reopened&) const { return {{"type", "reopened"}}; }
    object operator()(const event::Joined& joined) const {
        return {{"type", "joined"}, {"participant", json_of(joined.participant)}};
    }
    object operator()(const event::Disconnected& disconnected) const {
        return {{"type", "disconnected"}, {"identity", disconnected.identity}};
    }
    object operator()(const event::Left& left) const {
        return {{"type", "left"}, {"identity", left.identity}, {"reason", word(left.reason)}};
    }
    object operator()(const event::Chatted& chat) const {
        return {{"type", "chat"},          {"identity", chat.identity}, {"name", chat.name},
                {"role", word(chat.role)}, {"text", chat.text},         {"nonce", chat.nonce}};
    }
    object operator()(const event::HandRaised& raised) const {
        return {{"type", "hand_raised"}, {"identity", raised.identity}};
    }
    object operator()(const event::HandLowered& lowered) const {
        return {{"type", "hand_lowered"}, {"identity", lowered.identity}, {"by", lowered.by}};
    }
    object operator()(const event::RoleGiven& given) const {
        return {{"type", "role"},
                {"identity", given.identity},
                {"role", word(given.role)},
                {"by", given.by}};
    }
    object operator()(const event::Muted& muted) const {
        return {{"type", "muted"},
                {"identity", json_of(muted.identity)},
                {"source", word(muted.source)},
                {"by", muted.by}};
    }
    object operator()(const event::SettingsChanged& changed) const {
        return {{"type", "settings"}, {"settings", json_of(changed.settings)}, {"by", changed.by}};
    }
    object operator()(const event::Removed& removed) const {
        return {{"type", "removed"},
                {"identity", removed.identity},
                {"name", removed.name},
                {"by", removed.by}};
    }
    object operator()(const event::AllowedBack& allowed) const {
        return {{"type", "allowed_back"}, {"identity", allowed.identity}, {"by", allowed.by}};
    }
    object operator()(const event::Knocked& knocked) const {
        return {{"type", "knocked"}, {"identity", knocked.identity}, {"name", knocked.name}};
    }
    object operator()(const event::GaveUp& gone) const {
        return {{"type", "gave_up"}, {"identity", gone.identity}};
    }
    object operator()(const event::Admitted& admitted) const {
        return {{"type", "admitted"},
                {"identity", admitted.identity},
                {"name", admitted.name},
                {"by", admitted.by}};
    }
    object operator()(const event::TurnedAway& turned) const {
        return {{"type", "turned_away"},
                {"identity", turned.identity},
                {"name", turned.name},
                {"by", turned.by}};
    }
    object operator()(const event::Spotlighted& spotlighted) const {
        return {{"type", "spotlight"},
                {"identity", json_of(spotlighted.identity)},
                {"by", spotlighted.by}};
    }
    object operator()(const event::Ended& ended) const {
        return {{"type", "ended"}, {"reason", word(ended.reason)}, {"by", ended.by}};
    }
};

using EventReader = std::optional<What> (*)(ObjectReader&);

std::optional<What> read_opened(ObjectReader& json) {
    event::Opened opened{json.text("lesson_id"), json.text("name"), {}};
    const auto* settings = json.object("settings");
    const auto read = settings ? settings_from(*settings) : std::nullopt;
    if (!read) return std::nullopt;
    opened.settings = *read;
    return opened;
}

std::optional<What> read_joined(ObjectReader& json) {
    const auto* participant = json.object("participant");
    auto read = participant ? participant_from(*participant) : std::nullopt;
    if (!read) return std::nullopt;
    return event::Joined{std::move(*read)};
}

std::optional<What> read_settings_changed(ObjectReader& json) {
    const auto* settings = json.object("settings");
    const auto read = settings ? settings_from(*settings) : std::nullopt;
    if (!read) return std::nullopt;
    return event::SettingsChanged{*read, json.text("by")};
}

// Braces keep the order of evaluation, and each line the order of its struct's members.
const std::array<std::pair<std::string_view, EventReader>, 19> event_readers{{
    {"opened", read_opened},
    {"joined", read_joined},
    {"settings", read_settings_changed},
    {"reopened", [](ObjectReader&) -> std::optional<What> { return event::Reopened{}; }},
    {"disconnected",
     [](ObjectReader& json) -> std::optional<What> {
         return event::Disconnected{json.text("identity")};
     }},
    {"left",
     [](ObjectReader& json) -> std::optional<What> {
         return event::Left{json.text("identity"), json.one_of<LeaveReason>("reason")};
     }},
    {"chat",
     [](ObjectReader& json) -> std::optional<What> {
         return event::Chatted{json.text("identity"), json.text("name"), json.one_of<Role>("role"),
                               json.text("text"), json.text("nonce")};
     }},
    {"hand_raised",
     [](ObjectReader& json) -> std::optional<What> {
         return event::HandRaised{json.text("identity")};
     }},
    {"hand_lowered",
     [](ObjectReader& json) -> std::optional<What> {
         return event::HandLowered{json.text("identity"), json.text("by")};
     }},
    {"role",
     [](ObjectReader& json) -> std::optional<What> {
         return event::RoleGiven{json.text("identity"), json.one_of<Role>("role"), json.text("by")};
     }},
    {"muted",
     [](ObjectReader& json) -> std::optional<What> {
         return event::Muted{json.optional_text("identity"), json.one_of<Source>("source"),
                             json.text("by")};
     }},
    {"removed",
     [](ObjectReader& json) -> std::optional<What> {
         return event::Removed{json.text("identity"), json.text("name"), json.text("by")};
     }},
    {"allowed_back",
     [](ObjectReader& json) -> std::optional<What> {
         return event::AllowedBack{json.text("identity"), json.text("by")};
     }},
    {"knocked",
     [](ObjectReader& json) -> std::optional<What> {
         return event::Knocked{json.text("identity"), json.text("name")};
     }},
    {"gave_up",
     [](ObjectReader& json) -> std::optional<What> {
         return event::GaveUp{json.text("identity")};
     }},
    {"admitted",
     [](ObjectReader& json) -> std::optional<What> {
         return event::Admitted{json.text("identity"), json.text("name"), json.text("by")};
     }},
    {"turned_away",
     [](ObjectReader& json) -> std::optional<What> {
         return event::TurnedAway{json.text("identity"), json.text("name"), json.text("by")};
     }},
    {"spotlight",
     [](ObjectReader& json) -> std::optional<What> {
         return event::Spotlighted{json.optional_text("identity"), json.text("by")};
     }},
    {"ended",
     [](ObjectReader& json) -> std::optional<What> {
         return event::Ended{json.one_of<EndReason>("reason"), json.text("by")};
     }},
}};

std::optional<What> read_what(const object& json) {
    ObjectReader reader(json);
    const std::string type = reader.text("type");
    for (const auto& [name, read] : event_readers) {
        if (name != type) continue;
        auto what = read(reader);
        return reader.good() ? std::move(what) : std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

object json_of(const Event& event) {
    return {{"type", "event"},
            {"seq", event.seq},
            {"at", json_of(event.at)},
            {"event", std::visit(EventWriter{}, event.what)}};
}

object json_for_pupils(const Event& event) {
    if (!is_about_door(event)) return json_of(event);
    return {{"type", "event"},
            {"seq", event.seq},
            {"at", json_of(event.at)},
            {"event", {{"type", "at_door"}}}};
}

std::string to_json(const Event& event) { return boost::json::serialize(json_of(event)); }

std::string to_json_for_pupils(const Event& event) {
    return boost::json::serialize(json_for_pupils(event));
}

std::optional<Event> parse_event(std::string_view json) {
    const auto parsed = parse_object(json);
    return parsed ? event_from(parsed->get_object()) : std::nullopt;
}

std::optional<Event> event_from(const object& json) {
    ObjectReader reader(json);
    const std::string type = reader.text("type");
    const auto seq = reader.number("seq");
    const auto at = reader.time("at");
    const auto* inner = reader.object("event");
    if (!reader.good() || type != "event") return std::nullopt;
    auto what = read_what(*inner);
    if (!what) return std::nullopt;
    return Event{seq, at, std::move(*what)};
}

}  // namespace aula::lesson
