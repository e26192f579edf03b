// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace soci {
class session;
}

/// Works of the store for schools, bookings and the bill. Times are milliseconds since 1970.
namespace aula::store {

enum class LedgerTable : std::uint8_t { power_intervals, holdings };

/// An interval: of a server's power, or of a disk or address. `detail` is JSON of the hub's.
struct LedgerRow {
    std::int64_t id = 0;
    std::string subject;  // the cloud's id
    std::int64_t began = 0;
    std::int64_t ended = 0;  // 0: goes on
    std::string detail;
};

void save_interval(soci::session& session, LedgerTable table, const LedgerRow& row);
std::vector<LedgerRow> load_intervals(soci::session& session, LedgerTable table);  // by id

/// Of intervals that were deleted: how long a server of this size was on.
struct ForgottenPowerRow {
    std::string server;
    std::uint32_t cores = 0;
    std::uint32_t memory_gb = 0;
    std::int64_t milliseconds = 0;
};
void delete_intervals(soci::session& session, LedgerTable table,
                      const std::vector<std::int64_t>& ids);
void save_forgotten_power(soci::session& session, const ForgottenPowerRow& row);
void delete_forgotten_power(soci::session& session, const std::string& server);
std::vector<ForgottenPowerRow> load_forgotten_power(soci::session& session);

/// How long people of a school were in lessons on a day ("2026-11-23") of the city.
struct PresenceRow {
    std::string day;
    std::uint32_t school = 0;
    std::int64_t milliseconds = 0;
};
void save_presence(soci::session& session, const PresenceRow& row);  // inserts or replaces
std::vector<PresenceRow> load_presence(soci::session& session, const std::string& first_day);
/// Of days before this one, the oldest.
void delete_presence(soci::session& session, const std::string& first_day, std::size_t most);

struct SchoolRow {
    std::uint32_t key = 0;
    std::string id;
    std::uint64_t version = 0;
    std::string json;  // empty: removed; the key is not given again
};
void save_school(soci::session& session, const SchoolRow& row);
std::vector<SchoolRow> load_schools(soci::session& session);

}  // namespace aula::store
