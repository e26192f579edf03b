// SPDX-License-Identifier: Apache-2.0
#include "base/expects.hpp"

#include <cstdio>
#include <cstdlib>

namespace aula {

void broken_expectation(const char* condition, const char* file, int line) {
    std::fprintf(stderr, "aula: broken expectation %s at %s:%d\n", condition, file, line);
    std::abort();
}

}  // namespace aula
