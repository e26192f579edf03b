// SPDX-License-Identifier: Apache-2.0
#include "gridscale/calls.hpp"

namespace aula::gridscale {

void patch(Connection& connection, const std::string& path, std::string body,
           Answered<void> answered, Urgency urgency) {
    connection.mutate(
        "PATCH", path, std::move(body),
        [answered = std::move(answered)](const Expected<std::string, Error>& answer) {
            if (!answer) return answered(fail(answer.error()));
            answered({});
        },
        urgency);
}

void remove(Connection& connection, const std::string& path, Answered<void> answered,
            Urgency urgency) {
    connection.mutate(
        "DELETE", path, {},
        [answered = std::move(answered)](const Expected<std::string, Error>& answer) {
            // A retry after a lost answer ends like this too.
            if (!answer && answer.error().code != ErrorCode::not_found)
                return answered(fail(answer.error()));
            answered({});
        },
        urgency);
}

void create(Connection& connection, const std::string& path, std::string body,
            Answered<std::string> answered, Urgency urgency) {
    connection.mutate(
        "POST", path, std::move(body),
        [answered = std::move(answered)](const Expected<std::string, Error>& answer) {
            if (!answer) return answered(fail(answer.error()));
            const auto created = parse_created(*answer);
            if (!created) return answered(fail(created.error()));
            answered(created->object_id);
        },
        urgency);
}

}  // namespace aula::gridscale
