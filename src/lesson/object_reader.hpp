// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "base/time.hpp"
#include "lesson/names.hpp"

namespace aula::lesson {

/// Takes typed members out of a JSON object; good() turns false at the first that is missing or of
/// the wrong type. `null` is as good as absent. Only included by .cpp files.
class ObjectReader {
public:
    explicit ObjectReader(const boost::json::object& object) : object_(object) {}

    bool good() const { return good_; }
    bool has(std::string_view name) const { return find(name) != nullptr; }
    void refuse() { good_ = false; }

    std::string text(std::string_view name) {
        const auto* value = required(name);
        if (!value || !value->is_string()) return refused<std::string>();
        return std::string(value->get_string());
    }
    std::optional<std::string> optional_text(std::string_view name) {
        if (!find(name)) return std::nullopt;
        return text(name);
    }
    bool flag(std::string_view name) {
        const auto* value = required(name);
        if (!value || !value->is_bool()) return refused<bool>();
        return value->get_bool();
    }
    std::optional<bool> optional_flag(std::string_view name) {
        if (!find(name)) return std::nullopt;
        return flag(name);
    }
    /// A whole number that JavaScript can hold exactly.
    std::uint64_t number(std::string_view name) {
        const auto* value = required(name);
        boost::system::error_code broken;
        const auto number = value ? value->to_number<std::uint64_t>(broken) : 0;
        if (!value || broken || number > (std::uint64_t{1} << 53)) return refused<std::uint64_t>();
        return number;
    }
    WallTime time(std::string_view name) {
        // Bounded, as the clock counts nanoseconds in 64 bits.
        const auto milliseconds = number(name);
        if (milliseconds > 9'000'000'000'000) return refused<WallTime>();
        return WallTime{} + std::chrono::milliseconds(milliseconds);
    }
    std::optional<WallTime> optional_time(std::string_view name) {
        if (!find(name)) return std::nullopt;
        return time(name);
    }
    template <class Enum>
    Enum one_of(std::string_view name) {
        const auto* value = required(name);
        if (!value || !value->is_string()) return refused<Enum>();
        const auto known = value_of<Enum>(std::string_view(value->get_string()));
        return known ? *known : refused<Enum>();
    }
    template <class Enum>
    std::optional<Enum> optional_one_of(std::string_view name) {
        if (!find(name)) return std::nullopt;
        return one_of<Enum>(name);
    }
    const boost::json::object* object(std::string_view name) {
        const auto* value = required(name);
        if (!value || !value->is_object()) return refused<const boost::json::object*>();
        return &value->get_object();
    }
    const boost::json::object* optional_object(std::string_view name) {
        return find(name) ? object(name) : nullptr;
    }
    /// None when absent.
    std::vector<std::string> optional_texts(std::string_view name) {
        std::vector<std::string> texts;
        const auto* value = find(name);
        if (!value) return texts;
        if (!value->is_array()) return refused<std::vector<std::string>>();
        for (const auto& item : value->get_array()) {
            if (!item.is_string()) return refused<std::vector<std::string>>();
            texts.emplace_back(item.get_string());
        }
        return texts;
    }
    /// Calls read(object) for each item, which must all be objects.
    template <class Read>
    void objects(std::string_view name, Read read) {
        const auto* value = required(name);
        if (!value || !value->is_array()) return refuse();
        for (const auto& item : value->get_array()) {
            if (!item.is_object()) return refuse();
            good_ = read(item.get_object()) && good_;
        }
    }

private:
    const boost::json::value* find(std::string_view name) const {
        const auto* value = object_.if_contains(name);
        return value && !value->is_null() ? value : nullptr;
    }
    const boost::json::value* required(std::string_view name) {
        const auto* value = find(name);
        if (!value) good_ = false;
        return value;
    }
    template <class Result>
    Result refused() {
        good_ = false;
        return Result();
    }

    const boost::json::object& object_;
    bool good_ = true;
};

}  // namespace aula::lesson
