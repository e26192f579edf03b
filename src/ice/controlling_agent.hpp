// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "ice/agent.hpp"

namespace aula::ice {

/// A client of ICE-lite servers: checks every given candidate, nominates the first that answers,
/// and renews consent on it (RFC 8445, RFC 7675).
class ControllingAgent final : public Agent {
public:
    static constexpr std::size_t candidate_limit = 32;

    ControllingAgent(Handlers handlers, Time now);

    void set_remote(const Credentials& remote, Time now) override;
    void add_remote(const Path& path, Time now) override;
    Verdict receive(const StunMessage& message, const Path& from, Time now) override;
    void poll(Time now) override;
    Time next_poll() const override;
    void forget(const Path& path, Time now) override;

private:
    /// The check of one candidate, and later the nomination and consent on it.
    struct Check {
        Path path;
        TransactionId transaction{};
        bool nominating = false;
        bool answered = false;
        Time due{};
        Duration retransmission{};
    };

    bool is_running() const { return !remote_.ufrag.empty(); }
    void begin(Check& check, bool nominating, Time due);
    void send_check(Check& check, Time now);
    Verdict receive_response(const StunMessage& response, const Path& from, Time now);
    void succeed(Check& check, Time now);
    void restart_checks(Time now);

    Credentials remote_;
    std::uint64_t tie_breaker_;
    std::vector<Check> checks_;
    std::optional<Path> chosen_;  // being nominated, or selected
};

}  // namespace aula::ice
