// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace aula {

/// A text between tags or in an attribute, of XML or of HTML: markup is escaped, and characters
/// that XML 1.0 forbids are left out.
std::string xml_escaped(std::string_view text);

}  // namespace aula
