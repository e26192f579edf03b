// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "fleet/plan.hpp"
#include "ledger/price.hpp"

/// What was on, why, for whom, for how much. Pure: milliseconds in, whole micro-euros out.
namespace aula::ledger {

using Milliseconds = std::int64_t;  // since 1970, or a length

/// A stretch of time; `until` 0: goes on.
struct Span {
    Milliseconds from = 0;
    Milliseconds until = 0;
    friend bool operator==(const Span&, const Span&) = default;
};

/// A server was on. One row of the ledger.
struct PowerInterval {
    std::int64_t id = 0;
    std::string server;  // the cloud's id
    std::string name;
    std::uint32_t cores = 0;
    std::uint32_t memory_gb = 0;
    NanoEuros price = 0;     // of a minute, as it was when this began
    fleet::Reason reason;    // of its start
    bool was_found = false;  // nobody here ordered it: it was seen to be on
    Milliseconds ordered = 0;
    Milliseconds on = 0;           // 0: ordered and not seen yet; it costs nothing yet
    Milliseconds ready = 0;        // its node said hello; 0: not yet
    Milliseconds off_ordered = 0;  // 0: not ordered
    Milliseconds off = 0;          // 0: on
    Milliseconds off_seen = 0;     // when that was seen; off is at most this
    bool is_off_told = false;      // the cloud named the moment of its end
    Milliseconds on_seen = 0;      // the last list that had it on; not stored
    std::optional<fleet::Reason> end_reason;
    std::vector<Span> busy;  // somebody was in a room of it; in order, none overlaps

    Milliseconds begin() const { return on != 0 ? on : ordered; }
    /// Of what costs.
    Milliseconds end(Milliseconds now) const {
        return std::max(begin(), off != 0 ? off : on != 0 ? now : ordered);
    }
};

enum class HoldingKind : std::uint8_t { storage, ipv4 };

/// A disk or an address, which costs whether a server is on or not.
struct Holding {
    std::int64_t id = 0;
    HoldingKind kind = HoldingKind::storage;
    std::string object;  // the cloud's id
    std::string name;
    std::uint32_t amount = 0;  // gigabytes; 1 for an address
    NanoEuros price = 0;       // of a minute, of all of it
    Milliseconds from = 0;
    Milliseconds until = 0;  // 0: still there
};

/// What a stretch of time costs at a price of a minute, from its beginning up to a moment. Cutting
/// it anywhere gives parts that sum to the whole.
MicroEuros cost(NanoEuros price, Milliseconds length);
/// Of the part of [begin, end) that lies in [from, until).
MicroEuros cost_within(NanoEuros price, Span all, Span window);

/// All intervals, and who was there. Knows nothing of disks and clouds; hub::LedgerKeeping stores
/// it.
class Book {
public:
    /// What happened to one server's power. Each returns the interval that changed, for storing;
    /// null when it says nothing new. Times that lie before what is known are moved to it.
    struct Machine {
        std::string server;
        std::string name;
        std::uint32_t cores = 0;
        std::uint32_t memory_gb = 0;
    };
    const PowerInterval* power_on_ordered(const Machine& machine, const fleet::Reason& reason,
                                          const PriceList& prices, Milliseconds at);
    const PowerInterval* seen_on(const Machine& machine, const PriceList& prices, Milliseconds at);
    const PowerInterval* ready(const std::string& server, Milliseconds at);
    const PowerInterval* busy(const std::string& server, bool is_busy, Milliseconds at);
    const PowerInterval* power_off_ordered(const std::string& server, const fleet::Reason& reason,
                                           Milliseconds at);
    /// It is off, or gone. `at`: when that was seen; it ends at the order to go off only when
    /// nobody watched in between (`since_order`).
    const PowerInterval* seen_off(const std::string& server, Milliseconds at, bool since_order);

    /// Core- and gigabyte-minutes of a server, as the cloud's meter counts them: whole minutes of
    /// its whole life, times the amount.
    struct Minutes {
        std::int64_t cores = 0;
        std::int64_t memory_gb = 0;
    };
    /// A server as the cloud shows it.
    struct Sight {
        bool power = false;
        Milliseconds changed = 0;  // its last change of any kind, by the cloud; 0: not said
        Milliseconds asked = 0;    // when the cloud was asked; 0: not known
        Minutes meter{};
    };
    /// Opens and closes intervals at the moment the cloud names, where that is possible: a switch
    /// lies between the two sights that show it. Else at the moment it was seen, and for one that
    /// nobody watched (`unwatched`) at its order; only then the counter is believed. An order that
    /// never came about is worth nothing.
    const PowerInterval* seen(const Machine& machine, const Sight& sight, const PriceList& prices,
                              Milliseconds now, bool unwatched);

    const Holding* held(HoldingKind kind, const std::string& object, const std::string& name,
                        std::uint32_t amount, const PriceList& prices, Milliseconds at);
    const Holding* released(const std::string& object, Milliseconds at);

    void add(PowerInterval interval);  // from the store
    void add(Holding holding);

    const PowerInterval* open_interval(const std::string& server) const;
    std::vector<const PowerInterval*> open_intervals() const;
    const std::vector<PowerInterval>& intervals() const { return intervals_; }
    const std::vector<Holding>& holdings() const { return holdings_; }
    std::vector<const Holding*> open_holdings() const;
    /// The id of its row, while it is held.
    std::optional<std::int64_t> open_holding(const std::string& object) const;
    const Holding* holding(std::int64_t id) const;

    Minutes minutes(const std::string& server, Milliseconds now) const;

    /// How long a server of this size was on in intervals that are forgotten.
    struct ForgottenPower {
        std::string server;
        std::uint32_t cores = 0;
        std::uint32_t memory_gb = 0;
        Milliseconds length = 0;
    };
    struct Forgotten {
        std::vector<std::int64_t> intervals, holdings;  // their ids
        std::vector<ForgottenPower> power;              // as it is now
        std::vector<std::string> servers;               // of which nothing is known any more
    };
    /// Drops what ended before this moment, at most so many intervals and holdings, the oldest
    /// first. Of a server that is there its newest interval stays, and how long it was on: the
    /// cloud's counter has its whole life.
    Forgotten forget(Milliseconds before, std::size_t most,
                     const std::function<bool(const std::string& server)>& is_there);
    void add(ForgottenPower power);  // from the store
    /// A server went off while nobody looked, and the cloud does not name the moment: its counter
    /// says when. Moves the end of its last interval by what differs, within what was seen; a
    /// minute is what such a counter cannot tell.
    const PowerInterval* agree(const std::string& server, Minutes clouds);

private:
    PowerInterval* open(const std::string& server);
    const PowerInterval* begin(const Machine& machine, const PriceList& prices, Milliseconds at);
    const PowerInterval* close(PowerInterval& interval, Milliseconds at);
    const PowerInterval* shown_on(const Machine& machine, const Sight& sight,
                                  const PriceList& prices, Milliseconds now, bool unwatched);
    const PowerInterval* shown_off(const Machine& machine, const Sight& sight, Milliseconds now,
                                   bool unwatched);
    const PowerInterval* end_told(const std::string& server, const Sight& sight);
    Milliseconds unexplained(const Machine& machine, const Sight& sight, Milliseconds now) const;
    void index();

    using Size = std::pair<std::uint32_t, std::uint32_t>;  // cores, gigabytes
    std::vector<PowerInterval> intervals_;                 // by begin of their making
    std::vector<Holding> holdings_;
    std::map<std::string, std::size_t> open_;  // server to index
    std::map<std::string, Milliseconds> last_off_;
    std::map<std::string, std::size_t> last_;  // server to its newest
    std::map<std::string, std::size_t> held_;  // object to index
    std::map<std::string, std::map<Size, Milliseconds>> forgotten_;
    std::int64_t next_id_ = 1;
};

}  // namespace aula::ledger
