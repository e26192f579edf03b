// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "fleet/placement.hpp"
#include "fleet/plan.hpp"

namespace aula::simulation {

/// Who decides in a run: the production policy, or a rule that others use.
class Scaler {
public:
    virtual ~Scaler() = default;
    virtual fleet::Plan decide(const fleet::Snapshot& snapshot, const fleet::Demand& demand,
                               WallTime now) = 0;
    virtual std::optional<fleet::ServerKey> place(const fleet::NewRoom& room,
                                                  const fleet::Snapshot& snapshot,
                                                  WallTime now) = 0;
    /// Asked again when something changes, not only when it wants to look again.
    virtual bool is_told_of_changes() const = 0;
    /// Wants to know what is announced; others get an empty demand.
    virtual bool looks_ahead() const = 0;
};

/// fleet::plan and fleet::place as the hub's keeper uses them.
class AulaScaler : public Scaler {
public:
    explicit AulaScaler(const fleet::Policy& policy) : policy_(policy) {}
    fleet::Plan decide(const fleet::Snapshot& snapshot, const fleet::Demand& demand,
                       WallTime now) override;
    std::optional<fleet::ServerKey> place(const fleet::NewRoom& room,
                                          const fleet::Snapshot& snapshot, WallTime now) override;
    bool is_told_of_changes() const override { return true; }
    bool looks_ahead() const override { return true; }

private:
    fleet::Policy policy_;
    std::vector<fleet::Assignment> assignments_;
};

}  // namespace aula::simulation
