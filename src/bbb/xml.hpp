// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aula::bbb {

/// Writes an XML answer, element by element. Whatever the texts hold, the outcome is well-formed:
/// markup is escaped and characters that XML 1.0 forbids are left out. Element names are the
/// caller's own or have passed is_xml_name.
class Xml {
public:
    Xml& open(std::string_view name);
    Xml& close();
    Xml& text(std::string_view name, std::string_view value);
    Xml& number(std::string_view name, long long value) {
        return text(name, std::to_string(value));
    }
    Xml& flag(std::string_view name, bool value) { return text(name, value ? "true" : "false"); }
    /// Closes what is open.
    std::string finish();

private:
    std::string out_;
    std::vector<std::string> open_;
};

/// ASCII letters, digits, '_', '-' and '.', beginning with a letter or '_'.
bool is_xml_name(std::string_view name);

}  // namespace aula::bbb
