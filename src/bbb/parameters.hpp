// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bbb/refusal.hpp"

namespace aula::bbb {

/// The decoded parameters of one call, in the order given. Values have no control characters and no
/// blanks around them. Of a repeated name the first counts.
class Parameters {
public:
    using Fields = std::vector<std::pair<std::string, std::string>>;

    /// Reads "name=value&..." as a query or a form carries it. Too many or too long parameters,
    /// broken escapes, text that is not UTF-8 and a meetingID with control characters or blanks
    /// around it are a validationError.
    static Expected<Parameters, Refusal> parse(std::string_view encoded);
    /// As they were when stored: nothing is checked again.
    static Parameters of(Fields fields);

    const std::string* find(std::string_view name) const;
    /// The value, or an empty text.
    std::string text(std::string_view name) const;
    bool has(std::string_view name) const { return find(name) != nullptr; }
    /// Anything but "true" in whatever case is false.
    bool boolean(std::string_view name, bool absent) const;
    /// Digits only; anything else counts as absent.
    std::uint64_t number(std::string_view name, std::uint64_t absent) const;
    /// A comma-separated list; empty items are left out.
    std::vector<std::string> list(std::string_view name) const;

    auto begin() const { return fields_.begin(); }
    auto end() const { return fields_.end(); }
    std::size_t size() const { return fields_.size(); }

private:
    Fields fields_;
};

/// Without control characters and without blanks around it.
std::string cleaned(std::string_view text);
/// The number that consists of these digits and nothing else.
std::optional<std::uint64_t> digits(std::string_view text);
std::string lower_case(std::string_view text);

}  // namespace aula::bbb
