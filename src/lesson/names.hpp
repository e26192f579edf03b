// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "lesson/command.hpp"

/// The words of the wire for the lesson's enumerations.
namespace aula::lesson {

template <class Enum, std::size_t size>
using Names = std::array<std::pair<Enum, std::string_view>, size>;

inline constexpr Names<Role, 2> role_names{{{Role::pupil, "pupil"}, {Role::teacher, "teacher"}}};
inline constexpr Names<Source, 4> source_names{{{Source::microphone, "microphone"},
                                                {Source::camera, "camera"},
                                                {Source::screen_share, "screen_share"},
                                                {Source::all, "all"}}};
inline constexpr Names<LeaveReason, 2> leave_reason_names{
    {{LeaveReason::left, "left"}, {LeaveReason::lost, "lost"}}};
inline constexpr Names<EndReason, 5> end_reason_names{{{EndReason::teacher, "teacher"},
                                                       {EndReason::platform, "platform"},
                                                       {EndReason::empty, "empty"},
                                                       {EndReason::time, "time"},
                                                       {EndReason::no_teacher, "no_teacher"}}};
inline constexpr Names<GuestPolicy, 3> guest_policy_names{
    {{GuestPolicy::admit, "admit"}, {GuestPolicy::ask, "ask"}, {GuestPolicy::deny, "deny"}}};

constexpr const auto& names_of(Role) { return role_names; }
constexpr const auto& names_of(Source) { return source_names; }
constexpr const auto& names_of(LeaveReason) { return leave_reason_names; }
constexpr const auto& names_of(EndReason) { return end_reason_names; }
constexpr const auto& names_of(GuestPolicy) { return guest_policy_names; }

template <class Enum>
constexpr std::string_view word(Enum value) {
    for (const auto& [known, name] : names_of(value)) {
        if (known == value) return name;
    }
    return {};
}

template <class Enum>
constexpr std::optional<Enum> value_of(std::string_view text) {
    for (const auto& [known, name] : names_of(Enum{})) {
        if (name == text) return known;
    }
    return std::nullopt;
}

}  // namespace aula::lesson
