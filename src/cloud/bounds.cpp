// SPDX-License-Identifier: Apache-2.0
#include "cloud/bounds.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace aula::cloud {
namespace {

namespace fs = std::filesystem;

// The sanitizers' shadow memory counts as data.
#ifdef AULA_SANITIZED
constexpr bool data_can_be_limited = false;
#else
constexpr bool data_can_be_limited = true;
#endif

constexpr auto own_child = "aula-cloud";

/// The cgroup that the machines' are made in; empty when there is none.
fs::path own_cgroup(const CgroupPlace& place) {
    auto root = place.root;
    if (!fs::exists(root / "cgroup.controllers")) root /= "unified";
    if (!fs::exists(root / "cgroup.controllers")) return {};
    std::ifstream in(place.self);
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with("0::/")) continue;
        const auto own = root / line.substr(4);
        return own.filename() == own_child ? own.parent_path() : own;
    }
    return {};
}

bool write_text(const fs::path& file, const std::string& text) {
    const int fd = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0) return false;
    const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::close(fd);
    return written;
}

bool is_alone_in(const fs::path& group) {
    std::ifstream in(group / "cgroup.procs");
    std::string first, second;
    std::getline(in, first);
    return first == std::to_string(getpid()) && !std::getline(in, second);
}

/// Only a cgroup without processes of its own may hand controllers on (cgroups(7), "no internal
/// processes" rule): where the cloud is alone, it moves into a child of its cgroup first.
bool hand_on_controllers(const fs::path& own) {
    const auto hand_on = [&] { return write_text(own / "cgroup.subtree_control", "+cpu +memory"); };
    if (hand_on()) return true;
    if (!is_alone_in(own)) return false;
    std::error_code ignored;
    fs::create_directory(own / own_child, ignored);
    return write_text(own / own_child / "cgroup.procs", "0") && hand_on();
}

fs::path cgroup_path(const std::string& name, const CgroupPlace& place) {
    const auto own = own_cgroup(place);
    return own.empty() ? fs::path() : own / ("aula-" + name);
}

/// The cgroup with its limits set; empty when this process may not.
fs::path make_cgroup(const std::string& name, std::int64_t cores, std::int64_t memory_gb,
                     const CgroupPlace& place) {
    const auto own = own_cgroup(place);
    if (own.empty() || !hand_on_controllers(own)) return {};
    const auto group = cgroup_path(name, place);
    std::error_code error;
    fs::create_directory(group, error);
    if (error || !write_text(group / "cpu.max", std::to_string(cores * 100'000) + " 100000") ||
        !write_text(group / "memory.max", std::to_string(memory_gb << 30))) {
        fs::remove(group, error);
        return {};
    }
    return group;
}

/// As many of the cores this process may use, not always the first; nullopt when it is all of them.
std::optional<cpu_set_t> choose_cores(std::int64_t wanted) {
    cpu_set_t mine;
    if (sched_getaffinity(0, sizeof mine, &mine) != 0) return std::nullopt;
    std::vector<int> usable;
    for (int core = 0; core < CPU_SETSIZE; ++core) {
        if (CPU_ISSET(static_cast<std::size_t>(core), &mine)) usable.push_back(core);
    }
    const auto count = static_cast<std::size_t>(wanted);
    if (count >= usable.size()) return std::nullopt;
    static std::size_t next = 0;
    cpu_set_t chosen;
    CPU_ZERO(&chosen);
    for (std::size_t i = 0; i < count; ++i)
        CPU_SET(static_cast<std::size_t>(usable[next++ % usable.size()]), &chosen);
    return chosen;
}

}  // namespace

Bounds Bounds::of(const std::string& name, std::int64_t cores, std::int64_t memory_gb,
                  const CgroupPlace& place) {
    Bounds bounds;
    if (const auto group = make_cgroup(name, cores, memory_gb, place); !group.empty()) {
        bounds.cgroup_ = ::open((group / "cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC);
        if (bounds.cgroup_ >= 0) {
            bounds.cgroup_closer_ = {nullptr, [fd = bounds.cgroup_](void*) { ::close(fd); }};
            bounds.description_ = "cgroup";
            return bounds;
        }
    }
    bounds.cores_ = choose_cores(cores);
    if (data_can_be_limited) bounds.data_bytes_ = static_cast<std::uint64_t>(memory_gb) << 30;
    bounds.description_ = std::string(bounds.cores_ ? "affinity" : "all cores") +
                          (bounds.data_bytes_ ? ", data limit" : "");
    return bounds;
}

void Bounds::apply() const {
    if (cgroup_ >= 0) {
        [[maybe_unused]] const auto moved = ::write(cgroup_, "0", 1);
        return;
    }
    if (cores_) sched_setaffinity(0, sizeof *cores_, &*cores_);
    if (data_bytes_) {
        const rlimit limit{*data_bytes_, *data_bytes_};
        setrlimit(RLIMIT_DATA, &limit);
    }
}

void Bounds::remove(const std::string& name, const CgroupPlace& place) {
    std::error_code ignored;
    if (const auto group = cgroup_path(name, place); !group.empty()) fs::remove(group, ignored);
}

}  // namespace aula::cloud
