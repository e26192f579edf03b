// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace aula {

[[noreturn]] void broken_expectation(const char* condition, const char* file, int line);

}  // namespace aula

/// A condition only a programmer's mistake can break. On in release: it aborts and names the place.
#define AULA_EXPECTS(condition) \
    ((condition) ? void() : ::aula::broken_expectation(#condition, __FILE__, __LINE__))
