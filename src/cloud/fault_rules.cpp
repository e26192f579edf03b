// SPDX-License-Identifier: Apache-2.0
#include "cloud/fault_rules.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace aula::cloud {
namespace {

constexpr std::array<std::pair<FaultKind, std::string_view>, 12> fault_names = {{
    {FaultKind::slow_boot, "slow_boot"},
    {FaultKind::failed_boot, "failed_boot"},
    {FaultKind::silent_boot, "silent_boot"},
    {FaultKind::frozen_boot, "frozen_boot"},
    {FaultKind::ignored_shutdown, "ignored_shutdown"},
    {FaultKind::slow_job, "slow_job"},
    {FaultKind::hung_job, "hung_job"},
    {FaultKind::failed_job, "failed_job"},
    {FaultKind::lost_answer, "lost_answer"},
    {FaultKind::error_answer, "error_answer"},
    {FaultKind::outage, "outage"},
    {FaultKind::no_addresses, "no_addresses"},
}};

bool fits(const Fault& fault, const Occasion& occasion) {
    return (fault.method.empty() || fault.method == occasion.method) &&
           (fault.path.empty() || occasion.path.find(fault.path) != std::string_view::npos) &&
           (fault.object.empty() || fault.object == occasion.object);
}

}  // namespace

std::string_view name_of(FaultKind kind) {
    return fault_names[static_cast<std::size_t>(kind)].second;
}

std::optional<FaultKind> fault_of(std::string_view name) {
    for (const auto& [kind, text] : fault_names) {
        if (text == name) return kind;
    }
    return std::nullopt;
}

std::optional<std::uint64_t> FaultRules::order(Fault fault) {
    if (faults_.size() >= most) return std::nullopt;
    fault.id = ++last_id_;
    faults_.push_back(std::move(fault));
    return last_id_;
}

bool FaultRules::cancel(std::uint64_t id) {
    return std::erase_if(faults_, [&](const Fault& fault) { return fault.id == id; }) > 0;
}

std::optional<Fault> FaultRules::strike(FaultKind kind, const Occasion& occasion, WallTime now,
                                        double dice) {
    std::erase_if(faults_, [&](const Fault& fault) { return fault.until && *fault.until <= now; });
    const auto at = std::find_if(faults_.begin(), faults_.end(), [&](const Fault& fault) {
        return fault.kind == kind && fits(fault, occasion) && dice < fault.probability;
    });
    if (at == faults_.end()) return std::nullopt;
    auto fault = *at;
    if (at->left && --*at->left == 0) faults_.erase(at);
    return fault;
}

}  // namespace aula::cloud
