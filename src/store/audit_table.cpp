// SPDX-License-Identifier: Apache-2.0
#include "store/audit_table.hpp"

#include "store/columns.hpp"

namespace aula::store {

void add_deed(soci::session& session, const DeedRow& deed) {
    const auto at = static_cast<long long>(deed.at);
    session << "INSERT INTO audit (at, who, act, what, why, address)"
               " VALUES (:at, :who, :act, :what, :why, :address)",
        soci::use(at), soci::use(deed.who), soci::use(deed.act), soci::use(deed.what),
        soci::use(deed.why), soci::use(deed.address);
}

std::vector<DeedRow> load_deeds(soci::session& session, std::int64_t before, std::size_t most) {
    std::vector<DeedRow> deeds;
    const auto below = static_cast<long long>(before);
    const auto limit = static_cast<long long>(most);
    const soci::rowset<soci::row> rows =
        (session.prepare << "SELECT CAST(id AS TEXT), CAST(at AS TEXT), who, act, what, why,"
                            " address FROM audit WHERE id < :below OR :below = 0"
                            " ORDER BY id DESC LIMIT :most",
         soci::use(below, "below"), soci::use(limit, "most"));
    for (const soci::row& row : rows) {
        deeds.push_back({long_column(row, 0), long_column(row, 1), row.get<std::string>(2),
                         row.get<std::string>(3), row.get<std::string>(4), row.get<std::string>(5),
                         row.get<std::string>(6)});
    }
    return deeds;
}

void delete_deeds(soci::session& session, std::int64_t older_than) {
    const auto oldest = static_cast<long long>(older_than);
    session << "DELETE FROM audit WHERE at < :oldest", soci::use(oldest);
}

}  // namespace aula::store
