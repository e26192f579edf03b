// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "gridscale/connection.hpp"
#include "gridscale/servers.hpp"

/// The few shapes that all typed calls have.
namespace aula::gridscale {

/// GET, and `parse` reads the body.
template <class Parse, class Then>
void get_parsed(Connection& connection, const std::string& path, Parse parse, Then answered,
                Urgency urgency = Urgency::look, unsigned tries = 0) {
    connection.get(
        path,
        [parse, answered = std::move(answered)](const Expected<std::string, Error>& body) {
            if (!body) return answered(fail(body.error()));
            answered(parse(*body));
        },
        urgency, tries);
}

void patch(Connection& connection, const std::string& path, std::string body,
           Answered<void> answered, Urgency urgency = Urgency::change);
/// What is gone already is no error.
void remove(Connection& connection, const std::string& path, Answered<void> answered,
            Urgency urgency = Urgency::tidy);
/// POST; answers the new object's id. A lost answer is an error.
void create(Connection& connection, const std::string& path, std::string body,
            Answered<std::string> answered, Urgency urgency = Urgency::change);

}  // namespace aula::gridscale
