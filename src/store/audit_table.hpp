// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace soci {
class session;
}

namespace aula::store {

/// What somebody did on the operator's page. Times are milliseconds since 1970.
struct DeedRow {
    std::int64_t id = 0;
    std::int64_t at = 0;
    std::string who;
    std::string act;
    std::string what;
    std::string why;
    std::string address;
};

/// Its id is the table's affair.
void add_deed(soci::session& session, const DeedRow& deed);
/// The newest first, older than `before` (0: the newest).
std::vector<DeedRow> load_deeds(soci::session& session, std::int64_t before, std::size_t most);
void delete_deeds(soci::session& session, std::int64_t older_than);

}  // namespace aula::store
