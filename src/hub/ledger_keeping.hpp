// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/city_clock.hpp"
#include "fleet/plan.hpp"
#include "hub/lessons.hpp"
#include "ledger/bill.hpp"
#include "ledger/book.hpp"
#include "net/loop.hpp"
#include "timetable/zone.hpp"

namespace aula::store {
class Store;
}

namespace aula::hub {

/// The ledger on disk. The keeper says what it orders before it orders it, and what it sees; the
/// order goes out when `stored` was called without an error. After a crash the cloud's list is
/// told again (seen) and sets right what was not seen. Lives on the hub's loop.
class LedgerKeeping {
public:
    using Stored = std::function<void(Expected<void, Error>)>;
    using Machine = ledger::Book::Machine;

    struct Wiring {
        net::Loop* loop = nullptr;
        store::Store* store = nullptr;
        Lessons* lessons = nullptr;
        std::function<fleet::SchoolKey(const std::string& lesson)> school_of;
        std::function<std::string(fleet::SchoolKey)> school_name;
        CityClock clock;
        timetable::Zone zone = timetable::Zone::utc();  // of the city: where its days begin
        ledger::PriceList prices;
        /// The day's or the month's money has reached this percentage of the budget; once each.
        std::function<void(const std::string& period, unsigned percent)> on_alarm;
    };
    explicit LedgerKeeping(Wiring wiring);
    ~LedgerKeeping();
    LedgerKeeping(const LedgerKeeping&) = delete;
    LedgerKeeping& operator=(const LedgerKeeping&) = delete;

    /// At start-up, before the store has its thread.
    Expected<void, Error> load();
    /// Another hub kept the fleet until now: its intervals come from the store. Before anything
    /// below is said.
    void take_over(Stored taken);

    // A server's power; servers by the cloud's id. All may be said twice.
    void power_on_ordered(const Machine& machine, const fleet::Reason& reason, Stored stored);
    /// What the cloud shows of it; `until`: when it was so at the latest, if the cloud says that
    /// (of one that was deleted). Not while an order of ours to switch it on is on its way.
    void seen(const Machine& machine, const ledger::Book::Sight& sight, WallTime until = {});
    void ready(const std::string& server);               // its node said hello
    void busy(const std::string& server, bool is_busy);  // somebody is in a room of it
    void power_off_ordered(const std::string& server, const fleet::Reason& reason, Stored stored);
    void seen_off(const std::string& server);  // the order was answered, or it is gone
    // Disks and addresses, when they are made or found, and when they are gone.
    void held(ledger::HoldingKind kind, const std::string& object, const std::string& name,
              std::uint32_t amount);
    void released(const std::string& object);
    /// The cloud's own counters (usage_in_minutes_cores, _memory) as its list has them.
    void metered(const Machine& machine, ledger::Book::Minutes clouds);

    /// Now and then: what is older than thirteen months, a little of it each time. Bills reach as
    /// far back.
    void forget_old();

    double euros_a_minute(std::int64_t cores, std::int64_t memory_gb) const;
    double euros_today() const;

    const ledger::Book& book() const;
    const ledger::PriceList& prices() const;
    const timetable::Zone& zone() const;
    WallTime now() const;
    /// Of the city's days from first to last, both included; each day's shares by that day's
    /// people.
    ledger::Bill bill(timetable::Date first, timetable::Date last) const;
    std::vector<ledger::MeterLine> meter() const;
    const ledger::Budget& budget() const;
    void set_budget(ledger::Budget budget, Stored stored);
    std::string school_name(fleet::SchoolKey school) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace aula::hub
