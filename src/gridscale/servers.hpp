// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "gridscale/answers.hpp"
#include "gridscale/connection.hpp"
#include "gridscale/objects.hpp"

namespace aula::gridscale {

template <class T>
using Answered = std::function<void(Expected<T, Error>)>;

struct NewServer {
    std::string name;
    std::int64_t cores = 1;
    std::int64_t memory_gb = 1;
    std::vector<std::string> labels;
    std::string user_data;                    // base64
    std::string op = {};                      // the one of `labels` that nothing else has
    std::vector<std::string> storages = {};   // ids; it boots from the first
    std::vector<std::string> networks = {};   // ids
    std::vector<std::string> addresses = {};  // ids
};

/// What is left out stays as it is.
struct ServerChange {
    std::optional<std::string> name = {};
    std::optional<std::int64_t> cores = {};
    std::optional<std::int64_t> memory_gb = {};
    std::optional<std::vector<std::string>> labels = {};
    std::optional<std::string> user_data = {};  // base64; the server should be off
};

/// /objects/servers. Each change is answered when the cloud has carried it out.
class Servers {
public:
    explicit Servers(Connection& connection) : connection_(connection) {}

    /// Tried once: a keeper lists again soon.
    void list(Answered<std::vector<Server>> answered);
    void list_deleted(Answered<std::vector<Server>> answered);
    void get(const std::string& id, Answered<Server> answered);
    /// Answers the new server's id. With `op` set it is made once even when answers are lost,
    /// without it a lost answer is an error.
    void create(const NewServer& server, Answered<std::string> answered,
                Urgency urgency = Urgency::change);
    void change(const std::string& id, const ServerChange& change, Answered<void> answered,
                Urgency urgency = Urgency::change);
    /// A server that has that power state already is no error.
    void set_power(const std::string& id, bool power, Answered<void> answered,
                   Urgency urgency = Urgency::change);
    /// ACPI: asks the server to stop, which it may ignore.
    void shut_down(const std::string& id, Answered<void> answered);
    /// Only the server, which has to be off; what hangs on it stays and costs. One that is gone
    /// already is no error.
    void remove(const std::string& id, Answered<void> answered, Urgency urgency = Urgency::tidy);
    void list_events(const std::string& id, Answered<std::vector<Event>> answered);

private:
    Connection& connection_;
};

}  // namespace aula::gridscale
