// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ice/agent.hpp"

namespace aula::ice {

/// A server with a public address (RFC 8445 section 2.5): answers checks and sends none.
/// The latest nominated path counts, also under aggressive nomination.
class LiteAgent final : public Agent {
public:
    using Agent::Agent;

    void set_remote(const Credentials&, Time) override {
    }  // a lite agent signs nothing for the peer
    void add_remote(const Path&, Time) override {}
    Verdict receive(const StunMessage& message, const Path& from, Time now) override;
    void poll(Time) override {}
    Time next_poll() const override { return consent_until(); }
};

}  // namespace aula::ice
