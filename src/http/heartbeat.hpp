// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.hpp"

namespace aula::http {

/// When to ping an upgraded socket and when to give it up: NATs and proxies forget silent
/// connections.
class Heartbeat {
public:
    static constexpr Duration period = 10s;
    static constexpr Duration patience = 30s;

    explicit Heartbeat(Time now) : last_heard_(now) {}
    void heard(Time now) { last_heard_ = now; }
    bool is_lost(Time now) const { return now - last_heard_ > patience; }

private:
    Time last_heard_;
};

}  // namespace aula::http
