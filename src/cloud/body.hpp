// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "cloud/json.hpp"

namespace aula::cloud {

enum class FieldType : std::uint8_t {
    text,
    choice,         // text, one of `choices`
    base64,         // text
    time,           // text as "2026-01-05T07:40:00Z", or empty
    whole,          // a whole number within `least` and `most`
    whole_or_text,  // the same, also written as text (a client's types say so)
    boolean,
    texts,   // a list of texts
    object,  // any object
};

/// A field that clients may set.
struct Field {
    std::string_view name;
    FieldType type = FieldType::text;
    bool required = false;             // when the object is created
    const char* preset = "\"\"";       // JSON, for a new object
    std::int64_t least = 0, most = 0;  // a number's; most: also a text's bytes, if not 0
    std::string_view choices = {};     // "a|b|c"
    bool changeable = true;
};

/// The fields of a new object. Unknown ones are ignored, as is null. The sentence says what is
/// wrong.
Expected<json::object, std::string> read_new(std::span<const Field> fields,
                                             const json::object& given);
/// Only the fields that are given.
Expected<json::object, std::string> read_changes(std::span<const Field> fields,
                                                 const json::object& given);

}  // namespace aula::cloud
