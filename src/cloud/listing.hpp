// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cloud/json.hpp"

namespace aula::cloud {

/// What the query of a list asks for: page, limit, offset, sort, fields, filter.
class Listing {
public:
    /// The sentence says what is wrong with it.
    static Expected<Listing, std::string> parse(std::string_view query);

    struct Page {
        std::vector<std::string> ids;  // of the objects, also when object_uuid was not asked for
        std::vector<json::object> objects;
        std::optional<json::object> meta, links;  // only when the query asked for anything
    };
    /// Filters, sorts, cuts out the page and leaves only the fields asked for. Links are relative
    /// to the server: a client takes only an https address for a whole one.
    Page apply(std::vector<json::object> objects, std::string_view path) const;

private:
    enum class Comparison : std::uint8_t { equal, unequal, less, more, at_most, at_least };
    struct Condition {
        std::string field;
        Comparison comparison{};
        std::string value;
    };
    struct Order {
        std::string field;
        bool descending = false;
    };
    static Expected<Condition, std::string> parse_condition(std::string_view text);
    static bool holds(const Condition& condition, const json::object& object);
    bool comes_before(const json::object& a, const json::object& b) const;
    bool is_wanted(const json::object& object) const;
    json::object cut(const json::object& object) const;
    json::object links(std::string_view path, std::size_t total) const;
    std::string link(std::string_view path, std::size_t page) const;
    std::size_t start() const { return offset_ ? *offset_ : page_ * limit_; }

    bool asked_ = false;
    std::size_t page_ = 0;
    std::size_t limit_ = 0;  // 0: all
    std::optional<std::size_t> offset_;
    std::vector<Order> orders_;
    std::vector<std::string> fields_;
    std::vector<Condition> conditions_;
    std::string kept_query_;  // what every link repeats
};

}  // namespace aula::cloud
