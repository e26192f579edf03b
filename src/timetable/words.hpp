// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aula::timetable {

/// In which people are told what is wrong with their file.
enum class Language : std::uint8_t { english, german };

/// A sentence for people, or a part of one.
struct Words {
    std::string_view english, german;

    std::string in(Language language) const {
        return std::string(language == Language::german ? german : english);
    }
};

}  // namespace aula::timetable
