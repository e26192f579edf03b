// SPDX-License-Identifier: Apache-2.0
#include "timetable/zone.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "timetable/posix_zone.hpp"

namespace aula::timetable {

namespace {

using std::chrono::seconds;

constexpr std::size_t most_file_bytes = 64 << 10;  // the largest of tzdata has 3.5 KB
constexpr std::size_t header_bytes = 44;
// RFC 8536 section 3.2: local times differ by less than 26 hours from UTC.
constexpr std::int32_t most_offset = 26 * 3600;

std::int64_t unix_seconds(WallTime at) {
    return std::chrono::floor<seconds>(at).time_since_epoch().count();
}

Error broken() { return {ErrorCode::invalid, "this is no zone file"}; }

/// Counts of RFC 8536 section 3.1's header.
struct Header {
    std::uint8_t version = 0;
    std::size_t is_ut = 0, is_std = 0, leaps = 0, times = 0, types = 0, letters = 0;

    std::size_t body_bytes(std::size_t time_bytes) const {
        return times * time_bytes + times + types * 6 + letters + leaps * (time_bytes + 4) +
               is_std + is_ut;
    }
};

std::optional<Header> read_counts(Bytes file) {
    if (file.size() < header_bytes || load32(file.data()) != 0x545a6966) return std::nullopt;
    Header header;
    header.version = file[4];
    std::size_t* const counts[] = {&header.is_ut, &header.is_std, &header.leaps,
                                   &header.times, &header.types,  &header.letters};
    std::size_t at = 20;
    for (std::size_t* count : counts) {
        *count = load32(file.data() + at);
        if (*count > most_file_bytes) return std::nullopt;
        at += 4;
    }
    return header;
}

bool is_zone_name(std::string_view name) {
    const auto is_good = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-' || c == '+' || c == '/';
    };
    return !name.empty() && name.size() <= 64 && name.front() != '/' &&
           std::all_of(name.begin(), name.end(), is_good);
}

}  // namespace

struct Zone::Rules {
    struct Change {
        std::int64_t at;
        std::int32_t offset;  // from then on
    };
    std::int32_t first_offset = 0;
    std::vector<Change> changes;
    std::optional<PosixZone> later;  // after the last change

    std::int32_t offset(std::int64_t at) const;
};

std::int32_t Zone::Rules::offset(std::int64_t at) const {
    if (later && (changes.empty() || at >= changes.back().at)) return later->offset(at);
    const auto after =
        std::upper_bound(changes.begin(), changes.end(), at,
                         [](std::int64_t time, const Change& change) { return time < change.at; });
    return after == changes.begin() ? first_offset : std::prev(after)->offset;
}

Zone Zone::utc() { return Zone(std::make_shared<const Rules>()); }

Expected<Zone, Error> Zone::parse(Bytes file) {
    if (file.size() > most_file_bytes) return fail(broken());
    auto header = read_counts(file);
    if (!header || header->version < '2') return fail(broken());
    // The block of 32-bit times stands first and says nothing that the other does not.
    const std::size_t first_block = header_bytes + header->body_bytes(4);
    if (file.size() < first_block) return fail(broken());
    file = file.subspan(first_block);
    header = read_counts(file);
    if (!header || header->types == 0) return fail(broken());
    const std::size_t end = header_bytes + header->body_bytes(8);
    if (file.size() < end) return fail(broken());

    const std::size_t types_at = header_bytes + header->times * 9;
    std::vector<std::int32_t> offsets;
    for (std::size_t i = 0; i < header->types; ++i) {
        const auto offset = static_cast<std::int32_t>(load32(file.data() + types_at + i * 6));
        if (offset <= -most_offset || offset >= most_offset) return fail(broken());
        offsets.push_back(offset);
    }
    auto rules = std::make_shared<Rules>();
    rules->first_offset = offsets.front();
    for (std::size_t i = 0; i < header->times; ++i) {
        const auto at = static_cast<std::int64_t>(load64(file.data() + header_bytes + i * 8));
        const std::size_t type = file[header_bytes + header->times * 8 + i];
        if (type >= offsets.size()) return fail(broken());
        if (i > 0 && at <= rules->changes.back().at) return fail(broken());
        rules->changes.push_back({at, offsets[type]});
    }
    // Section 3.3: the footer is a POSIX TZ text between two newlines.
    std::string_view footer(reinterpret_cast<const char*>(file.data()) + end, file.size() - end);
    if (footer.size() < 2 || footer.front() != '\n' || footer.find('\n', 1) == footer.npos)
        return fail(broken());
    footer = footer.substr(1, footer.find('\n', 1) - 1);
    if (!footer.empty()) {
        rules->later = PosixZone::parse(footer);
        if (!rules->later) return fail(broken());
    }
    return Zone(std::move(rules));
}

Expected<Zone, Error> Zone::load(std::string_view name, const std::filesystem::path& folder) {
    const Error unknown{ErrorCode::not_found, "there is no time zone \"" + std::string(name) +
                                                  "\"; it is written as in \"Europe/Berlin\""};
    if (!is_zone_name(name)) return fail(unknown);
    std::error_code error;
    const auto file = folder / name;
    if (!std::filesystem::is_regular_file(file, error)) return fail(unknown);
    std::ifstream in(file, std::ios::binary);
    std::string bytes(most_file_bytes + 1, '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(in.gcount()));
    return parse(bytes_of(bytes));
}

Offset Zone::offset(WallTime at) const { return seconds(rules_->offset(unix_seconds(at))); }

LocalTime Zone::local(WallTime at) const {
    const std::int64_t here = unix_seconds(at) + rules_->offset(unix_seconds(at));
    const std::chrono::local_seconds time{seconds(here)};
    const auto date = std::chrono::floor<std::chrono::days>(time);
    return {date, time - date};
}

WallTime Zone::utc(Date date, std::chrono::seconds since_midnight) const {
    const std::int64_t here =
        std::chrono::local_seconds(date).time_since_epoch().count() + since_midnight.count();
    // The offsets a day before and after are those before and after a change, if one is near. A
    // time that fits the earlier offset is the first of two; one that fits neither is left out by
    // the change and reckoned with the earlier.
    const std::int32_t before = rules_->offset(here - 86'400);
    const std::int32_t after = rules_->offset(here + 86'400);
    const bool fits_before = rules_->offset(here - before) == before;
    const bool fits_after = rules_->offset(here - after) == after;
    const std::int64_t at = !fits_before && fits_after ? here - after : here - before;
    return WallTime(seconds(at));
}

}  // namespace aula::timetable
