// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <sched.h>

namespace aula::cloud {

/// Where cgroups (version 2) are and which is this process's own.
struct CgroupPlace {
    std::filesystem::path root = "/sys/fs/cgroup";
    std::filesystem::path self = "/proc/self/cgroup";
};

/// What a machine may use of this one: its server's cores and memory. A cgroup (version 2) of its
/// own where this process may make one, else an affinity to as many cores and a limit of the data
/// segment.
class Bounds {
public:
    /// name: of the cgroup; made anew or found again.
    static Bounds of(const std::string& name, std::int64_t cores, std::int64_t memory_gb,
                     const CgroupPlace& place = {});

    /// In the child between fork and exec: only async-signal-safe calls.
    void apply() const;
    /// What it did, for the log: "cgroup", "affinity, data limit" ...
    const std::string& description() const { return description_; }

    /// The cgroup of a machine that is gone.
    static void remove(const std::string& name, const CgroupPlace& place = {});

private:
    int cgroup_ = -1;  // its cgroup.procs
    std::shared_ptr<void> cgroup_closer_;
    std::optional<cpu_set_t> cores_;
    std::optional<std::uint64_t> data_bytes_;
    std::string description_ = "none";
};

}  // namespace aula::cloud
