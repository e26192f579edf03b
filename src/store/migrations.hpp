// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace soci {
class session;
}

namespace aula::store {

/// Brings the tables to this program's version, each step in a transaction of its own. Throws when
/// the file is of a newer program.
void migrate(soci::session& session);

}  // namespace aula::store
