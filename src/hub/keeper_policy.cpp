// SPDX-License-Identifier: Apache-2.0
#include "hub/keeper_policy.hpp"

#include <cstdio>

#include <boost/json.hpp>

#include "hub/operator_fleet.hpp"

namespace aula::hub {

Expected<fleet::Policy, Error> read_policy(std::string_view text, const fleet::Policy& before) {
    boost::system::error_code error;
    const auto value = boost::json::parse({text.data(), text.size()}, error);
    if (error || !value.is_object())
        return fail(Error{ErrorCode::invalid, "the policy is not a JSON object"});
    auto policy = policy_in(value.get_object(), before);
    if (!policy) return fail(Error{ErrorCode::invalid, policy.error().text});
    return *policy;
}

std::string write_policy(const fleet::Policy& policy) {
    return boost::json::serialize(policy_json(policy).at("policy"));
}

std::string policy_changes(const fleet::Policy& before, const fleet::Policy& after) {
    const auto old = policy_json(before).at("policy").as_object();
    const auto present = policy_json(after).at("policy").as_object();
    std::string words;
    for (const auto& [name, value] : present) {
        if (value == old.at(name)) continue;
        char number[32];
        std::snprintf(number, sizeof number, "%g", value.to_number<double>());
        words += (words.empty() ? "" : ", ") + std::string(name) + ' ' + number;
    }
    return words.empty() ? "nothing changed" : words;
}

}  // namespace aula::hub
