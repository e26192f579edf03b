// SPDX-License-Identifier: Apache-2.0
// Timetables and money on the operator's page: docs/protocol/timetable.md has the bodies.
#include <map>
#include <optional>
#include <utility>

#include "hub/demand.hpp"
#include "hub/ledger_api.hpp"
#include "hub/lesson_trace.hpp"
#include "hub/operator_api.hpp"
#include "hub/operator_json.hpp"

namespace aula::hub {

namespace {

constexpr std::chrono::days usual_days_of_lessons{31};
constexpr std::chrono::days most_days_of_lessons{400};

/// No school's id is written so.
std::string name_in(const std::map<fleet::SchoolKey, std::string>& names, fleet::SchoolKey key) {
    if (key == 0) return "(none)";
    const auto at = names.find(key);
    return at != names.end() ? at->second : "(removed " + std::to_string(key) + ")";
}

ApiError no_timetables() { return {503, "unavailable", "this hub keeps no timetables", 5}; }
ApiError no_ledger() { return {503, "unavailable", "this hub keeps no ledger", 5}; }

http::Response table(std::string csv, const std::string& name) {
    http::Response response{200, {}, std::move(csv)};
    response.headers.set("content-type", "text/csv; charset=utf-8");
    response.headers.set("content-disposition", "attachment; filename=\"" + name + ".csv\"");
    response.headers.set("cache-control", "no-store");
    return response;
}

Expected<http::Response, ApiError> table_or_error(Expected<std::string, Error> csv,
                                                  const std::string& name) {
    if (!csv) return fail(api_error_of(csv.error()));
    return table(std::move(*csv), name);
}

}  // namespace

void OperatorApi::schools(const Call& call) {
    if (!timetables_) return call.say(fail(no_timetables()));
    timetables_->list([call](const Expected<std::string, Error>& list) { call.say_json(list); });
}

void OperatorApi::school(const Call& call) {
    if (!timetables_) return call.say(fail(no_timetables()));
    timetables_->school(call.rest,
                        [call](const Expected<std::string, Error>& one) { call.say_json(one); });
}

void OperatorApi::put_one_school(const Call& call) {
    if (!timetables_) return call.say(fail(no_timetables()));
    timetables_->put(call.rest, call.body, [this, call](const Expected<std::string, Error>& saved) {
        if (saved) note(call, "timetable", call.rest);
        call.say_json(saved);
    });
}

void OperatorApi::remove_one_school(const Call& call) {
    if (!timetables_) return call.say(fail(no_timetables()));
    timetables_->remove(call.rest, [this, call](const Expected<std::string, Error>& removed) {
        if (removed) note(call, "school_remove", call.rest);
        call.say_json(removed);
    });
}

void OperatorApi::import_rows(const Call& call) {
    if (!timetables_) return call.say(fail(no_timetables()));
    const auto format = call.parameter("format");
    const auto mode = call.parameter("mode");
    if (format != "csv" && format != "icalendar")
        return call.say(fail(ApiError{400, "bad_request", "format is csv or icalendar"}));
    if (mode != "look" && mode != "replace" && mode != "add")
        return call.say(fail(ApiError{400, "bad_request", "mode is look, replace or add"}));
    timetables_->import(
        {.school = call.rest,
         .format = format == "csv" ? ImportFormat::csv : ImportFormat::icalendar,
         .mode = mode == "look"      ? ImportMode::look
                 : mode == "replace" ? ImportMode::replace
                                     : ImportMode::add,
         .file = call.body,
         .now = wiring_.clock.now(),
         .language = call.parameter("language") == "de" ? timetable::Language::german
                                                        : timetable::Language::english},
        [this, call, mode](const Expected<std::string, Error>& imported) {
            if (imported && mode != "look") note(call, "import", call.rest);
            call.say_json(imported);
        });
}

void OperatorApi::school_csv(const Call& call) {
    if (!timetables_) return call.say(fail(no_timetables()));
    timetables_->csv(call.rest, [call](Expected<std::string, Error> csv) {
        call.say(table_or_error(std::move(csv), call.rest));
    });
}

void OperatorApi::school_days(const Call& call) {
    if (!timetables_) return call.say(fail(no_timetables()));
    timetables_->days(call.rest, call.parameter("first"), call.parameter("last"),
                      [call](const Expected<std::string, Error>& days) { call.say_json(days); });
}

/// Of the city's days, for `aula simulate --trace`.
void OperatorApi::lessons_table(const Call& call) {
    if (wiring_.demand == nullptr || wiring_.timetables == nullptr)
        return call.say(fail(no_timetables()));
    const auto& zone = wiring_.demand->zone();
    const auto asked_last = call.parameter("last"), asked_first = call.parameter("first");
    const auto last = asked_last.empty() ? std::optional(zone.date(wiring_.clock.now()))
                                         : timetable::parse_date(asked_last);
    const auto first = !asked_first.empty() ? timetable::parse_date(asked_first)
                       : last               ? std::optional(*last - usual_days_of_lessons)
                                            : std::nullopt;
    if (!first || !last || *last < *first || *last - *first > most_days_of_lessons)
        return call.say(
            fail(ApiError{400, "bad_request", "first and last are dates, at most 400 days apart"}));
    std::map<fleet::SchoolKey, std::string> names;
    for (const auto& [id, entry] : wiring_.timetables->all()) names[entry.key] = id;
    wiring_.demand->recorded(
        zone.midnight(*first), zone.midnight(*last + std::chrono::days(1)),
        [this, call, names = std::move(names)](
            Expected<std::vector<store::PastLesson>, Error> recorded) mutable {
            if (!recorded) return call.say(fail(api_error_of(recorded.error())));
            const bool taken = outlook_.ask(
                [names = std::move(names), lessons = std::move(*recorded)](const Worker::Stopped&) {
                    return trace_csv(lessons,
                                     [&](fleet::SchoolKey key) { return name_in(names, key); });
                },
                [call](std::string csv) { call.say(table(std::move(csv), "aula-lessons")); });
            if (!taken) call.say(fail(ApiError{503, "busy", "too many questions at once", 3}));
        });
}

void OperatorApi::bill(const Call& call) {
    if (wiring_.ledger == nullptr) return call.say(fail(no_ledger()));
    call.say_json(bill_json(*wiring_.ledger, call.parameter("period"), call.parameter("date")));
}

void OperatorApi::bill_table(const Call& call) {
    if (wiring_.ledger == nullptr) return call.say(fail(no_ledger()));
    call.say(table_or_error(
        bill_csv(*wiring_.ledger, call.parameter("period"), call.parameter("date")), "aula-bill"));
}

void OperatorApi::servers_table(const Call& call) {
    if (wiring_.ledger == nullptr) return call.say(fail(no_ledger()));
    call.say(table_or_error(
        servers_csv(*wiring_.ledger, call.parameter("period"), call.parameter("date")),
        "aula-servers"));
}

void OperatorApi::meter(const Call& call) {
    if (wiring_.ledger == nullptr) return call.say(fail(no_ledger()));
    call.say_json(meter_json(*wiring_.ledger));
}

void OperatorApi::budget(const Call& call) {
    if (wiring_.ledger == nullptr) return call.say(fail(no_ledger()));
    call.say_json(budget_json(*wiring_.ledger));
}

void OperatorApi::set_budget(const Call& call) {
    if (wiring_.ledger == nullptr) return call.say(fail(no_ledger()));
    put_budget(*wiring_.ledger, *call.body,
               [this, call](const Expected<std::string, Error>& saved) {
                   if (saved) note(call, "budget", "");
                   call.say_json(saved);
               });
}

}  // namespace aula::hub
