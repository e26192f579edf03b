// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/city_clock.hpp"
#include "cloud/answer.hpp"
#include "cloud/boot_times.hpp"
#include "cloud/fault_rules.hpp"
#include "cloud/inventory.hpp"
#include "cloud/machines.hpp"
#include "net/loop.hpp"

namespace aula::cloud {

struct DatacenterOptions {
    std::filesystem::path data_dir;
    std::string program;
    CityClock clock;
    BootTimes boot;
    std::chrono::milliseconds job_time{0};  // shown; 0: a change is made before it is answered
};

/// A change that a resource has checked and that is now carried out as a job.
struct Change {
    int status = 204;
    const Object* object = nullptr;
    const char* activity = "update";
    std::vector<Effect> effects = {};
    json::object body = {};  // of the answer; request_uuid is added
};

/// What all resources of the API work on: the objects, the jobs, the machines and the faults.
/// Lives on the loop.
class Datacenter {
public:
    static Expected<std::unique_ptr<Datacenter>, Error> open(net::Loop& loop,
                                                             DatacenterOptions options);
    ~Datacenter();
    Datacenter(const Datacenter&) = delete;
    Datacenter& operator=(const Datacenter&) = delete;

    /// In milliseconds, as everything is kept.
    WallTime now() const;
    const Inventory& inventory() const { return inventory_; }
    FaultRules& faults() { return faults_; }
    const Machines& machines() const { return machines_; }
    std::optional<Fault> strike(FaultKind kind, const Occasion& occasion);

    /// A new object, in provisioning until its job has activated it.
    Object& add(Kind kind, std::string_view owner, json::object fields);
    /// Opens the job of a change and answers with it.
    Answer accept(const Call& call, Change change);
    /// Nothing that is under way goes on; it is taken up by the next cloud with the same folder.
    void stop();
    /// Writes down what was changed; the answer to the change must wait for it.
    Expected<void, Error> commit();

private:
    Datacenter(net::Loop& loop, DatacenterOptions options, Inventory inventory);
    void resume();
    void add_presets();

    void plan_job(const Job& job);
    void run_job(const std::string& id);
    /// False when it goes on: a guest must be gone first.
    bool carry_out(const Job& job, const Effect& effect);
    std::string obstacle_to(const Job& job) const;
    void fail_job(Job& job, std::string why);
    void patch(Object& object, const json::object& fields);
    void remove(const Object& object);
    void finish_waiting_jobs(const std::string& server);

    void power_on(Object& server);
    bool power_off(const std::string& server);
    void press_power_button(const Job& job, const std::string& server);
    void set_off(const std::string& server);
    void plan_boot(const Object& server);
    void boot(const std::string& server);
    void on_stopped(const std::string& server);
    void save();
    void at(WallTime when, const std::string& name, std::function<void()> task);

    net::Loop& loop_;
    DatacenterOptions options_;
    Inventory inventory_;
    FaultRules faults_;
    Machines machines_;
    std::map<std::string, net::TimerId> timers_;  // of jobs and boots, by their object's UUID
};

/// Evenly from [0, 1).
double throw_dice();

}  // namespace aula::cloud
