// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include "lesson/json.hpp"
#include "lesson/object_reader.hpp"
#include "lesson/state_json.hpp"

namespace aula::lesson {

namespace {

using boost::json::object;
using Asked = decltype(Command::what);
using CommandReader = Asked (*)(ObjectReader&, const std::string& by);

Asked read_settings(ObjectReader& json, const std::string&) {
    command::ChangeSettings settings;
    const auto* wanted = json.object("settings");
    if (!wanted) return settings;
    ObjectReader reader(*wanted);
    settings.change.camera = reader.optional_flag("camera");
    settings.change.microphone = reader.optional_flag("microphone");
    settings.change.screen_share = reader.optional_flag("screen_share");
    settings.change.chat = reader.optional_flag("chat");
    settings.change.private_chat = reader.optional_flag("private_chat");
    settings.change.guests = reader.optional_one_of<GuestPolicy>("guests");
    if (!reader.good()) json.refuse();
    return settings;
}

// What participants may send; commands of the platform are not among them.
const std::array<std::pair<std::string_view, CommandReader>, 13> command_readers{{
    {"chat",
     [](ObjectReader& json, const std::string&) -> Asked {
         return command::Chat{json.text("text"), json.optional_text("nonce").value_or("")};
     }},
    {"raise_hand", [](ObjectReader&, const std::string&) -> Asked { return command::RaiseHand{}; }},
    {"lower_hand",
     [](ObjectReader& json, const std::string&) -> Asked {
         return command::LowerHand{json.optional_text("identity")};
     }},
    {"set_role",
     [](ObjectReader& json, const std::string&) -> Asked {
         return command::SetRole{json.text("identity"), json.one_of<Role>("role")};
     }},
    {"mute",
     [](ObjectReader& json, const std::string&) -> Asked {
         return command::Mute{json.optional_text("identity"),
                              json.optional_one_of<Source>("source").value_or(Source::microphone)};
     }},
    {"settings", read_settings},
    {"remove",
     [](ObjectReader& json, const std::string&) -> Asked {
         return command::Remove{json.text("identity")};
     }},
    {"allow_back",
     [](ObjectReader& json, const std::string&) -> Asked {
         return command::AllowBack{json.text("identity")};
     }},
    {"admit",
     [](ObjectReader& json, const std::string&) -> Asked {
         return command::Admit{json.optional_text("identity")};
     }},
    {"turn_away",
     [](ObjectReader& json, const std::string&) -> Asked {
         return command::TurnAway{json.text("identity")};
     }},
    {"spotlight",
     [](ObjectReader& json, const std::string&) -> Asked {
         return command::Spotlight{json.optional_text("identity")};
     }},
    {"leave",
     [](ObjectReader&, const std::string& by) -> Asked {
         return command::Leave{by, LeaveReason::left};
     }},
    {"end", [](ObjectReader&, const std::string&) -> Asked { return command::End{}; }},
}};

Snapshot snapshot_for(const Lesson& lesson, Role role) {
    Snapshot snapshot = lesson.snapshot();
    if (role == Role::teacher) return snapshot;
    snapshot.waiting.clear();
    snapshot.admitted.clear();
    snapshot.turned_away.clear();
    return snapshot;
}

/// Somebody who became a teacher among these events does not know who knocked before them.
bool makes_teacher(const std::vector<Event>& events, const std::string& identity) {
    return std::ranges::any_of(events, [&](const Event& event) {
        const auto* given = std::get_if<event::RoleGiven>(&event.what);
        return given != nullptr && given->identity == identity && given->role == Role::teacher;
    });
}

}  // namespace

Expected<ClientMessage, BadMessage> parse_message(std::string_view json, std::string by) {
    if (json.size() > max_message_size) return fail(BadMessage{});
    const auto parsed = parse_object(json);
    if (!parsed) return fail(BadMessage{});
    ObjectReader reader(parsed->get_object());
    ClientMessage message;
    message.id = reader.number("id");
    const std::string name = reader.text("command");
    if (!reader.good()) return fail(BadMessage{message.id, Refusal::bad_message});
    if (name == "ping") return message;

    for (const auto& [known, read] : command_readers) {
        if (known != name) continue;
        message.command = Command{by, read(reader, by)};
        if (!reader.good()) return fail(BadMessage{message.id, Refusal::bad_message});
        return message;
    }
    return fail(BadMessage{message.id, Refusal::unknown_command});
}

std::string welcome(const Lesson& lesson, const Participant& you, std::optional<CatchUp> from,
                    WallTime now) {
    object json{{"type", "welcome"},
                {"seq", lesson.seq()},
                {"at", json_of(now)},
                {"lesson_id", lesson.id()},
                {"you",
                 {{"identity", you.identity},
                  {"name", you.name},
                  {"role", word(you.role)},
                  {"number", you.number}}},
                {"lesson", nullptr},
                {"events", nullptr}};
    const auto events = from ? lesson.since(from->lesson_id, from->since) : std::nullopt;
    if (events && !makes_teacher(*events, you.identity)) {
        auto& list = json["events"].emplace_array();
        for (const Event& event : *events)
            list.push_back(you.role == Role::teacher ? json_of(event) : json_for_pupils(event));
    } else {
        json["lesson"] = json_of(snapshot_for(lesson, you.role));
    }
    return boost::json::serialize(json);
}

std::string about(const Setup& setup, Role role, const std::optional<ForeseenEnd>& end) {
    object json{{"type", "about"},         {"welcome", nullptr},
                {"for_teachers", nullptr}, {"begins_muted", setup.begins_muted},
                {"ends_at", nullptr},      {"ends_why", nullptr}};
    if (!setup.welcome.empty()) json["welcome"] = setup.welcome;
    if (role == Role::teacher && !setup.for_teachers.empty())
        json["for_teachers"] = setup.for_teachers;
    if (end) {
        json["ends_at"] = json_of(end->at);
        json["ends_why"] = word(end->why);
    }
    return boost::json::serialize(json);
}

std::string waiting(const Lesson& lesson, std::string_view identity) {
    return boost::json::serialize(object{{"type", "waiting"},
                                         {"lesson", lesson.name()},
                                         {"place", lesson.place_in_queue(identity)}});
}

std::string ok(std::uint64_t id, std::uint64_t seq) {
    return boost::json::serialize(object{{"type", "ok"}, {"id", id}, {"seq", seq}});
}

std::string refused(std::uint64_t id, Refusal refusal) {
    return boost::json::serialize(
        object{{"type", "refused"}, {"id", id}, {"code", code(refusal)}, {"text", text(refusal)}});
}

std::string pong(std::uint64_t id, WallTime now) {
    return boost::json::serialize(object{{"type", "pong"}, {"id", id}, {"at", json_of(now)}});
}

std::string_view name_of(Role role) { return word(role); }

std::optional<Role> role_of(std::string_view name) { return value_of<Role>(name); }

std::string_view name_of(EndReason reason) { return word(reason); }

std::optional<EndReason> end_reason_of(std::string_view name) { return value_of<EndReason>(name); }

}  // namespace aula::lesson
