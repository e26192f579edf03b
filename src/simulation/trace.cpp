// SPDX-License-Identifier: Apache-2.0
#include "simulation/trace.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace aula::simulation {
namespace {

using std::chrono::hours;

constexpr std::size_t most_name_bytes = 200;
constexpr std::int64_t latest_second = 7'258'118'400;  // the year 2200; WallTime ends in 2262
constexpr std::uint32_t most_seats = 100'000;
constexpr std::int64_t most_seconds_of_a_lesson = 24 * 3600;

using Fields = std::array<std::string, 8>;

/// One record, without its line end; nothing if it has not eight fields or a quote is misplaced.
bool split(std::string_view line, Fields& fields) {
    std::size_t field = 0;
    std::size_t at = 0;
    for (;; ++at) {
        if (field == fields.size()) return false;
        auto& out = fields[field++];
        out.clear();
        if (at < line.size() && line[at] == '"') {
            for (++at;; ++at) {
                if (at >= line.size()) return false;
                if (line[at] != '"') {
                    out.push_back(line[at]);
                } else if (at + 1 < line.size() && line[at + 1] == '"') {
                    out.push_back(line[at++]);
                } else {
                    break;
                }
            }
            ++at;
            if (at < line.size() && line[at] != ',') return false;
        } else {
            const auto end = std::min(line.find(',', at), line.size());
            out = line.substr(at, end - at);
            at = end;
        }
        if (at >= line.size()) return field == fields.size();
    }
}

class Reader {
public:
    Expected<Lesson, TraceFault> lesson(const Fields& fields);

private:
    struct Times {
        WallTime from;
        WallTime until;
        fleet::Seats seats = 0;
    };
    using Stretch = std::optional<Times>;
    static Expected<Stretch, TraceFault> times(const std::string* three, TraceFault if_half);

    std::unordered_set<std::string> lessons_;
    std::unordered_map<std::string, fleet::SchoolKey> schools_;
};

bool read_number(const std::string& text, std::int64_t most, std::int64_t& number) {
    const auto* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && rest == end && number >= 0 && number <= most;
}

Expected<Reader::Stretch, TraceFault> Reader::times(const std::string* three, TraceFault if_half) {
    const auto empty = std::count_if(three, three + 3, [](const auto& one) { return one.empty(); });
    if (empty == 3) return Stretch();
    if (empty != 0) return fail(if_half);
    std::int64_t from = 0, until = 0, seats = 0;
    if (!read_number(three[0], latest_second, from) ||
        !read_number(three[1], latest_second, until) ||
        !read_number(three[2], latest_second, seats)) {
        return fail(TraceFault::number);
    }
    if (until <= from || until - from > most_seconds_of_a_lesson) return fail(TraceFault::order);
    if (seats == 0 || seats > most_seats) return fail(TraceFault::seats);
    return Stretch(Times{WallTime(std::chrono::seconds(from)),
                         WallTime(std::chrono::seconds(until)), static_cast<fleet::Seats>(seats)});
}

Expected<Lesson, TraceFault> Reader::lesson(const Fields& fields) {
    const auto is_name = [](const std::string& text) {
        return !text.empty() && text.size() <= most_name_bytes;
    };
    if (!is_name(fields[0]) || !is_name(fields[1])) return fail(TraceFault::name);
    const auto planned = times(&fields[2], TraceFault::half_planned);
    if (!planned) return fail(planned.error());
    const auto real = times(&fields[5], TraceFault::half_real);
    if (!real) return fail(real.error());
    if (!*planned && !*real) return fail(TraceFault::nothing);
    if (!lessons_.insert(fields[0]).second) return fail(TraceFault::twice);

    Lesson lesson;
    lesson.key = lessons_.size();
    lesson.school = schools_.try_emplace(fields[1], schools_.size()).first->second;
    // Which lessons are of one course is not said: one at the same time of the week, if announced.
    if (*planned) {
        lesson.planned = Announcement{(*planned)->from, (*planned)->until, (*planned)->seats};
        const auto time = (*planned)->from.time_since_epoch() % hours(24 * 7);
        lesson.course = static_cast<fleet::CourseKey>(time / std::chrono::minutes(5));
        lesson.start = lesson.filled = lesson.end = (*planned)->from;
    }
    if (*real) {
        lesson.start = lesson.filled = (*real)->from;
        lesson.end = (*real)->until;
        lesson.seats = (*real)->seats;
    }
    return lesson;
}

WallTime last_moment(const std::vector<Lesson>& lessons) {
    WallTime last{};
    for (const auto& lesson : lessons) last = std::max({last, lesson.end, lesson.first_mention()});
    return last;
}

}  // namespace

std::string in_words(const TraceError& error) {
    static constexpr std::array<const char*, 13> texts = {
        "the file is too large",
        "the header has to be "
        "lesson,school,planned_start,planned_end,planned_seats,start,end,seats",
        "there have to be eight fields",
        "lesson and school have to be named, in at most 200 bytes",
        "a time or a number of seats is no whole number, or out of range",
        "planned_start, planned_end and planned_seats have to be given all three, or none",
        "start, end and seats have to be given all three, or none",
        "the lesson is neither planned nor did it take place",
        "an end has to be after its start, by 24 hours at most",
        "seats have to be from 1 to 100000",
        "this lesson was there before",
        "the lessons lie more than ten years apart",
        "there is no lesson",
    };
    const auto place = error.line == 0 ? "" : "line " + std::to_string(error.line) + ": ";
    return place + texts[static_cast<std::size_t>(error.fault)];
}

Expected<std::vector<Lesson>, TraceError> read_trace(std::string_view csv) {
    if (csv.size() > most_trace_bytes) return fail(TraceError{0, TraceFault::too_large});
    if (csv.starts_with("\xef\xbb\xbf")) csv.remove_prefix(3);
    std::vector<Lesson> lessons;
    Reader reader;
    Fields fields;
    for (std::size_t number = 1; !csv.empty() || number == 1; ++number) {
        const auto end = std::min(csv.find('\n'), csv.size());
        auto line = csv.substr(0, end);
        csv.remove_prefix(std::min(end + 1, csv.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (number == 1) {
            if (line != trace_header) return fail(TraceError{1, TraceFault::header});
            continue;
        }
        if (line.empty()) continue;
        if (lessons.size() == most_trace_lessons)
            return fail(TraceError{number, TraceFault::too_large});
        if (!split(line, fields)) return fail(TraceError{number, TraceFault::fields});
        auto lesson = reader.lesson(fields);
        if (!lesson) return fail(TraceError{number, lesson.error()});
        lessons.push_back(*lesson);
    }
    if (lessons.empty()) return fail(TraceError{0, TraceFault::empty});
    std::sort(lessons.begin(), lessons.end(), [](const Lesson& a, const Lesson& b) {
        return std::pair(a.first_mention(), a.key) < std::pair(b.first_mention(), b.key);
    });
    const auto days = (last_moment(lessons) - lessons.front().first_mention()) / hours(24);
    if (days > std::int64_t{most_trace_days}) return fail(TraceError{0, TraceFault::span});
    return lessons;
}

Lessons replay(std::vector<Lesson> recorded) {
    Lessons lessons;
    lessons.from = std::chrono::floor<std::chrono::days>(recorded.front().first_mention());
    // Two hours more, so that the last node is switched off before the end.
    const auto end = last_moment(recorded) + hours(2);
    lessons.days = static_cast<unsigned>((end - lessons.from) / hours(24)) + 1;
    const auto all = std::make_shared<const std::vector<Lesson>>(std::move(recorded));
    lessons.of_day = [all, from = lessons.from](unsigned day) {
        const auto before = [](const Lesson& lesson, WallTime at) {
            return lesson.first_mention() < at;
        };
        const auto midnight = from + hours(24) * day;
        const auto first = std::lower_bound(all->begin(), all->end(), midnight, before);
        const auto last_one = std::lower_bound(first, all->end(), midnight + hours(24), before);
        return std::vector<Lesson>(first, last_one);
    };
    return lessons;
}

}  // namespace aula::simulation
