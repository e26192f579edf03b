// SPDX-License-Identifier: Apache-2.0
#include "cloud/answer.hpp"

#include <boost/json.hpp>

namespace aula::cloud {
namespace {

const char* title_of(int status) {
    switch (status) {
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 415:
            return "Unsupported Media Type";
        case 424:
            return "Failed Dependency";
        default:
            return "Internal Server Error";
    }
}

}  // namespace

Answer error_answer(int status, std::string_view description) {
    return {status,
            boost::json::serialize(
                boost::json::object{{"title", title_of(status)}, {"description", description}}),
            {}};
}

Answer not_found(std::string_view id) {
    return error_answer(404, "Object " + std::string(id) + " not found");
}

}  // namespace aula::cloud
