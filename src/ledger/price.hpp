// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"

namespace aula::ledger {

/// A millionth of a euro; sums are whole ones.
using MicroEuros = std::int64_t;
/// Prices are finer: a core's minute costs about 200 µ€, a gigabyte's of disk about 1.
using NanoEuros = std::int64_t;

/// Of one minute, in billionths of a euro.
struct PriceList {
    bool is_example = true;  // not somebody's real contract; said wherever it is used
    NanoEuros core = 300'000;
    NanoEuros memory_gb = 100'000;
    NanoEuros storage_gb = 3'500;
    NanoEuros ipv4 = 70'000;
    friend bool operator==(const PriceList&, const PriceList&) = default;
};

/// {"example": true, "core_minute": 0.0003, "memory_gb_minute": 0.0001, "storage_gb_minute":
/// 0.0000035, "ipv4_minute": 0.00007}: euros. A price that is missing or negative is an error.
Expected<PriceList, Error> read_prices(std::string_view json);

}  // namespace aula::ledger
