// SPDX-License-Identifier: Apache-2.0
#include "hub/bookings.hpp"

#include <algorithm>
#include <charconv>

#include <boost/json.hpp>

#include "bbb/meeting.hpp"
#include "timetable/school.hpp"

namespace aula::hub {

namespace {

using std::chrono::seconds;

constexpr auto longest_booking = std::chrono::hours(24);
constexpr std::int64_t year_2200 = 7'258'118'400;

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<WallTime> from_unix(std::int64_t number) {
    // Milliseconds, when seconds would be far away.
    if (number > year_2200) number /= 1000;
    if (number <= 0 || number > year_2200) return std::nullopt;
    return WallTime(seconds(number));
}

/// "Z", "+01:00": seconds east of UTC.
std::optional<seconds> offset_of(std::string_view text) {
    if (text == "Z" || text == "z") return seconds(0);
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
    const auto time = timetable::parse_time(text.substr(1));
    if (!time) return std::nullopt;
    return text[0] == '-' ? seconds(-*time) : seconds(*time);
}

fleet::Seats seats_of(std::optional<std::uint64_t> number) {
    return static_cast<fleet::Seats>(
        std::min<std::uint64_t>(number.value_or(0), timetable::most_seats));
}

Booking booking_of(const bbb::Meeting& meeting) {
    Booking booking;
    booking.start = parse_moment(meeting.metadata_value("aula-start"));
    booking.end = parse_moment(meeting.metadata_value("aula-end"));
    booking.seats = seats_of(whole_number<std::uint64_t>(meeting.metadata_value("aula-size")));
    if (booking.seats == 0) booking.seats = seats_of(meeting.max_participants());
    booking.school = meeting.metadata_value("aula-school");
    booking.course = meeting.metadata_value("aula-course");
    return booking;
}

Booking booking_of_settings(std::string_view settings) {
    Booking booking;
    boost::json::error_code error;
    const auto value = boost::json::parse({settings.data(), settings.size()}, error);
    if (error || !value.is_object()) return booking;
    const auto& json = value.get_object();
    const auto text = [&](const char* name) {
        const auto* member = json.if_contains(name);
        return member != nullptr && member->is_string() ? std::string(member->get_string())
                                                        : std::string();
    };
    const auto time = [&](const char* name) -> std::optional<WallTime> {
        const auto* member = json.if_contains(name);
        if (member != nullptr && member->is_int64()) return from_unix(member->get_int64());
        return parse_moment(text(name));
    };
    booking.start = time("start");
    booking.end = time("end");
    if (const auto* seats = json.if_contains("seats"); seats != nullptr && seats->is_int64())
        booking.seats =
            seats_of(static_cast<std::uint64_t>(std::max<std::int64_t>(0, seats->get_int64())));
    booking.school = text("school");
    booking.course = text("course");
    return booking;
}

}  // namespace

std::optional<WallTime> parse_moment(std::string_view text) {
    if (const auto number = whole_number<std::int64_t>(text)) return from_unix(*number);
    // RFC 3339: 2026-11-23T07:45[:00[.000]]+01:00
    if (text.size() < 17 || (text[10] != 'T' && text[10] != 't' && text[10] != ' '))
        return std::nullopt;
    const auto date = timetable::parse_date(text.substr(0, 10));
    const auto time = timetable::parse_time(text.substr(11, 5));
    if (!date || !time) return std::nullopt;
    std::string_view rest = text.substr(16);
    seconds more(0);
    if (rest.starts_with(':') && rest.size() >= 3) {
        const auto parsed = whole_number<unsigned>(rest.substr(1, 2));
        if (!parsed || *parsed > 60) return std::nullopt;
        more = seconds(*parsed);
        rest.remove_prefix(3);
        if (rest.starts_with('.'))
            rest.remove_prefix(std::min(rest.find_first_not_of("0123456789", 1), rest.size()));
    }
    const auto offset = offset_of(rest);
    if (!offset) return std::nullopt;
    return timetable::Zone::utc().utc(*date, *time + more) - *offset;
}

Booking booking_of(const NewLesson& lesson) {
    const auto meeting =
        lesson.external_id.empty() ? std::nullopt : bbb::meeting_from_json(lesson.settings);
    Booking booking = meeting ? booking_of(*meeting) : booking_of_settings(lesson.settings);
    if (booking.seats == 0) booking.seats = seats_of(lesson.max_participants);
    if (booking.course.empty()) booking.course = lesson.title;
    if (!timetable::is_school_id(booking.school)) booking.school.clear();
    const bool is_sane = booking.is_planned() && *booking.start < *booking.end &&
                         *booking.end - *booking.start <= longest_booking;
    if (!is_sane) booking.start = booking.end = std::nullopt;
    return booking;
}

Expected<std::string, Error> booking_settings(std::string_view body) {
    boost::json::parse_options options;
    options.max_depth = 8;
    boost::json::error_code error;
    const auto value = boost::json::parse(body, error, {}, options);
    const auto wrong = [](const char* text) { return fail(Error{ErrorCode::invalid, text}); };
    if (error || !value.is_object()) return wrong("the body is not a JSON object");
    boost::json::object settings;
    for (const char* name : {"start", "end", "seats", "school", "course"}) {
        const auto* member = value.get_object().if_contains(name);
        if (member != nullptr && !member->is_null()) settings[name] = *member;
    }
    NewLesson lesson;
    lesson.settings = boost::json::serialize(settings);
    const Booking booking = booking_of(lesson);
    const auto has = [&](const char* name) { return settings.contains(name); };
    if ((has("start") || has("end")) && !booking.is_planned())
        return wrong("start and end are two times with an offset from UTC, at most a day apart");
    if (has("seats") && booking.seats == 0) return wrong("seats is a number from 1");
    if (has("school") && booking.school.empty()) return wrong("school is no school's id");
    if (has("course") &&
        (booking.course.empty() || booking.course.size() > timetable::most_name_bytes))
        return wrong("course is a text of at most 200 bytes");
    return std::move(lesson.settings);
}

}  // namespace aula::hub
