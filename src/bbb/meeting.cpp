// SPDX-License-Identifier: Apache-2.0
#include "bbb/meeting.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#include <boost/json.hpp>

namespace aula::bbb {
namespace {

namespace json = boost::json;

constexpr std::uint64_t most_minutes = 1'000'000;

json::array json_of_fields(const Fields& fields) {
    json::array out;
    for (const auto& [name, value] : fields) out.push_back(json::array{name, value});
    return out;
}

Fields fields_of_json(const json::value& value) {
    Fields out;
    for (const auto& field : value.as_array()) {
        const auto& pair = field.as_array();
        out.emplace_back(pair.at(0).as_string().c_str(), pair.at(1).as_string().c_str());
    }
    return out;
}

}  // namespace

std::string Meeting::metadata_value(std::string_view key) const {
    const auto at = std::find_if(metadata.begin(), metadata.end(),
                                 [&](const auto& field) { return field.first == key; });
    return at == metadata.end() ? std::string{} : at->second;
}

std::string to_json(const Meeting& meeting) {
    return json::serialize(json::object{
        {"bbb",
         {{"meeting_id", meeting.meeting_id},
          {"internal_id", meeting.internal_id},
          {"parent_id", meeting.parent_id},
          {"name", meeting.name},
          {"attendee_password", meeting.attendee_password},
          {"moderator_password", meeting.moderator_password},
          {"voice_bridge", meeting.voice_bridge},
          {"dial_number", meeting.dial_number},
          {"created_ms", meeting.created_ms},
          {"metadata", json_of_fields(meeting.metadata)},
          {"parameters", json_of_fields({meeting.parameters.begin(), meeting.parameters.end()})},
          {"document", meeting.document}}}});
}

std::optional<Meeting> meeting_from_json(std::string_view text) try {
    const auto whole = json::parse({text.data(), text.size()});
    const auto& stored = whole.as_object().at("bbb").as_object();
    const auto string = [&](const char* name) { return std::string(stored.at(name).as_string()); };
    Meeting meeting;
    meeting.meeting_id = string("meeting_id");
    meeting.internal_id = string("internal_id");
    meeting.parent_id = string("parent_id");
    meeting.name = string("name");
    meeting.attendee_password = string("attendee_password");
    meeting.moderator_password = string("moderator_password");
    meeting.voice_bridge = string("voice_bridge");
    meeting.dial_number = string("dial_number");
    meeting.created_ms = stored.at("created_ms").as_int64();
    meeting.metadata = fields_of_json(stored.at("metadata"));
    meeting.parameters = Parameters::of(fields_of_json(stored.at("parameters")));
    meeting.document = string("document");
    return meeting;
} catch (const std::exception&) {
    return std::nullopt;
}

std::optional<WallTime> end_of(const Meeting& meeting) {
    const auto duration = std::min(meeting.duration_minutes(), most_minutes);
    if (duration == 0) return std::nullopt;
    return WallTime(std::chrono::milliseconds(meeting.created_ms)) + std::chrono::minutes(duration);
}

bool was_left_alone(const Meeting& meeting, bool has_user_joined, long long now_ms) {
    constexpr std::uint64_t minute_ms = 60'000;
    const auto age = static_cast<std::uint64_t>(std::max(0LL, now_ms - meeting.created_ms));
    const auto wait = std::min(meeting.parameters.number("meetingExpireIfNoUserJoinedInMinutes", 5),
                               most_minutes);
    return !has_user_joined && wait > 0 && age >= wait * minute_ms;
}

bool is_web_url(std::string_view text) {
    return text.starts_with("https://") || text.starts_with("http://");
}

std::string create_date(long long created_ms) {
    const std::time_t seconds = created_ms / 1000;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 64> text{};
    const auto size = std::strftime(text.data(), text.size(), "%a %b %d %H:%M:%S UTC %Y", &parts);
    return {text.data(), size};
}

}  // namespace aula::bbb
