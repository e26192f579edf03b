// SPDX-License-Identifier: Apache-2.0
#include "net/address.hpp"

#include "base/bytes.hpp"
#include "base/expects.hpp"

/// What parses is written back in a form that parses to the same address.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto address = aula::net::Address::parse(aula::text_of({data, size}));
    if (!address) return 0;
    const auto again = aula::net::Address::parse(address->text());
    AULA_EXPECTS(again && *again == *address && again->hash() == address->hash());
    return 0;
}
