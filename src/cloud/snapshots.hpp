// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "cloud/datacenter.hpp"

/// What hangs on a storage: snapshots, and schedules of snapshots and backups.
namespace aula::cloud {

/// "snapshots" of a storage.
json::array snapshots_of(const Datacenter& datacenter, const Object& storage);
/// "snapshot_schedules" or "backup_schedules" of its relations.
json::array schedules_of(const Datacenter& datacenter, const Object& storage, Kind kind);

/// All of these: they go with their storage.
std::vector<const Object*> hanging_on(const Datacenter& datacenter, const Object& storage);

}  // namespace aula::cloud
