// SPDX-License-Identifier: Apache-2.0
#include "rtp/red.hpp"

#include <cstdlib>

using namespace aula;

/// The primary block is the payload's end, and shorter than it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto primary = rtp::red_primary({data, size});
    if (!primary) return 0;
    if (primary->empty() || primary->size() >= size) std::abort();
    if (primary->data() + primary->size() != data + size) std::abort();
    return 0;
}
