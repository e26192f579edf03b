// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/loop.hpp"

namespace aula::test {

/// Runs the loop until the condition holds; gives up after a minute.
template <class Condition>
[[nodiscard]] bool run_until(net::Loop& loop, Condition condition) {
    bool held = false;
    const auto look = loop.every(1ms, [&] {
        if ((held = condition())) loop.stop();
    });
    const auto limit = loop.after(60s, [&] { loop.stop(); });
    loop.run();
    loop.cancel(look);
    loop.cancel(limit);
    return held;
}

}  // namespace aula::test
