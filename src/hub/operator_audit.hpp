// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/result.hpp"
#include "store/audit_table.hpp"

namespace aula::store {
class Store;
}

namespace aula::hub {

/// Who did what on the operator's page, when and why; only ever added to. A year is kept.
class OperatorAudit {
public:
    using Listed = std::function<void(Expected<std::vector<store::DeedRow>, Error>)>;

    explicit OperatorAudit(store::Store& store) : store_(store) {}

    void add(store::DeedRow deed);
    /// The newest first, older than `before` (0: the newest).
    void list(std::int64_t before, std::size_t most, Listed listed);

private:
    store::Store& store_;
};

}  // namespace aula::hub
