// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fleet/snapshot.hpp"

namespace aula::fleet {

/// After so long a boot has failed.
inline Duration boot_limit(const BootTimes& boots) { return 2 * boots.p95; }

inline const BootTimes& boots_of(const Server& server, const Snapshot& snapshot) {
    return server.is_standby ? snapshot.standby_boot : snapshot.template_boot;
}

}  // namespace aula::fleet
