// SPDX-License-Identifier: Apache-2.0
#include "store/ledger_tables.hpp"

#include "store/columns.hpp"

namespace aula::store {

namespace {

std::string name_of(LedgerTable table) {
    return table == LedgerTable::power_intervals ? "power_intervals" : "holdings";
}

}  // namespace

void save_interval(soci::session& session, LedgerTable table, const LedgerRow& row) {
    const auto id = static_cast<long long>(row.id);
    const auto began = static_cast<long long>(row.began);
    const auto ended = static_cast<long long>(row.ended);
    session << "INSERT OR REPLACE INTO " + name_of(table) +
                   " VALUES (:id, :subject, :began, :ended, :detail)",
        soci::use(id), soci::use(row.subject), soci::use(began), soci::use(ended),
        soci::use(row.detail);
}

std::vector<LedgerRow> load_intervals(soci::session& session, LedgerTable table) {
    const soci::rowset<soci::row> rows =
        (session.prepare << "SELECT CAST(id AS TEXT), subject, CAST(began AS TEXT),"
                            " CAST(ended AS TEXT), detail FROM " +
                                name_of(table) + " ORDER BY id");
    std::vector<LedgerRow> found;
    for (const soci::row& row : rows) {
        found.push_back({long_column(row, 0), row.get<std::string>(1), long_column(row, 2),
                         long_column(row, 3), row.get<std::string>(4)});
    }
    return found;
}

void delete_intervals(soci::session& session, LedgerTable table,
                      const std::vector<std::int64_t>& ids) {
    for (const std::int64_t id : ids) {
        const auto key = static_cast<long long>(id);
        session << "DELETE FROM " + name_of(table) + " WHERE id = :id", soci::use(key);
    }
}

void save_forgotten_power(soci::session& session, const ForgottenPowerRow& row) {
    const auto cores = static_cast<long long>(row.cores);
    const auto memory = static_cast<long long>(row.memory_gb);
    const auto time = static_cast<long long>(row.milliseconds);
    session << "INSERT OR REPLACE INTO power_forgotten VALUES (:server, :cores, :memory, :time)",
        soci::use(row.server), soci::use(cores), soci::use(memory), soci::use(time);
}

void delete_forgotten_power(soci::session& session, const std::string& server) {
    session << "DELETE FROM power_forgotten WHERE server = :server", soci::use(server);
}

std::vector<ForgottenPowerRow> load_forgotten_power(soci::session& session) {
    const soci::rowset<soci::row> rows =
        (session.prepare << "SELECT server, CAST(cores AS TEXT), CAST(memory_gb AS TEXT),"
                            " CAST(milliseconds AS TEXT) FROM power_forgotten");
    std::vector<ForgottenPowerRow> found;
    for (const soci::row& row : rows) {
        found.push_back({row.get<std::string>(0), static_cast<std::uint32_t>(long_column(row, 1)),
                         static_cast<std::uint32_t>(long_column(row, 2)), long_column(row, 3)});
    }
    return found;
}

void save_presence(soci::session& session, const PresenceRow& row) {
    const auto school = static_cast<long long>(row.school);
    const auto time = static_cast<long long>(row.milliseconds);
    session << "INSERT OR REPLACE INTO presence VALUES (:day, :school, :time)", soci::use(row.day),
        soci::use(school), soci::use(time);
}

std::vector<PresenceRow> load_presence(soci::session& session, const std::string& first_day) {
    const soci::rowset<soci::row> rows =
        (session.prepare << "SELECT day, CAST(school AS TEXT), CAST(milliseconds AS TEXT)"
                            " FROM presence WHERE day >= :day ORDER BY day, school",
         soci::use(first_day));
    std::vector<PresenceRow> found;
    for (const soci::row& row : rows) {
        found.push_back({row.get<std::string>(0), static_cast<std::uint32_t>(long_column(row, 1)),
                         long_column(row, 2)});
    }
    return found;
}

void delete_presence(soci::session& session, const std::string& first_day, std::size_t most) {
    const auto limit = static_cast<long long>(most);
    session << "DELETE FROM presence WHERE (day, school) IN (SELECT day, school FROM presence"
               " WHERE day < :day ORDER BY day LIMIT :most)",
        soci::use(first_day, "day"), soci::use(limit, "most");
}

void save_school(soci::session& session, const SchoolRow& row) {
    const auto key = static_cast<long long>(row.key);
    const auto version = static_cast<long long>(row.version);
    session << "INSERT OR REPLACE INTO schools VALUES (:key, :id, :version, :json)", soci::use(key),
        soci::use(row.id), soci::use(version), soci::use(row.json);
}

std::vector<SchoolRow> load_schools(soci::session& session) {
    const soci::rowset<soci::row> rows =
        (session.prepare << "SELECT CAST(key AS TEXT), id, CAST(version AS TEXT), json"
                            " FROM schools ORDER BY key");
    std::vector<SchoolRow> found;
    for (const soci::row& row : rows) {
        found.push_back({static_cast<std::uint32_t>(long_column(row, 0)), row.get<std::string>(1),
                         static_cast<std::uint64_t>(long_column(row, 2)), row.get<std::string>(3)});
    }
    return found;
}

}  // namespace aula::store
