// SPDX-License-Identifier: Apache-2.0
#include "hub/timetables.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "store/ledger_tables.hpp"
#include "store/store.hpp"

namespace aula::hub {

Expected<CheckedSchool, Error> check_school(timetable::School school) {
    if (auto checked = timetable::check(school); !checked) return fail(std::move(checked).error());
    auto zone = timetable::Zone::load(school.zone);
    if (!zone) return fail(std::move(zone).error());
    auto json = timetable::to_json(school);
    return CheckedSchool{std::make_shared<const timetable::School>(std::move(school)),
                         std::move(*zone), std::move(json)};
}

Expected<void, Error> Timetables::load() {
    const auto rows =
        store_.run_now([](soci::session& session) { return store::load_schools(session); });
    if (!rows) return fail(rows.error());
    for (const auto& row : *rows) {
        next_key_ = std::max(next_key_, row.key + 1);
        if (row.json.empty()) continue;
        auto school = timetable::school_from_json(row.json);
        auto zone = school ? timetable::Zone::load(school->zone)
                           : Expected<timetable::Zone, Error>(fail(school.error()));
        if (!zone) {
            // One school's broken row must not keep a city's hub from starting.
            log::error("a school's timetable cannot be read",
                       {{"school", row.id}, {"why", zone.error().text}});
            continue;
        }
        schools_[row.id] = {row.key, row.version,
                            std::make_shared<const timetable::School>(std::move(*school)),
                            std::move(*zone)};
    }
    stored_ = schools_;
    return {};
}

const Timetables::Entry* Timetables::find(std::string_view id) const {
    const auto at = schools_.find(id);
    return at == schools_.end() ? nullptr : &at->second;
}

const Timetables::Entry* Timetables::find(fleet::SchoolKey key) const {
    const auto at = std::find_if(schools_.begin(), schools_.end(),
                                 [&](const auto& one) { return one.second.key == key; });
    return at == schools_.end() ? nullptr : &at->second;
}

void Timetables::tell() const {
    for (const auto& changed : changed_) changed();
}

void Timetables::put(timetable::School school, std::optional<std::uint64_t> version, Saved saved) {
    auto checked = check_school(std::move(school));
    if (!checked) return saved(fail(std::move(checked).error()));
    put(std::move(*checked), version, std::move(saved));
}

void Timetables::put(CheckedSchool school, std::optional<std::uint64_t> version, Saved saved) {
    const std::string id = school.school->id;
    const Entry* known = find(id);
    if (version && (known == nullptr ? 0 : known->version) != *version)
        return saved(fail(Error{ErrorCode::conflict, "somebody else saved meanwhile"}));
    if (known == nullptr && schools_.size() >= most_schools)
        return saved(fail(Error{ErrorCode::refused, "there are 2000 schools already"}));
    // In memory at once: a second save must see this one's version.
    Entry entry;
    entry.key = known != nullptr ? known->key : next_key_++;
    entry.version = (known != nullptr ? known->version : 0) + 1;
    entry.zone = std::move(school.zone);
    entry.school = std::move(school.school);
    store::SchoolRow row{entry.key, id, entry.version, std::move(school.json)};
    schools_[id] = entry;
    tell();
    store_.ask([row = std::move(row)](soci::session& session) { store::save_school(session, row); },
               [this, id, entry = std::move(entry),
                saved = std::move(saved)](Expected<void, Error> stored) mutable {
                   const Entry* now = find(id);
                   if (!stored) {
                       // Unless it was changed again.
                       if (now != nullptr && now->school == entry.school) take_back(id);
                       return saved(fail(std::move(stored).error()));
                   }
                   const Entry& kept = stored_[id] = std::move(entry);
                   if (now != nullptr) return saved(&kept);
                   saved(fail(Error{ErrorCode::conflict, "removed meanwhile"}));
               });
}

void Timetables::remove(const std::string& id, Removed removed) {
    const Entry* known = find(id);
    if (known == nullptr)
        return removed(fail(Error{ErrorCode::not_found, "there is no such school"}));
    const store::SchoolRow row{known->key, id, known->version, ""};
    schools_.erase(id);
    tell();
    store_.ask([row](soci::session& session) { store::save_school(session, row); },
               [this, id, removed = std::move(removed)](Expected<void, Error> stored) {
                   if (stored)
                       stored_.erase(id);
                   else if (find(id) == nullptr)  // there is no new one
                       take_back(id);
                   removed(std::move(stored));
               });
}

/// What is not on disk does not hold.
void Timetables::take_back(const std::string& id) {
    const auto at = stored_.find(id);
    if (at == stored_.end())
        schools_.erase(id);
    else
        schools_[id] = at->second;
    tell();
}

}  // namespace aula::hub
