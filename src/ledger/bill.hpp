// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/book.hpp"

namespace aula::ledger {

/// One day (or part of one): how long people of each school were there. School 0: of none.
using Presence = std::map<fleet::SchoolKey, Milliseconds>;

struct Share {
    fleet::SchoolKey school = 0;
    Milliseconds participant_ms = 0;
    MicroEuros used = 0;      // of minutes in which somebody was on the server
    MicroEuros overhead = 0;  // of boots, idle minutes, disks and addresses
    MicroEuros total() const { return used + overhead; }
};

/// Of one stretch of time. The shares and `unshared` sum to total(), exactly.
struct Bill {
    MicroEuros used = 0;
    MicroEuros boot = 0;  // from power-on to the node's hello
    MicroEuros idle = 0;
    MicroEuros storage = 0;
    MicroEuros addresses = 0;
    Milliseconds server_ms = 0;
    std::vector<Share> shares;  // by school
    MicroEuros unshared = 0;    // of days on which nobody came
    MicroEuros overhead() const { return boot + idle + storage + addresses; }
    MicroEuros total() const { return used + overhead(); }
};

/// Of [window.from, window.until); what goes on is reckoned up to now.
Bill bill_of(const Book& book, Span window, const Presence& presence, Milliseconds now);
/// Adds a later stretch: days make a week.
void add_to(Bill& sum, const Bill& more);

/// Splits an amount by keys so that the parts sum to it, none further than one from its due
/// (largest remainder). All keys zero: all parts zero.
std::vector<MicroEuros> split(MicroEuros amount, const std::vector<Milliseconds>& keys);

struct Budget {
    MicroEuros day = 0;  // 0: none
    MicroEuros month = 0;
    std::vector<unsigned> alarm_percents = {50, 80, 100};
    friend bool operator==(const Budget&, const Budget&) = default;
};
/// {"day_eur": 40, "month_eur": 600, "alarm_percents": [50, 80, 100]}
Expected<Budget, Error> read_budget(std::string_view json);
std::string to_json(const Budget& budget);
/// The highest level reached, 0: none.
unsigned alarm_level(MicroEuros spent, MicroEuros limit, const std::vector<unsigned>& percents);

/// Beside the cloud's own figure.
struct MeterLine {
    std::string server;
    std::string name;
    Book::Minutes ours;
    Book::Minutes clouds;
    std::int64_t difference() const { return ours.cores - clouds.cores; }
};

std::string euros(MicroEuros amount);  // "12.345678"
/// One line an interval that touches the window, times in Unix seconds; RFC 4180.
/// `utc_offset`: of the city at a moment, for the times in reasons.
std::string intervals_csv(const Book& book, Span window, Milliseconds now,
                          const std::function<std::chrono::minutes(WallTime)>& utc_offset);

}  // namespace aula::ledger
