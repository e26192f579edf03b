// SPDX-License-Identifier: Apache-2.0
#include "base/log.hpp"

#include <array>
#include <chrono>
#include <ctime>

#include <fmt/format.h>
#include <unistd.h>

namespace aula::log {
namespace {

struct Settings {
    std::string role = "aula";
    Level least = Level::info;
    Format format = Format::text;
};
Settings settings;

constexpr std::array<std::string_view, 4> level_names = {"debug", "info", "warning", "error"};

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out.push_back('\\');
            out.push_back(c);
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
            out.push_back(c);
        }
    }
    out.push_back('"');
    return out;
}

std::string timestamp() {
    const auto now = std::chrono::system_clock::now();
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    const auto ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() %
        1000;
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900,
                       utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, ms);
}

void write_line(Level level, std::string_view sentence, Fields fields) {
    if (level < settings.least) return;
    const std::string_view name = level_names[static_cast<std::size_t>(level)];
    std::string line;
    if (settings.format == Format::json) {
        line = fmt::format("{{\"time\":\"{}\",\"level\":\"{}\",\"role\":\"{}\",\"message\":{}",
                           timestamp(), name, settings.role, quoted(sentence));
        for (const Field& field : fields) {
            line += fmt::format(",{}:{}", quoted(field.name),
                                field.bare ? field.value : quoted(field.value));
        }
        line += "}\n";
    } else {
        line = fmt::format("{} {} {}: {}", timestamp(), settings.role, name, sentence);
        for (const Field& field : fields) {
            line +=
                fmt::format(" {}={}", field.name, field.bare ? field.value : quoted(field.value));
        }
        line.push_back('\n');
    }
    // One write a line, so that lines of several threads and processes do not mix.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace

void configure(std::string_view role, Level least, Format format) {
    settings = Settings{std::string(role), least, format};
}

void debug(std::string_view sentence, Fields fields) { write_line(Level::debug, sentence, fields); }
void info(std::string_view sentence, Fields fields) { write_line(Level::info, sentence, fields); }
void warning(std::string_view sentence, Fields fields) {
    write_line(Level::warning, sentence, fields);
}
void error(std::string_view sentence, Fields fields) { write_line(Level::error, sentence, fields); }

}  // namespace aula::log
