// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "gridscale/answers.hpp"
#include "gridscale/connection.hpp"

namespace aula::gridscale {

struct NewServer {
    std::string name;
    std::int64_t cores = 1;
    std::int64_t memory_gb = 1;
    std::vector<std::string> labels;
    std::string user_data;  // base64
};

/// /objects/servers. Each change is answered when the cloud has carried it out.
class Servers {
public:
    template <class T>
    using Answered = std::function<void(Expected<T, Error>)>;

    explicit Servers(Connection& connection) : connection_(connection) {}

    void list(Answered<std::vector<Server>> answered);
    void get(const std::string& id, Answered<Server> answered);
    /// Answers the new server's id. Not repeated when the answer was lost: look for its label
    /// first.
    void create(const NewServer& server, Answered<std::string> answered);
    /// The server should be off: user_data is read when it boots.
    void set_user_data(const std::string& id, const std::string& user_data,
                       Answered<void> answered);
    /// A server that has that power state already is no error.
    void set_power(const std::string& id, bool power, Answered<void> answered);
    /// ACPI: asks the server to stop, which it may ignore.
    void shut_down(const std::string& id, Answered<void> answered);

private:
    void patch(const std::string& path, std::string body, Answered<void> answered);
    Connection& connection_;
};

}  // namespace aula::gridscale
