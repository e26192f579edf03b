// SPDX-License-Identifier: Apache-2.0
#include "gridscale/servers.hpp"

#include <boost/json.hpp>

namespace aula::gridscale {
namespace {

const std::string servers_path = "/objects/servers";

}  // namespace

void Servers::list(Answered<std::vector<Server>> answered) {
    connection_.get(servers_path,
                    [answered = std::move(answered)](const Expected<std::string, Error>& body) {
                        if (!body) return answered(fail(body.error()));
                        answered(parse_servers(*body));
                    });
}

void Servers::get(const std::string& id, Answered<Server> answered) {
    connection_.get(servers_path + '/' + id,
                    [answered = std::move(answered)](const Expected<std::string, Error>& body) {
                        if (!body) return answered(fail(body.error()));
                        answered(parse_server(*body));
                    });
}

void Servers::create(const NewServer& server, Answered<std::string> answered) {
    // auto_recovery would start a conference node again behind our back after a host failure, and
    // bill it.
    auto body = boost::json::serialize(
        boost::json::object{{"name", server.name},
                            {"cores", server.cores},
                            {"memory", server.memory_gb},
                            {"labels", boost::json::value_from(server.labels)},
                            {"user_data", server.user_data},
                            {"auto_recovery", false}});
    connection_.mutate(
        "POST", servers_path, std::move(body),
        [answered = std::move(answered)](const Expected<std::string, Error>& answer) {
            if (!answer) return answered(fail(answer.error()));
            const auto created = parse_created(*answer);
            if (!created) return answered(fail(created.error()));
            answered(created->object_id);
        });
}

void Servers::set_user_data(const std::string& id, const std::string& user_data,
                            Answered<void> answered) {
    patch(servers_path + '/' + id,
          boost::json::serialize(boost::json::object{{"user_data", user_data}}),
          std::move(answered));
}

void Servers::set_power(const std::string& id, bool power, Answered<void> answered) {
    patch(servers_path + '/' + id + "/power", power ? R"({"power":true})" : R"({"power":false})",
          [answered = std::move(answered)](Expected<void, Error> outcome) {
              // A retry after a lost answer ends like this too.
              const bool already = !outcome && outcome.error().code == ErrorCode::invalid &&
                                   outcome.error().text.find(
                                       "already in the requested power state") != std::string::npos;
              answered(already ? Expected<void, Error>{} : std::move(outcome));
          });
}

void Servers::shut_down(const std::string& id, Answered<void> answered) {
    patch(servers_path + '/' + id + "/shutdown", "{}", std::move(answered));
}

void Servers::patch(const std::string& path, std::string body, Answered<void> answered) {
    connection_.mutate(
        "PATCH", path, std::move(body),
        [answered = std::move(answered)](const Expected<std::string, Error>& answer) {
            if (!answer) return answered(fail(answer.error()));
            answered({});
        });
}

}  // namespace aula::gridscale
