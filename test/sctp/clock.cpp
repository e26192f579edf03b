// SPDX-License-Identifier: Apache-2.0
#include <sys/time.h>

#include "pair.hpp"

/// usrsctp runs its timers by the time it is told, but asks this function how long ago a packet
/// was sent. Here it is answered from the virtual clock.
extern "C" int gettimeofday(timeval* now, void*) noexcept {
    const auto since = aula::sctp::test_clock().time_since_epoch();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
    now->tv_sec = seconds.count();
    now->tv_usec = std::chrono::duration_cast<std::chrono::microseconds>(since - seconds).count();
    return 0;
}
