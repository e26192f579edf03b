// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace aula::ledger {

/// For products of prices and times; GCC and Clang have it, the standard does not.
__extension__ using Wide = __int128;

}  // namespace aula::ledger
