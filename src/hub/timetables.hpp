// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "fleet/demand.hpp"
#include "timetable/school.hpp"
#include "timetable/zone.hpp"

namespace aula::store {
class Store;
}

namespace aula::hub {

/// A school that may be kept. To check and write down a large one takes a while; that may be done
/// on any thread.
struct CheckedSchool {
    std::shared_ptr<const timetable::School> school;
    timetable::Zone zone = timetable::Zone::utc();
    std::string json;
};
Expected<CheckedSchool, Error> check_school(timetable::School school);

/// All schools and what they announce, in memory and in the store. Lives on the hub's loop.
class Timetables {
public:
    static constexpr std::size_t most_schools = 2'000;

    /// Cheap to copy, for other threads.
    struct Entry {
        fleet::SchoolKey key = 0;   // 1 and up; never given twice
        std::uint64_t version = 0;  // grows with every change
        std::shared_ptr<const timetable::School> school;
        timetable::Zone zone = timetable::Zone::utc();
    };
    using Saved = std::function<void(Expected<const Entry*, Error>)>;
    using Removed = std::function<void(Expected<void, Error>)>;

    explicit Timetables(store::Store& store, std::string city_zone = "Europe/Berlin")
        : store_(store), city_zone_(std::move(city_zone)) {}

    /// At start-up, before the store has its thread.
    Expected<void, Error> load();

    const Entry* find(std::string_view id) const;
    const Entry* find(fleet::SchoolKey key) const;
    const std::map<std::string, Entry, std::less<>>& all() const { return schools_; }
    /// Of a new school that names no zone.
    const std::string& city_zone() const { return city_zone_; }

    /// Inserts or replaces; answered when it is on disk. With a version that is not (any more) the
    /// present one: conflict.
    void put(CheckedSchool school, std::optional<std::uint64_t> version, Saved saved);
    void put(timetable::School school, std::optional<std::uint64_t> version, Saved saved);
    void remove(const std::string& id, Removed removed);
    /// Called after every change.
    void on_change(std::function<void()> changed) { changed_.push_back(std::move(changed)); }

private:
    void tell() const;
    void take_back(const std::string& id);

    store::Store& store_;
    std::string city_zone_;
    std::map<std::string, Entry, std::less<>> schools_;  // also what is on its way to the disk
    std::map<std::string, Entry, std::less<>> stored_;   // what is there
    fleet::SchoolKey next_key_ = 1;
    std::vector<std::function<void()>> changed_;
};

}  // namespace aula::hub
