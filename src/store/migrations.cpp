// SPDX-License-Identifier: Apache-2.0
#include "store/migrations.hpp"

#include <stdexcept>
#include <vector>

#include <soci/soci.h>

namespace aula::store {

namespace {

/// One step's statements. A step that was released is never changed; a change is a new step.
using Step = std::vector<const char*>;

const std::vector<Step>& steps() {
    static const std::vector<Step> all = {
        {
            "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
            "CREATE TABLE lessons ("
            " id TEXT PRIMARY KEY, teacher_code TEXT NOT NULL UNIQUE, pupil_code TEXT NOT NULL "
            "UNIQUE,"
            " title TEXT NOT NULL, external_id TEXT NOT NULL, settings TEXT NOT NULL,"
            " max_participants INTEGER NOT NULL, empty_timeout INTEGER NOT NULL,"
            " departure_timeout INTEGER NOT NULL, ends_with_room INTEGER NOT NULL,"
            " created INTEGER NOT NULL, started INTEGER NOT NULL, ended INTEGER NOT NULL)",
            "CREATE TABLE lesson_events ("
            " room TEXT NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL, event TEXT NOT "
            "NULL,"
            " PRIMARY KEY (room, sequence)) WITHOUT ROWID",
            "CREATE TABLE documents ("
            " kind TEXT NOT NULL, key TEXT NOT NULL, json TEXT NOT NULL,"
            " PRIMARY KEY (kind, key)) WITHOUT ROWID",
        },
        {
            "CREATE TABLE lesson_snapshots ("
            " room TEXT PRIMARY KEY, sequence INTEGER NOT NULL, snapshot TEXT NOT NULL)"
            " WITHOUT ROWID",
        },
        {
            "CREATE TABLE audit ("
            " id INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, act TEXT NOT NULL,"
            " what TEXT NOT NULL, why TEXT NOT NULL, address TEXT NOT NULL)",
        },
        {
            "ALTER TABLE lessons ADD COLUMN setup TEXT NOT NULL DEFAULT ''",
        },
        {
            "CREATE TABLE fleet_actions ("
            " id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL,"
            " server TEXT NOT NULL, who TEXT NOT NULL, reason TEXT NOT NULL, words TEXT NOT NULL,"
            " outcome TEXT NOT NULL, finished INTEGER NOT NULL)",
            "CREATE TABLE leases ("
            " name TEXT PRIMARY KEY, holder TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID",
        },
        {
            "CREATE TABLE power_intervals ("
            " id INTEGER PRIMARY KEY, subject TEXT NOT NULL, began INTEGER NOT NULL,"
            " ended INTEGER NOT NULL, detail TEXT NOT NULL)",
            "CREATE TABLE holdings ("
            " id INTEGER PRIMARY KEY, subject TEXT NOT NULL, began INTEGER NOT NULL,"
            " ended INTEGER NOT NULL, detail TEXT NOT NULL)",
            "CREATE TABLE presence ("
            " day TEXT NOT NULL, school INTEGER NOT NULL, milliseconds INTEGER NOT NULL,"
            " PRIMARY KEY (day, school)) WITHOUT ROWID",
            "CREATE TABLE schools ("
            " key INTEGER PRIMARY KEY, id TEXT NOT NULL, version INTEGER NOT NULL,"
            " json TEXT NOT NULL)",
        },
        {
            "CREATE TABLE past_lessons ("
            " id TEXT PRIMARY KEY, room TEXT NOT NULL, first_mention INTEGER NOT NULL,"
            " school INTEGER NOT NULL, planned_start INTEGER NOT NULL,"
            " planned_end INTEGER NOT NULL, planned_seats INTEGER NOT NULL,"
            " began INTEGER NOT NULL, ended INTEGER NOT NULL, seats INTEGER NOT NULL,"
            " goes_on INTEGER NOT NULL) WITHOUT ROWID",
            "CREATE INDEX past_lessons_by_time ON past_lessons (first_mention, id)",
            "CREATE TABLE power_forgotten ("
            " server TEXT NOT NULL, cores INTEGER NOT NULL, memory_gb INTEGER NOT NULL,"
            " milliseconds INTEGER NOT NULL, PRIMARY KEY (server, cores, memory_gb))"
            " WITHOUT ROWID",
        },
    };
    return all;
}

}  // namespace

void migrate(soci::session& session) {
    int version = 0;
    session << "PRAGMA user_version", soci::into(version);
    if (version > static_cast<int>(steps().size())) {
        throw std::runtime_error("this file was written by a newer version of Aula");
    }
    for (auto at = static_cast<std::size_t>(version); at < steps().size(); ++at) {
        soci::transaction transaction(session);
        for (const char* statement : steps()[at]) session << statement;
        session << "PRAGMA user_version = " << at + 1;
        transaction.commit();
    }
}

}  // namespace aula::store
