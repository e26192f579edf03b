// SPDX-License-Identifier: Apache-2.0
#include "hub/keeper_policy.hpp"

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

}  // namespace aula::hub
