// SPDX-License-Identifier: Apache-2.0
#include "cloud/formats.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#include "base/encoding.hpp"
#include "crypto/random.hpp"

namespace aula::cloud {
namespace {

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
    int number = 0;
    for (const char c : text.substr(at, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        number = number * 10 + (c - '0');
    }
    return number;
}

/// Takes a fraction of the second off; false when it has no digits.
bool skip_fraction(std::string_view& rest) {
    if (!rest.starts_with('.')) return true;
    const auto end = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
    rest.remove_prefix(end);
    return end > 1;
}

/// East of Greenwich: "Z", "+02:00", or nothing, which is UTC.
std::optional<std::chrono::minutes> read_zone(std::string_view zone) {
    if (zone.empty() || zone == "Z") return std::chrono::minutes(0);
    if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':')
        return std::nullopt;
    const auto hours = digits(zone, 1, 2), minutes = digits(zone, 4, 2);
    if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    const auto offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
    return zone[0] == '+' ? offset : -offset;
}

}  // namespace

std::string time_text(WallTime time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    const std::time_t whole = seconds;
    std::tm parts{};
    gmtime_r(&whole, &parts);
    std::array<char, 32> text{};
    const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return {text.data(), size};
}

std::optional<WallTime> parse_time(std::string_view text) {
    constexpr std::string_view layout = "0000-00-00T00:00:00";
    if (text.size() < layout.size()) return std::nullopt;
    auto rest = text.substr(layout.size());
    if (!skip_fraction(rest)) return std::nullopt;
    const auto zone = read_zone(rest);
    if (!zone) return std::nullopt;
    for (std::size_t i = 0; i < layout.size(); ++i) {
        if (layout[i] != '0' && layout[i] != text[i]) return std::nullopt;
    }
    const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2),
               hour = digits(text, 11, 2), minute = digits(text, 14, 2),
               second = digits(text, 17, 2);
    if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
    using namespace std::chrono;
    const year_month_day date{std::chrono::year(*year), std::chrono::month(unsigned(*month)),
                              std::chrono::day(unsigned(*day))};
    // The nanoseconds of a WallTime end in 2262.
    if (!date.ok() || *year < 1970 || *year > 2200 || *hour > 23 || *minute > 59 || *second > 60)
        return std::nullopt;
    return WallTime(sys_days(date)) + hours(*hour) + minutes(*minute) + seconds(*second) - *zone;
}

std::string make_uuid() {
    std::array<std::uint8_t, 16> bytes{};
    crypto::random_fill(bytes);
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
    auto text = hex(bytes);
    for (const std::size_t at : {8u, 13u, 18u, 23u}) text.insert(at, "-");
    return text;
}

}  // namespace aula::cloud
