// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "base/encoding.hpp"
#include "timetable/fold.hpp"
#include "timetable/ical_event.hpp"
#include "timetable/import.hpp"
#include "timetable/text.hpp"

namespace aula::timetable {

namespace {

using std::chrono::days;

constexpr std::size_t most_component_bytes = 256 << 10;
constexpr std::size_t most_notes = 100;
constexpr std::uint32_t usual_class = 25;
constexpr auto longest_lesson = std::chrono::hours(24);

bool speaks_of_days_off(std::string_view text) {
    static constexpr const char* words[] = {"ferien",  "feiertag", "schulfrei", "unterrichtsfrei",
                                            "holiday", "vacation", "dayoff",    "schoolbreak"};
    const std::string letters = plain(text);
    return std::any_of(std::begin(words), std::end(words),
                       [&](const char* word) { return letters.find(word) != letters.npos; });
}

/// Lines of a file (RFC 5545 section 3.1) without looking into them; folded ones stay folded.
class Lines {
public:
    explicit Lines(std::string_view file) : rest_(file) {}
    bool next() {
        if (rest_.empty()) return false;
        const auto end = std::min(rest_.find('\n'), rest_.size() - 1);
        whole = rest_.substr(0, end + 1);
        text = trimmed(whole);
        rest_.remove_prefix(end + 1);
        ++number;
        return true;
    }
    std::string_view whole, text;
    std::size_t number = 0;

private:
    std::string_view rest_;
};

bool is_line(std::string_view line, std::string_view name) {
    return line.size() == name.size() &&
           std::equal(line.begin(), line.end(), name.begin(), [](char a, char b) {
               return (a >= 'a' && a <= 'z' ? static_cast<char>(a - 'a' + 'A') : a) == b;
           });
}

struct FileComponent {
    std::string text;
    std::size_t line = 0;
};

struct File {
    std::vector<FileComponent> events, zones;
    std::string name;  // X-WR-CALNAME
    std::string zone;  // X-WR-TIMEZONE
};

void read_head_line(std::string_view line, File& file) {
    const auto value = [&](std::string_view name) -> std::optional<std::string> {
        if (!line.starts_with(name)) return std::nullopt;
        return std::string(trimmed(line.substr(line.find(':') + 1)));
    };
    if (auto name = value("X-WR-CALNAME")) file.name = std::move(*name);
    if (auto zone = value("X-WR-TIMEZONE:")) file.zone = std::move(*zone);
}

Expected<File, Error> cut(std::string_view text, Language language) {
    constexpr Words is_large{"this entry is over 256 KB", "dieser Termin ist größer als 256 KB"};
    constexpr Words no_calendar{"the file is no calendar: no BEGIN:VCALENDAR",
                                "die Datei ist kein Kalender: BEGIN:VCALENDAR fehlt"};
    constexpr Words no_end{"this entry has no end", "dieser Termin hört in der Datei nicht auf"};
    File file;
    bool is_calendar = false;
    FileComponent* inside = nullptr;
    std::string_view end;
    Lines lines(text);
    while (lines.next()) {
        if (inside != nullptr) {
            inside->text += lines.whole;
            if (inside->text.size() > most_component_bytes)
                return fail(at_line(inside->line, is_large.in(language), language));
            if (is_line(lines.text, end)) inside = nullptr;
            continue;
        }
        is_calendar = is_calendar || is_line(lines.text, "BEGIN:VCALENDAR");
        const bool is_event = is_line(lines.text, "BEGIN:VEVENT");
        const bool is_zone = is_line(lines.text, "BEGIN:VTIMEZONE");
        if (!is_event && !is_zone) {
            read_head_line(lines.text, file);
            continue;
        }
        auto& list = is_event ? file.events : file.zones;
        end = is_event ? "END:VEVENT" : "END:VTIMEZONE";
        inside = &list.emplace_back(FileComponent{std::string(lines.whole), lines.number});
    }
    if (!is_calendar) return fail(refused(no_calendar.in(language)));
    if (inside != nullptr) return fail(at_line(inside->line, no_end.in(language), language));
    return file;
}

/// "7b Physics [27]": the size, and the course without it.
struct Title {
    std::string course;
    std::optional<std::uint32_t> size;
};

/// Of one line, and short enough on whole letters.
std::string clean(std::string text) {
    std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    if (text.size() > most_name_bytes) text.resize(most_name_bytes);
    while (!text.empty() && !is_utf8(text)) text.pop_back();
    return text;
}

Title title_of(const IcalEvent& event) {
    Title title{std::string(trimmed(event.summary)), std::nullopt};
    const auto open = title.course.rfind('[');
    const auto close = title.course.rfind(']');
    if (open != title.course.npos && close != title.course.npos && close > open + 1) {
        title.size = read_size(std::string_view(title.course).substr(open + 1, close - open - 1));
        if (title.size) {
            title.course.erase(open, close - open + 1);
            title.course = trimmed(title.course);
        }
    }
    if (event.size) title.size = read_size(*event.size);
    title.course = clean(std::move(title.course));
    return title;
}

std::string size_guessed(std::size_t entries, Language language) {
    const std::string number = std::to_string(entries);
    if (language == Language::german)
        return (entries == 1 ? std::string("bei einem Termin") : "bei " + number + " Terminen") +
               " steht nicht, wie viele Leute kommen; angenommen sind 25. [27] in den Titel "
               "schreiben, oder X-AULA-SIZE";
    return (entries == 1 ? std::string("one entry does") : number + " entries do") +
           " not say how many people come; taken as 25. Write [27] into the title, or X-AULA-SIZE";
}

class Import {
public:
    Import(const School& school, Zone zone, std::pair<Date, Date> window, Language language,
           const Worker::Stopped& stopped)
        : school_(school),
          zone_(std::move(zone)),
          window_(window),
          language_(language),
          stopped_(stopped) {}

    Expected<Imported, Error> run(const File& file);

private:
    struct Read {
        IcalEvent event;
        std::size_t line;
    };

    void note(std::size_t line, std::string text) {
        if (imported_.notes.size() < most_notes) imported_.notes.push_back({line, std::move(text)});
    }
    void leave_out(std::size_t line, const Words& why) {
        note(line, Words{"left out: ", "weggelassen: "}.in(language_) + why.in(language_));
    }
    void read_all(const File& file);
    void drop_replaced();
    void add_day_off(const Read& read, const std::string& calendar);
    void add_lesson(const Read& read);

    const School& school_;
    Zone zone_;
    std::pair<Date, Date> window_;
    Language language_;
    const Worker::Stopped& stopped_;
    std::vector<Read> events_;
    std::vector<Occurrence> occurrences_;
    Imported imported_;
    std::size_t without_size_ = 0;
};

void Import::read_all(const File& file) {
    FileZones zones;
    for (const auto& zone : file.zones) zones.add(zone.text);
    IcalBudget budget;
    Zone floating = zone_;
    if (!file.zone.empty()) {
        if (auto own = Zone::load(file.zone)) floating = std::move(*own);
    }
    for (const auto& component : file.events) {
        if (stopped_) return;
        auto event = read_event(component.text, zones, floating, window_, budget);
        if (!event) {
            leave_out(component.line, event.error());
            continue;
        }
        if (!event->unknown_zone.empty())
            note(component.line, Words{"time zone \"", "die Zeitzone „"}.in(language_) +
                                     event->unknown_zone.substr(0, 60) +
                                     Words{"\" is not known; taken as the school's own",
                                           "“ ist unbekannt; die der Schule wurde genommen"}
                                         .in(language_));
        events_.push_back({std::move(*event), component.line});
    }
}

/// An event with a RECURRENCE-ID stands for one of its series.
void Import::drop_replaced() {
    std::map<std::string, std::vector<WallTime>> replaced;
    for (const Read& read : events_) {
        if (read.event.replaces) replaced[read.event.uid].push_back(*read.event.replaces);
    }
    for (auto& [uid, times] : replaced) std::sort(times.begin(), times.end());
    for (Read& read : events_) {
        const auto at = replaced.find(read.event.uid);
        if (read.event.replaces || at == replaced.end()) continue;
        std::erase_if(read.event.starts, [&](WallTime start) {
            return std::binary_search(at->second.begin(), at->second.end(), start);
        });
    }
}

void Import::add_day_off(const Read& read, const std::string& calendar) {
    const IcalEvent& event = read.event;
    if (!speaks_of_days_off(event.categories) && !speaks_of_days_off(event.summary) &&
        !speaks_of_days_off(calendar)) {
        return leave_out(read.line,
                         {"it lasts all day, and neither its category nor its title says that it "
                          "is a holiday",
                          "er dauert den ganzen Tag, und weder Kategorie noch Titel sprechen von "
                          "Ferien oder einem Feiertag"});
    }
    for (const WallTime start : event.starts) {
        const Date first = Zone::utc().date(start);
        const auto more = std::chrono::ceil<days>(event.length) - days(1);
        imported_.days_off.push_back({first, first + more, title_of(event).course});
    }
}

void Import::add_lesson(const Read& read) {
    const Title title = title_of(read.event);
    if (title.course.empty())
        return leave_out(read.line, {"it has no title", "er hat keinen Titel"});
    if (read.event.length >= longest_lesson)
        return leave_out(read.line,
                         {"it lasts for more than a day", "er dauert länger als einen Tag"});
    without_size_ += title.size ? 0 : 1;
    for (const WallTime start : read.event.starts) {
        const LocalTime from = zone_.local(start);
        const LocalTime to = zone_.local(start + read.event.length);
        Occurrence one;
        one.date = from.date;
        one.from = std::chrono::floor<TimeOfDay>(from.since_midnight);
        one.to = std::chrono::ceil<TimeOfDay>(to.since_midnight);
        if (one.to == one.from) one.to += TimeOfDay(1);
        one.course = title.course;
        one.size = title.size.value_or(usual_class);
        one.meeting = clean(read.event.meeting);
        one.endless_weeks = read.event.endless_weeks;
        occurrences_.push_back(std::move(one));
    }
}

Expected<Imported, Error> Import::run(const File& file) {
    read_all(file);
    if (stopped_) return fail(is_stopped());
    drop_replaced();
    for (const Read& read : events_) {
        if (read.event.is_cancelled) continue;
        if (read.event.is_all_day)
            add_day_off(read, file.name);
        else
            add_lesson(read);
    }
    if (imported_.days_off.size() > most_days_off)
        return fail(refused(
            Words{"more than 400 stretches of days off", "mehr als 400 Abschnitte freier Tage"}.in(
                language_)));
    if (without_size_ > 0) note(0, size_guessed(without_size_, language_));
    imported_.rows = fold(std::move(occurrences_), school_, imported_.days_off, window_.second);
    if (imported_.rows.size() > most_rows) return fail(refused(too_many_rows.in(language_)));
    return std::move(imported_);
}

}  // namespace

Expected<Imported, Error> read_icalendar(std::string_view text, const School& school, Date first,
                                         Date last, Language language,
                                         const Worker::Stopped& stopped) {
    if (text.size() > most_import_bytes) return fail(refused(too_large.in(language)));
    auto zone = Zone::load(school.zone);
    if (!zone) return fail(std::move(zone).error());
    const std::string decoded = as_utf8(text);
    const auto file = cut(decoded, language);
    if (!file) return fail(file.error());
    return Import(school, std::move(*zone), {first, last}, language, stopped).run(*file);
}

}  // namespace aula::timetable
