// SPDX-License-Identifier: Apache-2.0
// The policy's knobs, each with its limits.
#include <cmath>
#include <functional>
#include <type_traits>

#include <boost/json.hpp>

#include "hub/operator_fleet.hpp"
#include "hub/operator_json.hpp"

namespace aula::hub {

namespace {

struct Knob {
    const char* name;
    double least;
    double most;
    double step;
    std::function<double(const fleet::Policy&)> get;
    std::function<void(fleet::Policy&, double)> set;
};

template <class Number>
Knob number_knob(const char* name, double least, double most, double step,
                 Number fleet::Policy::*member) {
    return {name,
            least,
            most,
            step,
            [member](const fleet::Policy& policy) { return static_cast<double>(policy.*member); },
            [member](fleet::Policy& policy, double value) {
                if constexpr (std::is_integral_v<Number>) {
                    policy.*member = static_cast<Number>(std::lround(value));
                } else {
                    policy.*member = value;
                }
            }};
}

Knob seconds_knob(const char* name, double most, double step, Duration fleet::Policy::*member) {
    return {name,
            0,
            most,
            step,
            [member](const fleet::Policy& policy) {
                return std::chrono::duration<double>(policy.*member).count();
            },
            [member](fleet::Policy& policy, double value) {
                policy.*member = duration_cast<Duration>(std::chrono::duration<double>(value));
            }};
}

const std::vector<Knob>& knobs() {
    using P = fleet::Policy;
    static const std::vector<Knob> all = {
        number_knob("seats_per_node", 10, 2'000, 10, &P::seats_per_node),
        number_knob("fill", 0.3, 1, 0.05, &P::fill),
        seconds_knob("ready_before_s", 1'800, 30, &P::ready_before),
        seconds_knob("bell_window_s", 3'600, 60, &P::bell_window),
        number_knob("bell_spares", 0, 20, 1, &P::bell_spares),
        number_knob("standby_spares", 0, 20, 1, &P::standby_spares),
        number_knob("reserve_room", 0, 500, 5, &P::reserve_room),
        number_knob("unannounced_share", 0, 2, 0.05, &P::unannounced_share),
        number_knob("live_headroom", 0, 1, 0.01, &P::live_headroom),
        seconds_knob("idle_safety_s", 3'600, 30, &P::idle_safety),
        number_knob("least_nodes", 0, 50, 1, &P::least_nodes),
        number_knob("standby_pool", 0, 100, 1, &P::standby_pool),
        number_knob("most_nodes", 1, 1'000, 1, &P::most_nodes),
        number_knob("most_starts", 1, 500, 1, &P::most_starts),
        number_knob("euros_a_day", 0, 100'000, 1, &P::euros_a_day),
        number_knob("strikes", 1, 10, 1, &P::strikes),
    };
    return all;
}

/// Shares like 0.1 are not exact; people read four digits.
double tidy_number(double value) { return std::round(value * 1e4) / 1e4; }

boost::json::object values_json(const fleet::Policy& policy) {
    boost::json::object values;
    for (const auto& knob : knobs()) values[knob.name] = tidy_number(knob.get(policy));
    return values;
}

}  // namespace

boost::json::object policy_json(const fleet::Policy& policy) {
    boost::json::object limits;
    for (const auto& knob : knobs())
        limits[knob.name] =
            boost::json::object{{"least", knob.least}, {"most", knob.most}, {"step", knob.step}};
    return {{"policy", values_json(policy)},
            {"defaults", values_json(fleet::Policy{})},
            {"limits", std::move(limits)}};
}

Expected<fleet::Policy, ApiError> policy_in(const boost::json::object& json, fleet::Policy policy) {
    for (const auto& knob : knobs()) {
        if (json.if_contains(knob.name) == nullptr) continue;
        const auto value = number_in(json, knob.name, knob.least, knob.most);
        if (!value) return fail(value.error());
        knob.set(policy, *value);
    }
    return policy;
}

}  // namespace aula::hub
