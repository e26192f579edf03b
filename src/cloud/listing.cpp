// SPDX-License-Identifier: Apache-2.0
#include "cloud/listing.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/encoding.hpp"
#include "http/message.hpp"

namespace aula::cloud {
namespace {

constexpr std::size_t usual_limit = 25;  // as gridscale's own client asks for
constexpr std::size_t most_parts = 64;   // of sort, fields and filter

template <class Number>
std::optional<Number> read_number(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::vector<std::string_view> split_at_commas(std::string_view text) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const auto part = text.substr(0, text.find(','));
        if (!part.empty()) parts.push_back(part);
        text.remove_prefix(std::min(part.size() + 1, text.size()));
    }
    return parts;
}

/// -1, 0 or 1; nullopt for what cannot be compared.
std::optional<int> compared(const json::value& value, std::string_view with) {
    const auto sign = [](auto a, auto b) { return a < b ? -1 : a > b ? 1 : 0; };
    if (value.is_string()) return sign(std::string_view(value.get_string()).compare(with), 0);
    if (value.is_bool()) return sign(value.get_bool() ? 1 : 0, with == "true" ? 1 : 0);
    const auto number = read_number<double>(with);
    if (!number || !value.is_number()) return std::nullopt;
    return sign(value.to_number<double>(), *number);
}

int compared(const json::value* a, const json::value* b) {
    if (!a || !b) return (a ? 1 : 0) - (b ? 1 : 0);
    if (a->is_number() && b->is_number()) {
        const auto left = a->to_number<double>(), right = b->to_number<double>();
        return left < right ? -1 : left > right ? 1 : 0;
    }
    if (a->is_string() && b->is_string())
        return std::string_view(a->get_string()).compare(std::string_view(b->get_string()));
    return json::serialize(*a).compare(json::serialize(*b));
}

/// A list has the value when one of its strings is it.
bool contains(const json::array& list, std::string_view value) {
    return std::any_of(list.begin(), list.end(), [&](const json::value& entry) {
        return entry.is_string() && std::string_view(entry.get_string()) == value;
    });
}

std::string too_many(const std::string& name) { return name + " has too many parts"; }

bool take_count(std::string_view text, std::size_t& into, std::size_t least) {
    const auto number = read_number<std::uint32_t>(text);
    if (!number || *number < least || *number > 1'000'000) return false;
    into = *number;
    return true;
}

}  // namespace

Expected<Listing::Condition, std::string> Listing::parse_condition(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, Comparison>, 6> operators = {
        {{"<>", Comparison::unequal},
         {"<=", Comparison::at_most},
         {">=", Comparison::at_least},
         {"=", Comparison::equal},
         {"<", Comparison::less},
         {">", Comparison::more}}};
    const auto at = text.find_first_of("=<>");
    if (at == std::string_view::npos || at == 0)
        return fail("filter: " + std::string(text) + " is no comparison");
    for (const auto& [sign, comparison] : operators) {
        if (text.substr(at).starts_with(sign)) {
            return Condition{std::string(text.substr(0, at)), comparison,
                             std::string(text.substr(at + sign.size()))};
        }
    }
    return fail(std::string("filter cannot be read"));
}

Expected<Listing, std::string> Listing::parse(std::string_view query) {
    Listing listing;
    const auto parameters = http::parse_parameters(query);
    if (!parameters) return fail(std::string("the query has a broken escape"));
    for (const auto& [name, value] : *parameters) {
        bool kept = true;
        if (name == "page" || name == "limit" || name == "offset") {
            std::size_t offset = 0;
            const bool read = name == "page"    ? take_count(value, listing.page_, 0)
                              : name == "limit" ? take_count(value, listing.limit_, 1)
                                                : take_count(value, offset, 0);
            if (!read) return fail(name + " must be a whole number");
            if (name == "offset") listing.offset_ = offset;
            if (name != "limit" && listing.limit_ == 0) listing.limit_ = usual_limit;
            kept = false;
        } else if (name == "sort") {
            // A plus sign that was not escaped has become a space.
            for (const auto part : split_at_commas(value)) {
                if (listing.orders_.size() == most_parts) return fail(too_many(name));
                const bool has_sign = part.find_first_of("+- ") == 0;
                listing.orders_.push_back(
                    {std::string(part.substr(has_sign ? 1 : 0)), part.front() == '-'});
            }
        } else if (name == "fields") {
            for (const auto part : split_at_commas(value)) {
                if (listing.fields_.size() == most_parts) return fail(too_many(name));
                listing.fields_.emplace_back(part);
            }
        } else if (name == "filter") {
            for (const auto part : split_at_commas(value)) {
                auto condition = parse_condition(part);
                if (!condition) return fail(condition.error());
                if (listing.conditions_.size() == most_parts) return fail(too_many(name));
                listing.conditions_.push_back(std::move(*condition));
            }
        } else {
            continue;
        }
        listing.asked_ = true;
        if (kept) listing.kept_query_ += '&' + name + '=' + percent_encoded(value);
    }
    return listing;
}

bool Listing::holds(const Condition& condition, const json::object& object) {
    const auto* value = object.if_contains(condition.field);
    if (!value) return false;
    if (value->is_array()) {
        const bool has = contains(value->get_array(), condition.value);
        return condition.comparison == Comparison::equal     ? has
               : condition.comparison == Comparison::unequal ? !has
                                                             : false;
    }
    const auto order = compared(*value, condition.value);
    if (!order) return false;
    switch (condition.comparison) {
        case Comparison::equal:
            return *order == 0;
        case Comparison::unequal:
            return *order != 0;
        case Comparison::less:
            return *order < 0;
        case Comparison::more:
            return *order > 0;
        case Comparison::at_most:
            return *order <= 0;
        case Comparison::at_least:
            return *order >= 0;
    }
    return false;
}

bool Listing::is_wanted(const json::object& object) const {
    return std::all_of(conditions_.begin(), conditions_.end(),
                       [&](const Condition& condition) { return holds(condition, object); });
}

bool Listing::comes_before(const json::object& a, const json::object& b) const {
    for (const auto& [field, descending] : orders_) {
        const int order = compared(a.if_contains(field), b.if_contains(field));
        if (order != 0) return descending ? order > 0 : order < 0;
    }
    return false;
}

json::object Listing::cut(const json::object& object) const {
    json::object left;
    for (const auto& field : fields_) {
        if (const auto* value = object.if_contains(field)) left[field] = *value;
    }
    return left;
}

std::string Listing::link(std::string_view path, std::size_t page) const {
    return std::string(path) + "?page=" + std::to_string(page) +
           "&limit=" + std::to_string(limit_) + kept_query_;
}

json::object Listing::links(std::string_view path, std::size_t total) const {
    if (limit_ == 0) return {};
    const auto now = start() / limit_;
    const auto last = total == 0 ? 0 : (total - 1) / limit_;
    const auto href = [&](std::size_t page) { return json::object{{"href", link(path, page)}}; };
    json::object all{{"self", href(now)}, {"first", href(0)}, {"last", href(last)}};
    if (now < last) all["next"] = href(now + 1);
    if (now > 0) all["prev"] = href(std::min(now - 1, last));
    return all;
}

Listing::Page Listing::apply(std::vector<json::object> objects, std::string_view path) const {
    Page page;
    if (!asked_) {
        for (const auto& object : objects) page.ids.push_back(text_member(object, "object_uuid"));
        page.objects = std::move(objects);
        return page;
    }
    std::erase_if(objects, [&](const json::object& object) { return !is_wanted(object); });
    if (!orders_.empty()) {
        std::stable_sort(objects.begin(), objects.end(),
                         [&](const auto& a, const auto& b) { return comes_before(a, b); });
    }
    const auto total = objects.size();
    const auto from = std::min(limit_ == 0 ? 0 : start(), total);
    const auto count = limit_ == 0 ? total : std::min(limit_, total - from);
    for (std::size_t i = from; i < from + count; ++i) {
        page.ids.push_back(text_member(objects[i], "object_uuid"));
        page.objects.push_back(fields_.empty() ? std::move(objects[i]) : cut(objects[i]));
    }
    page.meta = {{"count", count},
                 {"total", total},
                 {"limit", limit_ == 0 ? total : limit_},
                 {"offset", from},
                 {"page", limit_ == 0 ? 0 : start() / limit_}};
    page.links = links(path, total);
    return page;
}

}  // namespace aula::cloud
