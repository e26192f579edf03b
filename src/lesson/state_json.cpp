// SPDX-License-Identifier: Apache-2.0
#include "lesson/state_json.hpp"

#include "lesson/json.hpp"
#include "lesson/object_reader.hpp"

namespace aula::lesson {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

object json_of(const ChatMessage& message) {
    return {{"seq", message.seq},           {"at", lesson::json_of(message.at)},
            {"identity", message.identity}, {"name", message.name},
            {"role", word(message.role)},   {"text", message.text},
            {"nonce", message.nonce}};
}

std::optional<ChatMessage> chat_message_from(const object& json) {
    ObjectReader reader(json);
    ChatMessage message;
    message.seq = reader.number("seq");
    message.at = reader.time("at");
    message.identity = reader.text("identity");
    message.name = reader.text("name");
    message.role = reader.one_of<Role>("role");
    message.text = reader.text("text");
    message.nonce = reader.text("nonce");
    return reader.good() ? std::optional(std::move(message)) : std::nullopt;
}

object json_of(const Ending& ending) {
    return {{"at", lesson::json_of(ending.at)}, {"reason", word(ending.reason)}, {"by", ending.by}};
}

std::optional<Ending> ending_from(const object& json) {
    ObjectReader reader(json);
    Ending ending{reader.time("at"), reader.one_of<EndReason>("reason"), reader.text("by")};
    return reader.good() ? std::optional(std::move(ending)) : std::nullopt;
}

array json_of_texts(const std::vector<std::string>& texts) {
    array json;
    for (const std::string& text : texts) json.emplace_back(text);
    return json;
}

template <class Item>
bool append_if(std::vector<Item>& items, std::optional<Item> item) {
    if (item) items.push_back(std::move(*item));
    return item.has_value();
}

}  // namespace

value json_of(WallTime time) { return unix_ms(time); }

value json_of(const std::optional<WallTime>& time) { return time ? json_of(*time) : value(); }

value json_of(const std::optional<std::string>& text) {
    return text ? value(boost::json::string(*text)) : value();
}

object json_of(const Settings& settings) {
    return {{"camera", settings.camera},
            {"microphone", settings.microphone},
            {"screen_share", settings.screen_share},
            {"chat", settings.chat},
            {"private_chat", settings.private_chat},
            {"guests", word(settings.guests)}};
}

std::optional<Settings> settings_from(const object& json) {
    ObjectReader reader(json);
    Settings settings;
    settings.camera = reader.flag("camera");
    settings.microphone = reader.flag("microphone");
    settings.screen_share = reader.flag("screen_share");
    settings.chat = reader.flag("chat");
    settings.private_chat = reader.flag("private_chat");
    settings.guests = reader.one_of<GuestPolicy>("guests");
    return reader.good() ? std::optional(settings) : std::nullopt;
}

object json_of(const Participant& participant) {
    return {{"number", participant.number},
            {"identity", participant.identity},
            {"name", participant.name},
            {"role", word(participant.role)},
            {"connected", participant.connected},
            {"joined_at", json_of(participant.joined_at)},
            {"hand_raised_at", json_of(participant.hand_raised_at)}};
}

std::optional<Participant> participant_from(const object& json) {
    ObjectReader reader(json);
    Participant participant;
    participant.number = static_cast<std::uint32_t>(reader.number("number"));
    participant.identity = reader.text("identity");
    participant.name = reader.text("name");
    participant.role = reader.one_of<Role>("role");
    participant.connected = reader.flag("connected");
    participant.joined_at = reader.time("joined_at");
    participant.hand_raised_at = reader.optional_time("hand_raised_at");
    return reader.good() ? std::optional(std::move(participant)) : std::nullopt;
}

object json_of(const Snapshot& snapshot) {
    object json{{"lesson_id", snapshot.lesson_id},
                {"name", snapshot.name},
                {"started_at", json_of(snapshot.started_at)},
                {"settings", json_of(snapshot.settings)},
                {"spotlight", nullptr},
                {"ended", nullptr},
                {"next_number", snapshot.next_number}};
    if (!snapshot.spotlight.empty()) json["spotlight"] = snapshot.spotlight;
    if (snapshot.ended) json["ended"] = json_of(*snapshot.ended);
    array& participants = json["participants"].emplace_array();
    for (const auto& participant : snapshot.participants)
        participants.push_back(json_of(participant));
    array& chat = json["chat"].emplace_array();
    for (const auto& message : snapshot.chat) chat.push_back(json_of(message));
    array& removed = json["removed"].emplace_array();
    for (const auto& [identity, name] : snapshot.removed) {
        removed.push_back(object{{"identity", identity}, {"name", name}});
    }
    array& roles = json["roles"].emplace_array();
    for (const auto& [identity, role] : snapshot.roles) {
        roles.push_back(object{{"identity", identity}, {"role", word(role)}});
    }
    array& waiting = json["waiting"].emplace_array();
    for (const auto& [identity, name, since] : snapshot.waiting) {
        waiting.push_back(
            object{{"identity", identity}, {"name", name}, {"since", json_of(since)}});
    }
    json["admitted"] = json_of_texts(snapshot.admitted);
    json["turned_away"] = json_of_texts(snapshot.turned_away);
    return json;
}

std::optional<value> parse_object(std::string_view json) {
    boost::system::error_code broken;
    value parsed = boost::json::parse(json, broken);
    if (broken || !parsed.is_object()) return std::nullopt;
    return parsed;
}

std::string to_json(const Snapshot& snapshot) { return boost::json::serialize(json_of(snapshot)); }

std::optional<Snapshot> parse_snapshot(std::string_view json) {
    const auto parsed = parse_object(json);
    return parsed ? snapshot_from(parsed->get_object()) : std::nullopt;
}

std::optional<Snapshot> snapshot_from(const object& json) {
    ObjectReader reader(json);
    Snapshot snapshot;
    snapshot.lesson_id = reader.text("lesson_id");
    snapshot.name = reader.text("name");
    snapshot.started_at = reader.time("started_at");
    snapshot.spotlight = reader.optional_text("spotlight").value_or("");
    snapshot.next_number = static_cast<std::uint32_t>(reader.number("next_number"));
    bool good = true;
    if (const auto* settings = reader.object("settings")) {
        const auto read = settings_from(*settings);
        good = read.has_value();
        snapshot.settings = read.value_or(Settings{});
    }
    if (const auto* ended = reader.optional_object("ended")) {
        snapshot.ended = ending_from(*ended);
        good = good && snapshot.ended;
    }
    reader.objects("participants", [&](const object& item) {
        return append_if(snapshot.participants, participant_from(item));
    });
    reader.objects("chat", [&](const object& item) {
        return append_if(snapshot.chat, chat_message_from(item));
    });
    reader.objects("removed", [&](const object& item) {
        ObjectReader entry(item);
        snapshot.removed.push_back({entry.text("identity"), entry.text("name")});
        return entry.good();
    });
    reader.objects("roles", [&](const object& item) {
        ObjectReader entry(item);
        snapshot.roles.push_back({entry.text("identity"), entry.one_of<Role>("role")});
        return entry.good();
    });
    // Snapshots of before there was a lobby have none of these.
    if (reader.has("waiting")) {
        reader.objects("waiting", [&](const object& item) {
            ObjectReader entry(item);
            snapshot.waiting.push_back(
                {entry.text("identity"), entry.text("name"), entry.time("since")});
            return entry.good();
        });
    }
    snapshot.admitted = reader.optional_texts("admitted");
    snapshot.turned_away = reader.optional_texts("turned_away");
    return good && reader.good() ? std::optional(std::move(snapshot)) : std::nullopt;
}

}  // namespace aula::lesson
