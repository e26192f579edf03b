// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace soci {
class session;
}

namespace aula::store {

/// One row of the log of what the fleet's keeper did. Times are milliseconds since 1970.
struct FleetActionRow {
    std::int64_t id = 0;  // the table's, growing
    std::int64_t at = 0;
    std::string kind;
    std::string server;
    std::string who;     // empty: the keeper itself
    std::string reason;  // JSON; empty: an operator's wish
    std::string words;
    std::string outcome;
    std::int64_t finished = 0;  // 0: not yet
};

/// Its id.
std::int64_t add_fleet_action(soci::session& session, const FleetActionRow& row);
void finish_fleet_action(soci::session& session, std::int64_t id, const std::string& outcome,
                         std::int64_t finished);
/// Those that are not finished.
void finish_fleet_actions(soci::session& session, const std::string& outcome,
                          std::int64_t finished);
/// The newest first, older than `before` (0: the newest).
std::vector<FleetActionRow> load_fleet_actions(soci::session& session, std::int64_t before,
                                               std::size_t most);
/// The oldest of those from before this moment.
void delete_fleet_actions(soci::session& session, std::int64_t before, std::size_t most);

/// True: the holder has it until then. It gets it when it has it, nobody has, or time is over.
bool take_lease(soci::session& session, const std::string& name, const std::string& holder,
                std::int64_t now, std::int64_t until);

}  // namespace aula::store
