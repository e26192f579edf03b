// SPDX-License-Identifier: Apache-2.0
#include "store/fleet_tables.hpp"

#include "store/columns.hpp"

namespace aula::store {

std::int64_t add_fleet_action(soci::session& session, const FleetActionRow& row) {
    const auto at = static_cast<long long>(row.at);
    const auto finished = static_cast<long long>(row.finished);
    session << "INSERT INTO fleet_actions (at, kind, server, who, reason, words, outcome, finished)"
               " VALUES (:at, :kind, :server, :who, :reason, :words, :outcome, :finished)",
        soci::use(at), soci::use(row.kind), soci::use(row.server), soci::use(row.who),
        soci::use(row.reason), soci::use(row.words), soci::use(row.outcome), soci::use(finished);
    std::string id;
    session << "SELECT CAST(last_insert_rowid() AS TEXT)", soci::into(id);
    return std::stoll(id);
}

void finish_fleet_action(soci::session& session, std::int64_t id, const std::string& outcome,
                         std::int64_t finished) {
    const auto key = static_cast<long long>(id);
    const auto when = static_cast<long long>(finished);
    session << "UPDATE fleet_actions SET outcome = :outcome, finished = :finished WHERE id = :id",
        soci::use(outcome), soci::use(when), soci::use(key);
}

void finish_fleet_actions(soci::session& session, const std::string& outcome,
                          std::int64_t finished) {
    const auto when = static_cast<long long>(finished);
    session << "UPDATE fleet_actions SET outcome = :outcome, finished = :finished"
               " WHERE finished = 0",
        soci::use(outcome), soci::use(when);
}

std::vector<FleetActionRow> load_fleet_actions(soci::session& session, std::int64_t before,
                                               std::size_t most) {
    std::vector<FleetActionRow> actions;
    const auto below = static_cast<long long>(before);
    const auto limit = static_cast<long long>(most);
    const soci::rowset<soci::row> rows =
        (session.prepare << "SELECT CAST(id AS TEXT), CAST(at AS TEXT), kind, server, who, reason,"
                            " words, outcome, CAST(finished AS TEXT) FROM fleet_actions"
                            " WHERE id < :below OR :below = 0 ORDER BY id DESC LIMIT :most",
         soci::use(below, "below"), soci::use(limit, "most"));
    for (const soci::row& row : rows) {
        const auto text = [&](std::size_t column) { return row.get<std::string>(column); };
        actions.push_back({long_column(row, 0), long_column(row, 1), text(2), text(3), text(4),
                           text(5), text(6), text(7), long_column(row, 8)});
    }
    return actions;
}

void delete_fleet_actions(soci::session& session, std::int64_t before, std::size_t most) {
    const auto oldest = static_cast<long long>(before);
    const auto limit = static_cast<long long>(most);
    session << "DELETE FROM fleet_actions WHERE id IN (SELECT id FROM fleet_actions"
               " WHERE at < :oldest ORDER BY id LIMIT :most)",
        soci::use(oldest, "oldest"), soci::use(limit, "most");
}

bool take_lease(soci::session& session, const std::string& name, const std::string& holder,
                std::int64_t now, std::int64_t until) {
    const auto present = static_cast<long long>(now);
    const auto end = static_cast<long long>(until);
    session << "INSERT INTO leases VALUES (:name, :holder, 0) ON CONFLICT (name) DO NOTHING",
        soci::use(name), soci::use(holder);
    // Compare and set: of two hubs that ask at once one changes the row.
    soci::statement update =
        (session.prepare << "UPDATE leases SET holder = :holder, until = :until"
                            " WHERE name = :name AND (holder = :holder OR until < :now)",
         soci::use(holder, "holder"), soci::use(end, "until"), soci::use(name, "name"),
         soci::use(present, "now"));
    update.execute(true);
    return update.get_affected_rows() == 1;
}

}  // namespace aula::store
