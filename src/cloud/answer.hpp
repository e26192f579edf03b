// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cloud/json.hpp"
#include "cloud/object.hpp"

namespace aula::cloud {

/// An authenticated call as the table of routes has taken it apart.
struct Call {
    std::string_view owner;
    std::string_view method;
    std::string_view path;
    std::string_view query;
    std::string_view body;
    Kind kind = Kind::server;      // of the route
    std::vector<std::string> ids;  // what stood in the place of each {}
};

/// What a resource answers; the cloud adds the headers.
struct Answer {
    int status = 200;
    std::string body = {};
    std::string request_id = {};  // of a change; empty: one is made up, as every answer has one
    std::string allowed_methods = {};  // of a 405
};

Answer json_answer(int status, const json::value& body);
/// {"title","description"}, of a 429 and a 401 what clients expect of those
Answer error_answer(int status, std::string_view description);
Answer not_found(std::string_view id);

}  // namespace aula::cloud
