// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace aula::hub {

/// Prometheus text (exposition format 0.0.4), written line by line.
class MetricsText {
public:
    using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    /// Each name once, with all its samples after it.
    void begin(std::string_view name, std::string_view type, std::string_view help);
    template <class Number>
    requires(std::integral<Number> || std::floating_point<Number>) void sample(Number value,
                                                                               Labels labels = {}) {
        add(std::to_string(value), labels);
    }
    template <class Number>
    void counter(std::string_view name, Number value, std::string_view help) {
        begin(name, "counter", help);
        sample(value);
    }
    template <class Number>
    void gauge(std::string_view name, Number value, std::string_view help) {
        begin(name, "gauge", help);
        sample(value);
    }
    std::string take() { return std::move(text_); }

private:
    void add(const std::string& value, Labels labels);

    std::string text_;
    std::string name_;
};

}  // namespace aula::hub
