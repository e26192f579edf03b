// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "cloud/json.hpp"
#include "cloud/object.hpp"

namespace aula::cloud {

/// What a job does when it is its turn. Values, so that a pending job survives a restart.
struct Effect {
    enum class What : std::uint8_t {
        activate,   // a new object is ready
        patch,      // fields are taken over
        remove,     // the object is deleted
        power_on,   //
        power_off,  // done when the guest is gone
        shut_down,  // the power button is pressed
        touch,      // nothing that can be seen
    };
    What what = What::touch;
    std::string object;
    json::object fields = {};
};

/// An asynchronous request of the API, and the event that tells of it.
struct Job {
    enum class State : std::uint8_t { pending, done, failed };

    std::string id;
    std::string owner;
    Kind kind = Kind::server;
    std::string object;
    std::string activity;  // "create", "update", "delete", "power on" ...
    State state = State::pending;
    std::string message = "Provisioning";
    WallTime created{};
    std::optional<WallTime> due;  // when it runs; pending without: it hangs for ever
    bool shall_fail = false;
    std::vector<Effect> effects;
};

json::object stored(const Job& job);
/// Throws what JSON throws when a member is missing or wrong.
Job job_of(const json::object& stored_job);
std::string_view name_of(Job::State state);

}  // namespace aula::cloud
