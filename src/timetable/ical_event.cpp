// SPDX-License-Identifier: Apache-2.0
#include "timetable/ical_event.hpp"

#include <algorithm>
#include <set>

#include <libical/ical.h>

#include "timetable/recurrence.hpp"

namespace aula::timetable {

namespace {

using std::chrono::days;
using std::chrono::seconds;

constexpr std::size_t most_zones = 50;
constexpr int first_year = 1970;
constexpr int last_year = 2200;

struct FreeComponent {
    void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
using Component = std::unique_ptr<icalcomponent, FreeComponent>;

Component parse_component(const std::string& text) {
    // Else a broken line may abort the process, as libical can be built.
    icalerror_set_errors_are_fatal(false);
    return Component(icalparser_parse_string(text.c_str()));
}

bool is_usable(const icaltimetype& time) {
    return !icaltime_is_null_time(time) && icaltime_is_valid_time(time) &&
           time.year >= first_year && time.year <= last_year;
}

LocalTime local_of(const icaltimetype& time) {
    const std::chrono::year_month_day date{std::chrono::year(time.year),
                                           std::chrono::month(static_cast<unsigned>(time.month)),
                                           std::chrono::day(static_cast<unsigned>(time.day))};
    const seconds of_day = time.is_date
                               ? seconds(0)
                               : std::chrono::hours(time.hour) + std::chrono::minutes(time.minute) +
                                     seconds(time.second);
    return {Date(date), of_day};
}

icaltimetype ical_of(const LocalTime& time) {
    const std::chrono::year_month_day date(time.date);
    icaltimetype out = icaltime_null_time();
    out.year = static_cast<int>(date.year());
    out.month = static_cast<int>(static_cast<unsigned>(date.month()));
    out.day = static_cast<int>(static_cast<unsigned>(date.day()));
    out.hour = static_cast<int>(time.since_midnight.count() / 3600);
    out.minute = static_cast<int>(time.since_midnight.count() / 60 % 60);
    out.second = static_cast<int>(time.since_midnight.count() % 60);
    return out;
}

std::string text_or_empty(const char* text) { return text == nullptr ? "" : text; }

std::string zone_id(icalproperty* property) {
    auto* parameter = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
    return parameter == nullptr ? "" : text_or_empty(icalparameter_get_tzid(parameter));
}

/// Only recurrences of whole days: libical would count an endless rule of seconds one by one.
bool is_tame(const icalrecurrencetype& rule) {
    const bool has_times = rule.by_second[0] != ICAL_RECURRENCE_ARRAY_MAX ||
                           rule.by_minute[0] != ICAL_RECURRENCE_ARRAY_MAX ||
                           rule.by_hour[0] != ICAL_RECURRENCE_ARRAY_MAX;
    const bool of_days =
        rule.freq == ICAL_DAILY_RECURRENCE || rule.freq == ICAL_WEEKLY_RECURRENCE ||
        rule.freq == ICAL_MONTHLY_RECURRENCE || rule.freq == ICAL_YEARLY_RECURRENCE;
    return of_days && !has_times && rule.rscale == nullptr;
}

std::vector<int> numbers(const short* list) {
    std::vector<int> out;
    for (std::size_t i = 0; list[i] != ICAL_RECURRENCE_ARRAY_MAX; ++i) out.push_back(list[i]);
    return out;
}

/// libical counts from Sunday, which is 1.
std::chrono::weekday weekday_of(int day) {
    return std::chrono::weekday(static_cast<unsigned>(day - 1));
}

/// Of a tame rule.
Recurrence recurrence_of(const icalrecurrencetype& rule) {
    using Frequency = Recurrence::Frequency;
    Recurrence out;
    out.frequency = rule.freq == ICAL_DAILY_RECURRENCE     ? Frequency::daily
                    : rule.freq == ICAL_WEEKLY_RECURRENCE  ? Frequency::weekly
                    : rule.freq == ICAL_MONTHLY_RECURRENCE ? Frequency::monthly
                                                           : Frequency::yearly;
    out.interval = rule.interval > 0 ? static_cast<unsigned>(rule.interval) : 1;
    out.count = rule.count > 0 ? static_cast<std::size_t>(rule.count) : 0;
    if (icaltime_is_null_time(rule.until) == 0) {
        out.until = local_of(rule.until);
        if (rule.until.is_date) out.until->since_midnight = std::chrono::hours(24);
    }
    if (rule.week_start != ICAL_NO_WEEKDAY) out.week_start = weekday_of(rule.week_start);
    out.months = numbers(rule.by_month);
    out.month_days = numbers(rule.by_month_day);
    out.year_days = numbers(rule.by_year_day);
    out.weeks = numbers(rule.by_week_no);
    out.positions = numbers(rule.by_set_pos);
    for (const int code : numbers(rule.by_day)) {
        const auto day = icalrecurrencetype_day_day_of_week(static_cast<short>(code));
        const int position = icalrecurrencetype_day_position(static_cast<short>(code));
        if (day != ICAL_NO_WEEKDAY) out.weekdays.push_back({weekday_of(day), position});
    }
    return out;
}

template <class Do>
void each_property(icalcomponent* component, icalproperty_kind kind, Do act) {
    for (auto* property = icalcomponent_get_first_property(component, kind); property != nullptr;
         property = icalcomponent_get_next_property(component, kind))
        act(property);
}

bool is_tame_zone(icalcomponent* zone) {
    bool is_tame_so_far = true;
    for (auto* part = icalcomponent_get_first_component(zone, ICAL_ANY_COMPONENT); part != nullptr;
         part = icalcomponent_get_next_component(zone, ICAL_ANY_COMPONENT)) {
        each_property(part, ICAL_RRULE_PROPERTY, [&](icalproperty* property) {
            const auto rule = icalproperty_get_rrule(property);
            is_tame_so_far = is_tame_so_far && is_tame(rule) && rule.freq == ICAL_YEARLY_RECURRENCE;
        });
        const auto start = icalcomponent_get_dtstart(part);
        is_tame_so_far = is_tame_so_far && start.year >= 1600 && start.year <= last_year;
    }
    return is_tame_so_far;
}

}  // namespace

struct FileZones::Foreign {
    explicit Foreign(icaltimezone* owned) : zone(owned) {}
    ~Foreign() { icaltimezone_free(zone, 1); }
    Foreign(const Foreign&) = delete;
    Foreign& operator=(const Foreign&) = delete;
    icaltimezone* zone;
};

FileZones::FileZones() = default;
FileZones::~FileZones() = default;

void FileZones::add(const std::string& text) {
    Component component = parse_component(text);
    if (!component || zones_.size() == most_zones || !is_tame_zone(component.get())) return;
    if (icalcomponent_isa(component.get()) != ICAL_VTIMEZONE_COMPONENT) return;
    auto* const zone = icaltimezone_new();
    // Takes the component when it has a TZID.
    if (icaltimezone_set_component(zone, component.get()) == 0) {
        icaltimezone_free(zone, 1);
        return;
    }
    component.release();
    zones_[text_or_empty(icaltimezone_get_tzid(zone))] = std::make_unique<Foreign>(zone);
}

const FileZones::Foreign* FileZones::find(const std::string& id) const {
    const auto at = zones_.find(id);
    return at == zones_.end() ? nullptr : at->second.get();
}

const Zone* FileZones::find_system(const std::string& id) {
    auto at = system_.find(id);
    if (at == system_.end()) {
        if (system_.size() == most_zones) return nullptr;
        auto loaded = Zone::load(id);
        at = system_.emplace(id, loaded ? std::optional(std::move(*loaded)) : std::nullopt).first;
    }
    return at->second ? &*at->second : nullptr;
}

WallTime EventZone::utc(LocalTime time) const {
    if (foreign_ == nullptr) return zone_.utc(time.date, time.since_midnight);
    return WallTime(seconds(icaltime_as_timet_with_zone(ical_of(time), foreign_->zone)));
}

LocalTime EventZone::local(WallTime at) const {
    if (foreign_ == nullptr) return zone_.local(at);
    const auto unix_time = std::chrono::floor<seconds>(at).time_since_epoch().count();
    return local_of(icaltime_from_timet_with_zone(unix_time, 0, foreign_->zone));
}

namespace {

/// One event while it is read.
class Reading {
public:
    Reading(icalcomponent* component, FileZones& zones, const Zone& floating,
            std::pair<Date, Date> window, IcalBudget& budget)
        : component_(component),
          zones_(zones),
          floating_(floating),
          window_(window),
          budget_(budget) {}

    Expected<IcalEvent, Words> read();

private:
    EventZone zone_of(icalproperty* property, const icaltimetype& time);
    /// In UTC; of an all-day time its midnight there.
    WallTime moment(icalproperty* property, const icaltimetype& time);
    void read_texts();
    std::optional<Words> read_length(icalproperty* start_property);
    std::optional<Words> add_rule(icalproperty* start_property, icalrecurrencetype rule);
    std::optional<Words> add_starts(icalproperty* start_property);
    bool is_in_window(const LocalTime& time) const {
        return time.date >= window_.first && time.date <= window_.second;
    }
    bool add(WallTime start) {
        if (budget_.starts == 0) return false;
        --budget_.starts;
        starts_.insert(start);
        return true;
    }

    icalcomponent* component_;
    FileZones& zones_;
    const Zone& floating_;
    std::pair<Date, Date> window_;
    IcalBudget& budget_;
    icaltimetype start_{};
    std::set<WallTime> starts_;
    IcalEvent event_;
};

EventZone Reading::zone_of(icalproperty* property, const icaltimetype& time) {
    if (time.is_date || icaltime_is_utc(time)) return EventZone(Zone::utc());
    const std::string id = zone_id(property);
    if (id.empty()) return EventZone(floating_);
    // The system's zone is newer than what an old program wrote into the file.
    if (const Zone* known = zones_.find_system(id)) return EventZone(*known);
    if (const auto* foreign = zones_.find(id)) return EventZone(foreign);
    event_.unknown_zone = id;
    return EventZone(floating_);
}

WallTime Reading::moment(icalproperty* property, const icaltimetype& time) {
    return zone_of(property, time).utc(local_of(time));
}

void Reading::read_texts() {
    event_.uid = text_or_empty(icalcomponent_get_uid(component_));
    event_.summary = text_or_empty(icalcomponent_get_summary(component_));
    event_.is_cancelled = icalcomponent_get_status(component_) == ICAL_STATUS_CANCELLED;
    each_property(component_, ICAL_CATEGORIES_PROPERTY, [&](icalproperty* property) {
        event_.categories += text_or_empty(icalproperty_get_categories(property)) + ' ';
    });
    each_property(component_, ICAL_X_PROPERTY, [&](icalproperty* property) {
        const std::string name = text_or_empty(icalproperty_get_x_name(property));
        if (name == "X-AULA-SIZE") event_.size = text_or_empty(icalproperty_get_x(property));
        if (name == "X-AULA-MEETING") event_.meeting = text_or_empty(icalproperty_get_x(property));
    });
}

std::optional<Words> Reading::read_length(icalproperty* start_property) {
    constexpr auto longest = std::chrono::hours(24 * 400);
    auto* const end = icalcomponent_get_first_property(component_, ICAL_DTEND_PROPERTY);
    auto* const length = icalcomponent_get_first_property(component_, ICAL_DURATION_PROPERTY);
    if (end != nullptr) {
        const auto time = icalproperty_get_dtend(end);
        if (!is_usable(time)) return Words{"its end cannot be read", "sein Ende ist nicht lesbar"};
        event_.length =
            std::chrono::floor<seconds>(moment(end, time) - moment(start_property, start_));
    } else if (length != nullptr) {
        event_.length = seconds(icaldurationtype_as_int(icalproperty_get_duration(length)));
    } else if (event_.is_all_day) {
        event_.length = days(1);  // RFC 5545 section 3.6.1
    }
    if (event_.length <= seconds(0)) return Words{"it has no length", "er dauert keine Zeit"};
    if (event_.length > longest)
        return Words{"it is longer than a year", "er dauert länger als ein Jahr"};
    return std::nullopt;
}

std::optional<Words> Reading::add_rule(icalproperty* start_property, icalrecurrencetype rule) {
    if (!is_tame(rule))
        return Words{"its recurrence is not one of days, weeks, months or years",
                     "er wiederholt sich nicht nach Tagen, Wochen, Monaten oder Jahren"};
    const EventZone zone = zone_of(start_property, start_);
    if (icaltime_is_null_time(rule.until) == 0) {
        if (!icaltime_is_valid_time(rule.until))
            return Words{"its recurrence ends at no time",
                         "das Ende seiner Wiederholung ist keine Zeit"};
        // RFC 5545 section 3.3.10: UNTIL is in UTC where DTSTART has a zone; here all is local.
        if (icaltime_is_utc(rule.until) && is_usable(rule.until) && !start_.is_date) {
            const auto until = local_of(rule.until);
            rule.until = ical_of(zone.local(Zone::utc().utc(until.date, until.since_midnight)));
        }
    }
    const Recurrence recurrence = recurrence_of(rule);
    event_.endless_weeks = recurrence.endless_weeks();
    const auto days_in_window = expand(recurrence, local_of(start_), window_, budget_.steps);
    if (!days_in_window)
        return Words{"the file's recurrences go on for too long",
                     "die Wiederholungen der Datei nehmen kein Ende"};
    for (const Date date : *days_in_window) {
        if (!add(zone.utc({date, local_of(start_).since_midnight})))
            return Words{"the file has too many lessons", "die Datei hat zu viele Stunden"};
    }
    return std::nullopt;
}

std::optional<Words> Reading::add_starts(icalproperty* start_property) {
    std::optional<Words> wrong;
    // RFC 5545 section 3.8.5.3: DTSTART counts as the first, whatever the rule says.
    if (is_in_window(local_of(start_))) add(moment(start_property, start_));
    each_property(component_, ICAL_RRULE_PROPERTY, [&](icalproperty* property) {
        if (!wrong) wrong = add_rule(start_property, icalproperty_get_rrule(property));
    });
    each_property(component_, ICAL_RDATE_PROPERTY, [&](icalproperty* property) {
        const auto value = icalproperty_get_rdate(property);
        const auto& time = icaltime_is_null_time(value.time) ? value.period.start : value.time;
        if (is_usable(time) && is_in_window(local_of(time))) add(moment(property, time));
    });
    each_property(component_, ICAL_EXDATE_PROPERTY, [&](icalproperty* property) {
        const auto time = icalproperty_get_exdate(property);
        if (!is_usable(time)) return;
        if (!time.is_date || event_.is_all_day) {
            starts_.erase(moment(property, time));
            return;
        }
        // Some programs write the day only: all of that day.
        const EventZone zone = zone_of(start_property, start_);
        std::erase_if(starts_,
                      [&](WallTime at) { return zone.local(at).date == local_of(time).date; });
    });
    return wrong;
}

Expected<IcalEvent, Words> Reading::read() {
    read_texts();
    auto* const start = icalcomponent_get_first_property(component_, ICAL_DTSTART_PROPERTY);
    if (start == nullptr)
        return fail(
            Words{"it has no DTSTART that can be read", "er hat keinen lesbaren Beginn (DTSTART)"});
    start_ = icalproperty_get_dtstart(start);
    if (!is_usable(start_))
        return fail(Words{"its DTSTART is no time", "sein Beginn (DTSTART) ist keine Zeit"});
    event_.is_all_day = start_.is_date != 0;
    if (auto wrong = read_length(start)) return fail(*wrong);
    auto* const replaced = icalcomponent_get_first_property(component_, ICAL_RECURRENCEID_PROPERTY);
    if (replaced != nullptr) {
        const auto time = icalproperty_get_recurrenceid(replaced);
        if (!is_usable(time))
            return fail(
                Words{"its RECURRENCE-ID is no time", "seine RECURRENCE-ID ist keine Zeit"});
        event_.replaces = moment(replaced, time);
    }
    if (auto wrong = add_starts(start)) return fail(*wrong);
    event_.starts.assign(starts_.begin(), starts_.end());
    return std::move(event_);
}

}  // namespace

Expected<IcalEvent, Words> read_event(const std::string& text, FileZones& zones,
                                      const Zone& floating, std::pair<Date, Date> window,
                                      IcalBudget& budget) {
    const Component component = parse_component(text);
    if (!component || icalcomponent_isa(component.get()) != ICAL_VEVENT_COMPONENT)
        return fail(Words{"it cannot be read", "er ist nicht lesbar"});
    return Reading(component.get(), zones, floating, window, budget).read();
}

}  // namespace aula::timetable
