// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <soci/soci.h>

namespace aula::store {

/// SOCI 4.0 takes a column declared INTEGER for a 32-bit int: larger numbers are asked for as text.
inline long long long_column(const soci::row& row, std::size_t column) {
    return std::stoll(row.get<std::string>(column));
}

}  // namespace aula::store
