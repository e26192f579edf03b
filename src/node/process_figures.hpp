// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace aula::node {

/// What the kernel says of this process.
struct ProcessFigures {
    double cpu_seconds = 0;  // user and system, since start
    std::uint64_t resident_bytes = 0;
};

ProcessFigures process_figures();

}  // namespace aula::node
