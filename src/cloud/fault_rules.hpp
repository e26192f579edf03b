// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace aula::cloud {

enum class FaultKind : std::uint8_t {
    slow_boot,         // the guest needs `delay` longer
    failed_boot,       // the guest dies at the end of its boot: the server is off again
    silent_boot,       // on, but its process is never started
    frozen_boot,       // on, its process is stopped as soon as it runs
    ignored_shutdown,  // the guest does not hear the power button
    slow_job,          // a change is pending for `delay`
    hung_job,          // a change is pending for ever
    failed_job,        // a change fails after `delay`, nothing was done
    lost_answer,       // the connection is closed after the change was made
    error_answer,      // `status` in place of doing anything
    outage,            // the connection is closed before anything is done
    no_addresses,      // 416 for a new IP
};

std::string_view name_of(FaultKind kind);
std::optional<FaultKind> fault_of(std::string_view name);

struct Fault {
    std::uint64_t id = 0;
    FaultKind kind{};
    // When it strikes: all of these must hold.
    std::optional<std::uint64_t> left;  // times; absent: always
    std::optional<WallTime> until;
    double probability = 1;
    std::string method;  // empty: any
    std::string path;    // a part of the call's path; empty: any
    std::string object;  // a server's UUID, for faults of guests; empty: any
    // What it does.
    std::chrono::milliseconds delay{0};
    int status = 503;
    std::optional<std::chrono::seconds> retry_after;
};

/// Where a fault may strike.
struct Occasion {
    std::string_view method;
    std::string_view path;
    std::string_view object;
};

/// The faults that were ordered. Pure: time and dice come from outside, so a simulated cloud can
/// use the same rules.
class FaultRules {
public:
    static constexpr std::size_t most = 1'000;

    /// Its id; nullopt when there are too many.
    std::optional<std::uint64_t> order(Fault fault);
    bool cancel(std::uint64_t id);
    void clear() { faults_.clear(); }

    /// The first fault of this kind that strikes here, counted down. dice: evenly from [0, 1).
    std::optional<Fault> strike(FaultKind kind, const Occasion& occasion, WallTime now,
                                double dice);
    const std::vector<Fault>& all() const { return faults_; }

private:
    std::vector<Fault> faults_;
    std::uint64_t last_id_ = 0;
};

}  // namespace aula::cloud
