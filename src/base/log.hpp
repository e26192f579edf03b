// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

namespace aula::log {

enum class Level : unsigned char { debug, info, warning, error };
enum class Format : unsigned char { text, json };

/// One named value of a log line. Never put a secret, a token or a person's message into one.
struct Field {
    Field(std::string_view n, std::string_view v) : name(n), value(v) {}
    Field(std::string_view n, const std::string& v) : name(n), value(v) {}
    Field(std::string_view n, const char* v) : name(n), value(v) {}
    Field(std::string_view n, bool v) : name(n), value(v ? "true" : "false"), bare(true) {}
    template <class Number>
    requires(std::integral<Number> || std::floating_point<Number>)
        Field(std::string_view n, Number v)
        : name(n), value(std::to_string(v)), bare(true) {}

    std::string_view name;
    std::string value;
    bool bare = false;
};

using Fields = std::initializer_list<Field>;

/// Set once at start-up, before other threads run. Lines go to stderr.
void configure(std::string_view role, Level least, Format format);

void debug(std::string_view sentence, Fields fields = {});
/// What an operator would tell a colleague; nothing per packet.
void info(std::string_view sentence, Fields fields = {});
void warning(std::string_view sentence, Fields fields = {});
void error(std::string_view sentence, Fields fields = {});

}  // namespace aula::log
