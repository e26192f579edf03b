// SPDX-License-Identifier: Apache-2.0
#include "hub/timetables_api.hpp"

#include <algorithm>
#include <map>

#include <boost/json.hpp>

#include "timetable/import.hpp"

namespace aula::hub {

namespace {

using boost::json::array;
using boost::json::object;
using std::chrono::days;

constexpr days most_days_shown{400};
// A calendar is read for the school year that is on, and the next one's beginning.
constexpr days import_before{31};
constexpr days import_after{400};

Error no_school() { return {ErrorCode::not_found, "there is no such school"}; }

object object_of(const Timetables::Entry& entry) {
    auto json = boost::json::parse(timetable::to_json(entry.school)).as_object();
    json["version"] = entry.version;
    return json;
}

Timetables::Saved answer_school(JsonAnswer answer) {
    return [answer = std::move(answer)](Expected<const Timetables::Entry*, Error> saved) {
        if (!saved) return answer(fail(std::move(saved).error()));
        answer(boost::json::serialize(object_of(**saved)));
    };
}

template <class Item>
void add_new(std::vector<Item>& list, std::vector<Item> more) {
    for (Item& item : more) {
        if (std::find(list.begin(), list.end(), item) == list.end())
            list.push_back(std::move(item));
    }
}

object report_of(const timetable::Imported& imported) {
    array notes;
    for (const auto& note : imported.notes)
        notes.push_back(object{{"line", note.line}, {"text", note.text}});
    return {{"rows", imported.rows.size()},
            {"days_off", imported.days_off.size()},
            {"notes", std::move(notes)}};
}

}  // namespace

std::string schools_json(const Timetables& timetables) {
    array schools;
    for (const auto& [id, entry] : timetables.all()) {
        std::uint64_t largest = 0;
        for (const auto& row : entry.school.rows)
            largest = std::max<std::uint64_t>(largest, row.size);
        schools.push_back(object{{"id", id},
                                 {"name", entry.school.name},
                                 {"zone", entry.school.zone},
                                 {"rows", entry.school.rows.size()},
                                 {"largest", largest},
                                 {"version", entry.version}});
    }
    return boost::json::serialize(object{{"schools", std::move(schools)}});
}

Expected<std::string, Error> school_json(const Timetables& timetables, std::string_view id) {
    const auto* entry = timetables.find(id);
    if (entry == nullptr) return fail(no_school());
    return boost::json::serialize(object_of(*entry));
}

void put_school(Timetables& timetables, const std::string& id, std::string_view body,
                JsonAnswer answer) {
    boost::json::parse_options options;
    options.max_depth = 8;
    boost::json::error_code error;
    auto value = boost::json::parse(body, error, {}, options);
    if (error || !value.is_object())
        return answer(fail(Error{ErrorCode::invalid, "the body is not a JSON object"}));
    auto& json = value.as_object();
    std::optional<std::uint64_t> version;
    if (const auto* said = json.if_contains("version"); said != nullptr && !said->is_null()) {
        version = said->to_number<std::uint64_t>(error);
        if (error) return answer(fail(Error{ErrorCode::invalid, "version is not a number"}));
    }
    json["id"] = id;
    auto school = timetable::school_from_json(boost::json::serialize(json));
    if (!school) return answer(fail(std::move(school).error()));
    timetables.put(std::move(*school), version, answer_school(std::move(answer)));
}

void remove_school(Timetables& timetables, const std::string& id, JsonAnswer answer) {
    timetables.remove(id, [answer = std::move(answer)](Expected<void, Error> removed) {
        if (!removed) return answer(fail(std::move(removed).error()));
        answer(std::string("{}"));
    });
}

void import_timetable(Timetables& timetables, const std::string& id, ImportFormat format,
                      ImportMode mode, std::string_view file, WallTime now, JsonAnswer answer) {
    const auto* entry = timetables.find(id);
    if (entry == nullptr) return answer(fail(no_school()));
    const timetable::Date today = entry->zone.date(now);
    auto imported = format == ImportFormat::csv
                        ? timetable::read_csv(file, entry->school)
                        : timetable::read_icalendar(file, entry->school, today - import_before,
                                                    today + import_after);
    if (!imported) return answer(fail(std::move(imported).error()));
    auto report = report_of(*imported);
    timetable::School school = entry->school;
    if (mode == ImportMode::add) {
        add_new(school.rows, std::move(imported->rows));
    } else {
        // A file of holidays alone does not empty the timetable.
        const bool has_only_days_off = imported->rows.empty() && !imported->days_off.empty();
        if (!has_only_days_off) school.rows = std::move(imported->rows);
    }
    add_new(school.days_off, std::move(imported->days_off));
    if (mode == ImportMode::look) {
        report["school"] = boost::json::parse(timetable::to_json(school));
        return answer(boost::json::serialize(report));
    }
    timetables.put(std::move(school), entry->version,
                   [report, answer = std::move(answer)](
                       Expected<const Timetables::Entry*, Error> saved) mutable {
                       if (!saved) return answer(fail(std::move(saved).error()));
                       report["school"] = object_of(**saved);
                       answer(boost::json::serialize(report));
                   });
}

Expected<std::string, Error> timetable_csv(const Timetables& timetables, std::string_view id) {
    const auto* entry = timetables.find(id);
    if (entry == nullptr) return fail(no_school());
    return timetable::write_csv(entry->school);
}

Expected<std::string, Error> school_days_json(const Timetables& timetables, std::string_view id,
                                              std::string_view first, std::string_view last) {
    const auto* entry = timetables.find(id);
    if (entry == nullptr) return fail(no_school());
    const auto from = timetable::parse_date(first);
    const auto until = timetable::parse_date(last);
    if (!from || !until || *until < *from || *until - *from > most_days_shown)
        return fail(Error{ErrorCode::invalid, "first and last are dates, at most 400 days apart"});
    struct Sum {
        std::uint64_t lessons = 0, seats = 0;
    };
    std::map<timetable::Date, Sum> sums;
    for (const auto& lesson :
         timetable::expand(entry->school, entry->zone, entry->zone.midnight(*from),
                           entry->zone.midnight(*until + days(1)))) {
        Sum& sum = sums[entry->zone.date(lesson.start)];
        ++sum.lessons;
        sum.seats += lesson.size;
    }
    array list;
    for (auto date = *from; date <= *until; date += days(1)) {
        object day{{"date", timetable::format_date(date)},
                   {"lessons", sums[date].lessons},
                   {"seats", sums[date].seats},
                   {"off", nullptr}};
        for (const auto& off : entry->school.days_off) {
            if (off.first <= date && date <= off.last) day["off"] = off.name;
        }
        list.push_back(std::move(day));
    }
    return boost::json::serialize(object{{"days", std::move(list)}});
}

}  // namespace aula::hub
