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

/// "Z", or a fraction before it.
bool ends_as_utc(std::string_view rest) {
    if (rest == "Z") return true;
    if (rest.size() < 3 || rest.front() != '.' || rest.back() != 'Z') return false;
    rest = rest.substr(1, rest.size() - 2);
    return std::all_of(rest.begin(), rest.end(), [](char c) { return c >= '0' && c <= '9'; });
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
    if (text.size() <= layout.size() || !ends_as_utc(text.substr(layout.size())))
        return std::nullopt;
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
    return WallTime(sys_days(date)) + hours(*hour) + minutes(*minute) + seconds(*second);
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
