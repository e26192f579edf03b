// SPDX-License-Identifier: Apache-2.0
#include "base/csv.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/encoding.hpp"
#include "timetable/import.hpp"
#include "timetable/text.hpp"

namespace aula::timetable {

namespace {

enum class Column : std::uint8_t {
    day,
    date,
    slot,
    from,
    to,
    group,
    subject,
    size,
    weeks,
    valid_from,
    valid_until,
    not_on,
    meeting,
    count,
};
constexpr std::size_t no_column = ~std::size_t{0};
using Columns = std::array<std::size_t, static_cast<std::size_t>(Column::count)>;

/// Headers as plain() makes them, German and English.
constexpr std::pair<std::string_view, Column> headers[] = {
    {"wochentag", Column::day},
    {"tag", Column::day},
    {"weekday", Column::day},
    {"day", Column::day},
    {"datum", Column::date},
    {"date", Column::date},
    {"stunde", Column::slot},
    {"lesson", Column::slot},
    {"slot", Column::slot},
    {"period", Column::slot},
    {"von", Column::from},
    {"beginn", Column::from},
    {"from", Column::from},
    {"start", Column::from},
    {"bis", Column::to},
    {"ende", Column::to},
    {"to", Column::to},
    {"end", Column::to},
    {"klasse", Column::group},
    {"gruppe", Column::group},
    {"class", Column::group},
    {"group", Column::group},
    {"fach", Column::subject},
    {"kurs", Column::subject},
    {"subject", Column::subject},
    {"course", Column::subject},
    {"grosse", Column::size},
    {"groesse", Column::size},
    {"anzahl", Column::size},
    {"schuler", Column::size},
    {"schueler", Column::size},
    {"teilnehmer", Column::size},
    {"size", Column::size},
    {"pupils", Column::size},
    {"seats", Column::size},
    {"woche", Column::weeks},
    {"week", Column::weeks},
    {"weeks", Column::weeks},
    {"gultigab", Column::valid_from},
    {"gueltigab", Column::valid_from},
    {"validfrom", Column::valid_from},
    {"gultigbis", Column::valid_until},
    {"gueltigbis", Column::valid_until},
    {"validuntil", Column::valid_until},
    {"ausser", Column::not_on},
    {"entfallt", Column::not_on},
    {"except", Column::not_on},
    {"noton", Column::not_on},
    {"meeting", Column::meeting},
    {"meetingid", Column::meeting},
};

constexpr std::pair<std::string_view, unsigned> weekday_names[] = {
    {"montag", 1},    {"dienstag", 2},  {"mittwoch", 3}, {"donnerstag", 4}, {"freitag", 5},
    {"samstag", 6},   {"sonnabend", 6}, {"sonntag", 7},  {"monday", 1},     {"tuesday", 2},
    {"wednesday", 3}, {"thursday", 4},  {"friday", 5},   {"saturday", 6},   {"sunday", 7},
};

std::optional<std::chrono::weekday> read_weekday(std::string_view cell) {
    const std::string text = plain(cell);
    if (text.size() == 1 && text[0] >= '1' && text[0] <= '7')
        return std::chrono::weekday(static_cast<unsigned>(text[0] - '0'));
    if (text.size() < 2) return std::nullopt;
    for (const auto& [name, day] : weekday_names) {
        if (name.starts_with(text)) return std::chrono::weekday(day);
    }
    return std::nullopt;
}

std::optional<Weeks> read_weeks(std::string_view cell) {
    const std::string text = plain(cell);
    if (text.empty() || text == "jede" || text == "every" || text == "all" || text == "alle" ||
        text == "ab")
        return Weeks::every;
    if (text == "a") return Weeks::a;
    if (text == "b") return Weeks::b;
    return std::nullopt;
}

char separator_of(std::string_view text) {
    const auto header = text.substr(0, text.find_first_of("\r\n"));
    const auto times = [&](char c) { return std::count(header.begin(), header.end(), c); };
    char best = ';';
    for (const char c : {',', '\t'}) {
        if (times(c) > times(best)) best = c;
    }
    return best;
}

Expected<Columns, Error> read_header(const std::vector<std::string>& cells, std::size_t line,
                                     Language language) {
    Columns columns;
    columns.fill(no_column);
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string name = plain(cells[i]);
        for (const auto& [header, column] : headers) {
            if (header == name) columns[static_cast<std::size_t>(column)] = i;
        }
    }
    const auto lacks = [&](const Words& what) {
        return fail(at_line(line, what.in(language), language));
    };
    const auto has = [&](Column column) {
        return columns[static_cast<std::size_t>(column)] != no_column;
    };
    if (!has(Column::group) && !has(Column::subject))
        return lacks(
            {"no column \"course\"; the first line names the columns",
             "keine Spalte „Kurs“, „Klasse“ oder „Fach“; die erste Zeile nennt die Spalten"});
    if (!has(Column::day) && !has(Column::date))
        return lacks(
            {"no column \"weekday\" or \"date\"", "keine Spalte „Wochentag“ oder „Datum“"});
    if (!has(Column::size))
        return lacks({"no column \"size\": how many people come",
                      "keine Spalte „Anzahl“: wie viele Leute kommen"});
    if (!has(Column::slot) && !(has(Column::from) && has(Column::to)))
        return lacks({"no column \"lesson\", nor \"from\" and \"to\"",
                      "keine Spalte „Stunde“ und keine Spalten „von“ und „bis“"});
    return columns;
}

/// One line of the file.
class Line {
public:
    Line(const Columns& columns, const std::vector<std::string>& cells, std::size_t number,
         Language language)
        : columns_(columns), cells_(cells), number_(number), language_(language) {}

    Expected<Row, Error> row(const School& school) const;

private:
    std::string_view cell(Column column) const {
        const std::size_t at = columns_[static_cast<std::size_t>(column)];
        return at < cells_.size() ? trimmed(cells_[at]) : std::string_view();
    }
    auto wrong_row(const Words& what) const {
        return fail(at_line(number_, what.in(language_), language_));
    }
    auto wrong(const Words& what, std::string_view found, const Words& hint) const {
        constexpr Words unreadable{"\" cannot be read; ", "“ ist nicht lesbar; "};
        const std::string mark = Words{" \"", " „"}.in(language_);
        return fail(at_line(number_,
                            what.in(language_) + mark + std::string(found.substr(0, 40)) +
                                unreadable.in(language_) + hint.in(language_),
                            language_));
    }
    Expected<void, Error> read_days(Row& row) const;
    Expected<void, Error> read_times(Row& row, const School& school) const;
    Expected<void, Error> read_exceptions(Row& row) const;

    const Columns& columns_;
    const std::vector<std::string>& cells_;
    std::size_t number_;
    Language language_;
};

constexpr Words the_date{"the date", "das Datum"};
constexpr Words as_dates{"write 2026-09-01 or 01.09.2026", "etwa 01.09.2026 schreiben"};
constexpr Words the_time{"the time", "die Uhrzeit"};

Expected<void, Error> Line::read_days(Row& row) const {
    for (auto [column, date] : {std::pair(Column::valid_from, &row.valid_from),
                                std::pair(Column::valid_until, &row.valid_until)}) {
        const auto text = cell(column);
        if (text.empty()) continue;
        *date = parse_date(text);
        if (!*date) return wrong(the_date, text, as_dates);
    }
    if (const auto text = cell(Column::date); !text.empty()) {
        row.valid_from = row.valid_until = parse_date(text);
        if (!row.valid_from) return wrong(the_date, text, as_dates);
        row.day = std::chrono::weekday(*row.valid_from);
        return {};
    }
    const auto day = read_weekday(cell(Column::day));
    if (!day)
        return wrong({"the weekday", "der Wochentag"}, cell(Column::day),
                     {"write Monday, Mon or 1", "Montag, Mo oder 1 schreiben"});
    row.day = *day;
    return {};
}

Expected<void, Error> Line::read_times(Row& row, const School& school) const {
    if (const auto slot = cell(Column::slot); !slot.empty()) {
        // Spreadsheets like to show "1." for the first lesson.
        row.slot = slot.ends_with('.') ? slot.substr(0, slot.size() - 1) : slot;
        const auto is_it = [&](const Slot& one) { return one.name == row.slot; };
        if (std::any_of(school.slots.begin(), school.slots.end(), is_it)) return {};
        if (cell(Column::from).empty())
            return wrong({"the lesson", "die Stunde"}, slot,
                         {"it is not among the school's lesson times",
                          "sie steht nicht in den Unterrichtszeiten der Schule"});
        row.slot.clear();
    }
    const auto from = parse_time(cell(Column::from));
    if (!from) return wrong(the_time, cell(Column::from), {"write 07:45", "etwa 07:45 schreiben"});
    const auto to = parse_time(cell(Column::to));
    if (!to || *to == *from)
        return wrong(the_time, cell(Column::to), {"write 08:30", "etwa 08:30 schreiben"});
    row.from = *from;
    row.to = *to;
    return {};
}

Expected<void, Error> Line::read_exceptions(Row& row) const {
    std::string_view rest = cell(Column::not_on);
    while (!rest.empty()) {
        const auto end = std::min(rest.find_first_of(" ,;|"), rest.size());
        if (const auto text = rest.substr(0, end); !text.empty()) {
            const auto date = parse_date(text);
            if (!date)
                return wrong({"the exception", "die Ausnahme"}, text,
                             {"write dates with blanks between",
                              "Daten mit Leerzeichen dazwischen schreiben"});
            row.not_on.push_back(*date);
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    std::sort(row.not_on.begin(), row.not_on.end());
    return {};
}

Expected<Row, Error> Line::row(const School& school) const {
    Row row;
    if (auto read = read_days(row); !read) return fail(std::move(read).error());
    if (auto read = read_times(row, school); !read) return fail(std::move(read).error());
    if (auto read = read_exceptions(row); !read) return fail(std::move(read).error());
    row.course = cell(Column::group);
    if (const auto subject = cell(Column::subject); !subject.empty())
        row.course += (row.course.empty() ? "" : " ") + std::string(subject);
    if (row.course.empty())
        return wrong_row({"no course; say who meets", "kein Kurs; es fehlt, wer sich trifft"});
    const auto size = read_size(cell(Column::size));
    if (!size)
        return wrong({"the size", "die Anzahl"}, cell(Column::size),
                     {"write a number from 1 to 5000", "eine Zahl von 1 bis 5000 schreiben"});
    row.size = *size;
    const auto weeks = read_weeks(cell(Column::weeks));
    if (!weeks)
        return wrong({"the week", "die Woche"}, cell(Column::weeks),
                     {"write A, B or nothing", "A, B oder nichts schreiben"});
    row.weeks = *weeks;
    row.meeting = cell(Column::meeting);
    if (const auto what = what_is_wrong(row, school)) return wrong_row(*what);
    return row;
}

}  // namespace

Expected<Imported, Error> read_csv(std::string_view text, const School& school, Language language,
                                   const Worker::Stopped& stopped) {
    if (text.size() > most_import_bytes) return fail(refused(too_large.in(language)));
    Imported imported;
    const std::string decoded = as_utf8(text);
    if (decoded.size() != text.size() && !text.starts_with("\xef\xbb\xbf"))
        imported.notes.push_back({0, Words{"the file is not UTF-8; read as Windows-1252",
                                           "die Datei ist nicht in UTF-8; als Windows-1252 gelesen"}
                                         .in(language)});
    CsvReader reader(decoded, separator_of(decoded));
    const auto header = reader.next();
    if (!header)
        return fail(refused(Words{"the file is empty", "die Datei ist leer"}.in(language)));
    const auto columns = read_header(*header, reader.line(), language);
    if (!columns) return fail(columns.error());
    while (const auto cells = reader.next()) {
        if (stopped) return fail(is_stopped());
        auto row = Line(*columns, *cells, reader.line(), language).row(school);
        if (!row) return fail(std::move(row).error());
        if (imported.rows.size() == most_rows)
            return fail(at_line(reader.line(), too_many_rows.in(language), language));
        imported.rows.push_back(std::move(*row));
    }
    constexpr Words open_quote{"a quotation mark is never closed",
                               "ein Anführungszeichen hat kein Gegenstück"};
    if (reader.is_broken()) return fail(at_line(reader.line(), open_quote.in(language), language));
    return imported;
}

std::string write_csv(const School& school) {
    std::string csv =
        "weekday;lesson;from;to;course;size;week;valid from;valid until;except;meeting\r\n";
    static constexpr const char* names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    for (const Row& row : school.rows) {
        std::string exceptions;
        for (const Date date : row.not_on)
            exceptions += (exceptions.empty() ? "" : " ") + format_date(date);
        const bool has_slot = !row.slot.empty();
        const std::string cells[] = {names[row.day.iso_encoding() - 1],
                                     row.slot,
                                     has_slot ? "" : format_time(row.from),
                                     has_slot ? "" : format_time(row.to),
                                     row.course,
                                     std::to_string(row.size),
                                     row.weeks == Weeks::every ? ""
                                     : row.weeks == Weeks::a   ? "A"
                                                               : "B",
                                     row.valid_from ? format_date(*row.valid_from) : "",
                                     row.valid_until ? format_date(*row.valid_until) : "",
                                     exceptions,
                                     row.meeting};
        std::string line;
        for (const std::string& text : cells) line += (line.empty() ? "" : ";") + csv_cell(text);
        csv += line + "\r\n";
    }
    return csv;
}

}  // namespace aula::timetable
