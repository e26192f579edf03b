// SPDX-License-Identifier: Apache-2.0
#include "hub/timetables_api.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "timetable/import.hpp"

namespace aula::hub {

namespace {

using boost::json::array;
using boost::json::object;
using timetable::Date;
using Entry = Timetables::Entry;

// Each may hold a file of 8 MiB.
constexpr std::size_t most_waiting = 8;
constexpr std::chrono::days most_days_shown{400};
// A calendar is read for the school year that is on, and the next one's beginning.
constexpr std::chrono::days import_before{31};
constexpr std::chrono::days import_after{400};

Error no_school() { return {ErrorCode::not_found, "there is no such school"}; }
Error reads_enough() { return {ErrorCode::unavailable, "too many timetables are read at once"}; }

/// The texts are objects; a large school is not taken apart only to say one thing more of it.
std::string with_member(std::string object, std::string_view name, std::string_view value) {
    object.back() = ',';
    return object.append("\"").append(name).append("\":").append(value).append("}");
}

std::string with_version(std::string school, std::uint64_t version) {
    return with_member(std::move(school), "version", std::to_string(version));
}

template <class Item>
void add_new(std::vector<Item>& list, std::vector<Item> more) {
    for (Item& item : more) {
        if (std::find(list.begin(), list.end(), item) == list.end())
            list.push_back(std::move(item));
    }
}

std::string list_json(const std::vector<Entry>& entries, const std::string& city_zone) {
    array schools;
    for (const auto& entry : entries) {
        std::uint64_t largest = 0;
        for (const auto& row : entry.school->rows)
            largest = std::max<std::uint64_t>(largest, row.size);
        schools.push_back(object{{"id", entry.school->id},
                                 {"name", entry.school->name},
                                 {"zone", entry.school->zone},
                                 {"rows", entry.school->rows.size()},
                                 {"largest", largest},
                                 {"version", entry.version}});
    }
    return boost::json::serialize(
        object{{"schools", std::move(schools)}, {"city_zone", city_zone}});
}

/// Of a body, and the version that it says, if any.
struct SentSchool {
    CheckedSchool school;
    std::optional<std::uint64_t> version;
};

Expected<SentSchool, Error> read_school(const std::string& id, std::string_view body,
                                        const std::string& city_zone) {
    boost::json::parse_options options;
    options.max_depth = 8;
    boost::json::error_code error;
    auto value = boost::json::parse({body.data(), body.size()}, error, {}, options);
    if (error || !value.is_object())
        return fail(Error{ErrorCode::invalid, "the body is not a JSON object"});
    auto& json = value.as_object();
    SentSchool sent;
    if (const auto* said = json.if_contains("version"); said != nullptr && !said->is_null()) {
        sent.version = said->to_number<std::uint64_t>(error);
        if (error) return fail(Error{ErrorCode::invalid, "version is not a number"});
    }
    json["id"] = id;
    if (!json.contains("zone")) json["zone"] = city_zone;
    auto school = timetable::school_from_json(boost::json::serialize(json));
    if (!school) return fail(std::move(school).error());
    auto checked = check_school(std::move(*school));
    if (!checked) return fail(std::move(checked).error());
    sent.school = std::move(*checked);
    return sent;
}

std::string report_of(const timetable::Imported& imported) {
    array notes;
    for (const auto& note : imported.notes)
        notes.push_back(object{{"line", note.line}, {"text", note.text}});
    return boost::json::serialize(object{{"rows", imported.rows.size()},
                                         {"days_off", imported.days_off.size()},
                                         {"notes", std::move(notes)}});
}

struct ReadImport {
    std::string report;
    CheckedSchool school;  // as it would be
};

Expected<ReadImport, Error> read_import(const Entry& entry, const TimetablesApi::Import& order,
                                        const Worker::Stopped& stopped) {
    const Date today = entry.zone.date(order.now);
    auto imported =
        order.format == ImportFormat::csv
            ? timetable::read_csv(*order.file, *entry.school, order.language, stopped)
            : timetable::read_icalendar(*order.file, *entry.school, today - import_before,
                                        today + import_after, order.language, stopped);
    if (!imported) return fail(std::move(imported).error());
    ReadImport read{report_of(*imported), {}};
    timetable::School school = *entry.school;
    if (order.mode == ImportMode::add) {
        add_new(school.rows, std::move(imported->rows));
    } else {
        // A file of holidays alone does not empty the timetable.
        const bool has_only_days_off = imported->rows.empty() && !imported->days_off.empty();
        if (!has_only_days_off) school.rows = std::move(imported->rows);
    }
    add_new(school.days_off, std::move(imported->days_off));
    auto checked = check_school(std::move(school));
    if (!checked) return fail(std::move(checked).error());
    read.school = std::move(*checked);
    return read;
}

struct DaySum {
    std::uint64_t lessons = 0, seats = 0;
};

/// Week by week: a year's lessons of a large school are more than one wants to hold at once.
std::map<Date, DaySum> sums_of(const Entry& entry, Date first, Date last,
                               const Worker::Stopped& stopped) {
    std::map<Date, DaySum> sums;
    for (Date from = first; from <= last && !stopped; from += std::chrono::days(7)) {
        const Date until = std::min(from + std::chrono::days(7), last + std::chrono::days(1));
        for (const auto& lesson :
             timetable::expand(*entry.school, entry.zone, entry.zone.midnight(from),
                               entry.zone.midnight(until))) {
            DaySum& sum = sums[entry.zone.date(lesson.start)];
            ++sum.lessons;
            sum.seats += lesson.size;
        }
    }
    return sums;
}

std::string days_json(const Entry& entry, Date first, Date last, std::map<Date, DaySum> sums) {
    array list;
    for (Date date = first; date <= last; date += std::chrono::days(1)) {
        object day{{"date", timetable::format_date(date)},
                   {"lessons", sums[date].lessons},
                   {"seats", sums[date].seats},
                   {"off", nullptr}};
        for (const auto& off : entry.school->days_off) {
            if (off.first <= date && date <= off.last) day["off"] = off.name;
        }
        list.push_back(std::move(day));
    }
    return boost::json::serialize(object{{"days", std::move(list)}});
}

}  // namespace

TimetablesApi::TimetablesApi(Timetables& timetables, Worker::Post post)
    : timetables_(timetables), worker_("timetables", std::move(post), most_waiting) {}

template <class Job, class Answered>
void TimetablesApi::ask(Job job, Answered answered, const JsonAnswer& answer) {
    if (!worker_.ask(std::move(job), std::move(answered))) answer(fail(reads_enough()));
}

template <class Job>
void TimetablesApi::reckon(std::string_view id, Job job, JsonAnswer answer) {
    const Entry* entry = timetables_.find(id);
    if (entry == nullptr) return answer(fail(no_school()));
    ask([entry = *entry,
         job = std::move(job)](const Worker::Stopped& stopped) { return job(entry, stopped); },
        answer, answer);
}

void TimetablesApi::list(JsonAnswer answer) {
    std::vector<Entry> entries;
    for (const auto& [id, entry] : timetables_.all()) entries.push_back(entry);
    ask([entries = std::move(entries), zone = timetables_.city_zone()](
            const Worker::Stopped&) { return list_json(entries, zone); },
        answer, answer);
}

void TimetablesApi::school(std::string_view id, JsonAnswer answer) {
    reckon(
        id,
        [](const Entry& entry, const Worker::Stopped&) {
            return with_version(timetable::to_json(*entry.school), entry.version);
        },
        std::move(answer));
}

void TimetablesApi::put(const std::string& id, std::shared_ptr<const std::string> body,
                        JsonAnswer answer) {
    ask([id, body = std::move(body), zone = timetables_.city_zone()](
            const Worker::Stopped&) { return read_school(id, *body, zone); },
        [this, answer](Expected<SentSchool, Error> sent) {
            if (!sent) return answer(fail(std::move(sent).error()));
            auto json = sent->school.json;
            timetables_.put(
                std::move(sent->school), sent->version,
                [answer, json = std::move(json)](const Expected<const Entry*, Error>& saved) {
                    if (!saved) return answer(fail(saved.error()));
                    answer(with_version(json, (*saved)->version));
                });
        },
        answer);
}

void TimetablesApi::remove(const std::string& id, JsonAnswer answer) {
    timetables_.remove(id, [answer = std::move(answer)](Expected<void, Error> removed) {
        if (!removed) return answer(fail(std::move(removed).error()));
        answer(std::string("{}"));
    });
}

void TimetablesApi::import(Import order, JsonAnswer answer) {
    const Entry* entry = timetables_.find(order.school);
    if (entry == nullptr) return answer(fail(no_school()));
    const auto version = entry->version;
    const auto mode = order.mode;
    ask([entry = *entry, order = std::move(order)](
            const Worker::Stopped& stopped) { return read_import(entry, order, stopped); },
        [this, version, mode, answer](Expected<ReadImport, Error> read) {
            if (!read) return answer(fail(std::move(read).error()));
            if (mode == ImportMode::look)
                return answer(with_member(std::move(read->report), "school", read->school.json));
            auto json = read->school.json;
            timetables_.put(
                std::move(read->school), version,
                [answer, report = std::move(read->report),
                 json = std::move(json)](const Expected<const Entry*, Error>& saved) {
                    if (!saved) return answer(fail(saved.error()));
                    answer(with_member(report, "school", with_version(json, (*saved)->version)));
                });
        },
        answer);
}

void TimetablesApi::csv(std::string_view id, JsonAnswer answer) {
    reckon(
        id,
        [](const Entry& entry, const Worker::Stopped&) {
            return timetable::write_csv(*entry.school);
        },
        std::move(answer));
}

void TimetablesApi::days(std::string_view id, std::string_view first, std::string_view last,
                         JsonAnswer answer) {
    const auto from = timetable::parse_date(first);
    const auto until = timetable::parse_date(last);
    if (!from || !until || *until < *from || *until - *from > most_days_shown)
        return answer(
            fail(Error{ErrorCode::invalid, "first and last are dates, at most 400 days apart"}));
    reckon(
        id,
        [from = *from, until = *until](const Entry& entry, const Worker::Stopped& stopped) {
            return days_json(entry, from, until, sums_of(entry, from, until, stopped));
        },
        std::move(answer));
}

}  // namespace aula::hub
