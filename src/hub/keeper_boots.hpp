// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "fleet/snapshot.hpp"

namespace aula::hub {

/// The newest boots, from the order to the node's hello. Pure.
class BootRecord {
public:
    void add(Duration boot);
    /// What is usual as long as nothing was measured; while little was, the tail is reckoned
    /// longer.
    fleet::BootTimes times() const;

    std::string to_json() const;  // [milliseconds, …], the oldest first
    void read(std::string_view json);

private:
    static constexpr std::size_t remembered = 200;
    std::deque<Duration> boots_;
};

}  // namespace aula::hub
