// SPDX-License-Identifier: Apache-2.0
#include "ice/candidate.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

/// What was read can be written and read again as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using aula::ice::Candidate;
    const auto first =
        Candidate::parse(std::string_view(reinterpret_cast<const char*>(data), size));
    if (!first) return 0;
    const auto second = Candidate::parse(first->to_line());
    if (!second || second->to_line() != first->to_line()) std::abort();
    return 0;
}
