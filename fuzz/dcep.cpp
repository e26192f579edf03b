// SPDX-License-Identifier: Apache-2.0
#include "sctp/dcep.hpp"

#include <cstdint>
#include <cstdlib>

/// What was read can be written and read again as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace aula::sctp;
    const aula::Bytes message(data, size);
    dcep::is_ack(message);
    const auto first = dcep::parse_open(message);
    if (!first) return 0;
    const auto second = dcep::parse_open(dcep::write_open(*first));
    if (!second || second->label != first->label || second->ordered != first->ordered) std::abort();
    return 0;
}
