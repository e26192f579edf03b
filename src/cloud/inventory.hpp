// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cloud/job.hpp"
#include "cloud/journal.hpp"
#include "cloud/object.hpp"

namespace aula::cloud {

/// All objects and jobs of the cloud. What was changed through change() and put() is written by
/// commit(), as one line of the journal: all of it or nothing.
class Inventory {
public:
    static constexpr std::size_t most_jobs = 10'000;      // finished ones, the oldest are forgotten
    static constexpr std::size_t most_deleted = 10'000;   // of the history
    static constexpr std::size_t most_objects = 100'000;  // alive

    static Expected<Inventory, Error> open(const std::filesystem::path& file);

    /// Living objects.
    const Object* find(std::string_view id) const;
    /// What this user sees: its own and everybody's.
    const Object* find(std::string_view id, Kind kind, std::string_view owner) const;
    std::vector<const Object*> all(Kind kind, std::string_view owner) const;
    std::vector<const Object*> all(Kind kind) const;
    std::vector<const Object*> deleted(Kind kind, std::string_view owner) const;
    /// Also deleted ones.
    void each(Kind kind, const std::function<void(const Object&)>& visit) const;
    /// The links that this server, storage, network ... is an end of.
    std::vector<const Object*> links(std::string_view end) const;
    bool is_full() const { return living_ >= most_objects; }

    /// To be changed; null when it is not there or deleted.
    Object* change(std::string_view id);
    Object& put(Object object);
    void remove(std::string_view id, WallTime now);  // stays in the history
    void forget(std::string_view id);                // as if it never was

    const Job* job(std::string_view id) const;
    Job* change_job(std::string_view id);
    Job& put_job(Job job);
    const std::deque<std::string>& jobs_in_order() const { return job_order_; }

    Expected<void, Error> commit();

private:
    Inventory() = default;
    void take(const json::object& line);
    void index(const Object& link);
    void take_job(Job job);
    void put_in_order();
    void forget_oldest();
    std::string changes();
    std::string whole() const;

    std::map<std::string, Object, std::less<>> objects_;
    std::map<std::string, Job, std::less<>> jobs_;
    std::deque<std::string> job_order_;
    std::deque<std::string> deleted_order_;
    std::map<std::string, std::set<std::string>, std::less<>> links_;  // by either end
    std::size_t living_ = 0;
    std::set<std::string> changed_objects_, changed_jobs_, forgotten_;
    std::optional<Journal> journal_;  // always there once opened
    std::size_t size_after_replace_ = 0;
};

}  // namespace aula::cloud
