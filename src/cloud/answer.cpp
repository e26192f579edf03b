// SPDX-License-Identifier: Apache-2.0
#include "cloud/answer.hpp"

#include "base/encoding.hpp"

namespace aula::cloud {
namespace {

const char* title_of(int status) {
    switch (status) {
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 402:
            return "Payment Required";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 409:
            return "Conflict";
        case 413:
            return "Payload Too Large";
        case 415:
            return "Unsupported Media Type";
        case 416:
            return "Requested Range Not Satisfiable";
        case 424:
            return "Failed Dependency";
        case 502:
            return "Bad Gateway";
        case 503:
            return "Service Unavailable";
        case 504:
            return "Gateway Timeout";
        default:
            return "Internal Server Error";
    }
}

}  // namespace

Answer json_answer(int status, const json::value& body) { return {status, json::serialize(body)}; }

Answer error_answer(int status, std::string_view description) {
    // The one error with a body of its own.
    if (status == 429) {
        return json_answer(429, json::object{{"id", "too_many_requests"},
                                             {"message", "API Rate limit exceeded."}});
    }
    // It may repeat what the client sent, and JSON is UTF-8.
    const auto words = is_utf8(description) ? description : "The call is not UTF-8";
    json::object body{{"title", title_of(status)}, {"description", words}};
    if (status == 401) body["message"] = words;  // where Apache Libcloud looks for it
    return json_answer(status, body);
}

Answer not_found(std::string_view id) {
    return error_answer(404, "Object " + std::string(id) + " not found");
}

}  // namespace aula::cloud
