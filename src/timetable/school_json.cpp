// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <boost/json.hpp>

#include "timetable/school.hpp"

namespace aula::timetable {

namespace {

using boost::json::array;
using boost::json::object;

/// A member that is missing or of the wrong type; caught in school_from_json.
struct BadMember {
    std::string text;
};

const char* weeks_name(Weeks weeks) {
    if (weeks == Weeks::a) return "a";
    return weeks == Weeks::b ? "b" : "every";
}

object row_json(const Row& row) {
    object json{{"day", row.day.iso_encoding()}, {"course", row.course}, {"size", row.size}};
    if (!row.slot.empty()) {
        json["slot"] = row.slot;
    } else {
        json["from"] = format_time(row.from);
        json["to"] = format_time(row.to);
    }
    if (row.weeks != Weeks::every) json["weeks"] = weeks_name(row.weeks);
    if (row.valid_from) json["valid_from"] = format_date(*row.valid_from);
    if (row.valid_until) json["valid_until"] = format_date(*row.valid_until);
    if (!row.meeting.empty()) json["meeting"] = row.meeting;
    if (!row.not_on.empty()) {
        array dates;
        for (const Date date : row.not_on) dates.emplace_back(format_date(date));
        json["not_on"] = std::move(dates);
    }
    return json;
}

/// Reads the members of one object; `what` names it in errors.
class Members {
public:
    Members(const boost::json::value& value, std::string what) : what_(std::move(what)) {
        if (!value.is_object()) throw BadMember{what_ + " is not an object"};
        members_ = &value.get_object();
    }

    const boost::json::value* find(const char* name) const {
        const auto* value = members_->if_contains(name);
        return value == nullptr || value->is_null() ? nullptr : value;
    }
    std::string text(const char* name, std::string otherwise = {}) const {
        const auto* value = find(name);
        if (value == nullptr) return otherwise;
        if (!value->is_string()) bad(name);
        return std::string(value->get_string());
    }
    std::uint32_t number(const char* name) const {
        const auto* value = find(name);
        boost::json::error_code error;
        const auto number = value == nullptr ? 0 : value->to_number<std::uint32_t>(error);
        if (value == nullptr || error) bad(name);
        return number;
    }
    TimeOfDay time(const char* name) const {
        const auto time = parse_time(text(name));
        if (!time) bad(name);
        return *time;
    }
    std::optional<Date> date(const char* name) const {
        if (find(name) == nullptr) return std::nullopt;
        const auto date = parse_date(text(name));
        if (!date) bad(name);
        return date;
    }
    /// Each element, with its number.
    template <class Take>
    void each(const char* name, std::size_t most, Take take) const {
        const auto* value = find(name);
        if (value == nullptr) return;
        if (!value->is_array() || value->get_array().size() > most) bad(name);
        std::size_t number = 0;
        for (const auto& element : value->get_array())
            take(element, std::string(name) + " " + std::to_string(++number));
    }
    [[noreturn]] void bad(const char* name) const {
        throw BadMember{what_ + ": \"" + name + "\" is missing or not as it should be"};
    }

private:
    std::string what_;
    const object* members_ = nullptr;
};

Weeks weeks_of(const Members& members) {
    const std::string text = members.text("weeks", "every");
    if (text == "a") return Weeks::a;
    if (text == "b") return Weeks::b;
    if (text != "every") members.bad("weeks");
    return Weeks::every;
}

Row row_of(const boost::json::value& value, const std::string& what) {
    const Members members(value, what);
    Row row;
    const std::uint32_t day = members.number("day");
    if (day < 1 || day > 7) members.bad("day");
    row.day = std::chrono::weekday(day);
    row.slot = members.text("slot");
    if (row.slot.empty()) {
        row.from = members.time("from");
        row.to = members.time("to");
    }
    row.course = members.text("course");
    row.size = members.number("size");
    row.weeks = weeks_of(members);
    row.valid_from = members.date("valid_from");
    row.valid_until = members.date("valid_until");
    row.meeting = members.text("meeting");
    members.each(
        "not_on", most_row_exceptions, [&](const boost::json::value& element, const std::string&) {
            const auto date = element.is_string() ? parse_date(element.get_string()) : std::nullopt;
            if (!date) members.bad("not_on");
            row.not_on.push_back(*date);
        });
    std::sort(row.not_on.begin(), row.not_on.end());
    return row;
}

School school_of(const boost::json::value& value) {
    const Members members(value, "the school");
    School school;
    school.id = members.text("id");
    school.name = members.text("name");
    school.zone = members.text("zone", "Europe/Berlin");
    school.week_a = members.date("week_a");
    members.each(
        "slots", most_slots, [&](const boost::json::value& element, const std::string& what) {
            const Members slot(element, what);
            school.slots.push_back({slot.text("name"), slot.time("from"), slot.time("to")});
        });
    members.each("days_off", most_days_off,
                 [&](const boost::json::value& element, const std::string& what) {
                     const Members off(element, what);
                     const auto first = off.date("first");
                     if (!first) off.bad("first");
                     school.days_off.push_back(
                         {*first, off.date("last").value_or(*first), off.text("name")});
                 });
    members.each("rows", most_rows,
                 [&](const boost::json::value& element, const std::string& what) {
                     school.rows.push_back(row_of(element, what));
                 });
    return school;
}

}  // namespace

std::string to_json(const School& school) {
    array slots, days_off, rows;
    for (const Slot& slot : school.slots) {
        slots.push_back(object{
            {"name", slot.name}, {"from", format_time(slot.from)}, {"to", format_time(slot.to)}});
    }
    for (const DaysOff& off : school.days_off) {
        days_off.push_back(object{{"first", format_date(off.first)},
                                  {"last", format_date(off.last)},
                                  {"name", off.name}});
    }
    for (const Row& row : school.rows) rows.push_back(row_json(row));
    object json{{"id", school.id}, {"name", school.name}, {"zone", school.zone}};
    if (school.week_a) json["week_a"] = format_date(*school.week_a);
    json["slots"] = std::move(slots);
    json["days_off"] = std::move(days_off);
    json["rows"] = std::move(rows);
    return boost::json::serialize(json);
}

Expected<School, Error> school_from_json(std::string_view json) {
    boost::json::parse_options options;
    options.max_depth = 8;
    boost::json::error_code error;
    const auto value = boost::json::parse(json, error, {}, options);
    if (error) return fail(Error{ErrorCode::invalid, "this is no JSON"});
    try {
        School school = school_of(value);
        if (auto checked = check(school); !checked) return fail(std::move(checked).error());
        return school;
    } catch (const BadMember& bad) {
        return fail(Error{ErrorCode::invalid, bad.text});
    }
}

}  // namespace aula::timetable
