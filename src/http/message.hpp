// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/address.hpp"

namespace aula::http {

/// Header names are lower case. Few, so a vector is the fastest map.
class Headers {
public:
    void set(std::string name, std::string value);
    void add(std::string name, std::string value);
    const std::string* find(std::string_view lower_case_name) const;
    auto begin() const { return fields_.begin(); }
    auto end() const { return fields_.end(); }

private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

/// Decoded query or form parameters, in order. Names may repeat.
using Parameters = std::vector<std::pair<std::string, std::string>>;
std::optional<Parameters> parse_parameters(std::string_view text);  // nullopt: a broken escape
const std::string* find_parameter(const Parameters& parameters, std::string_view name);

struct Request {
    std::string method;
    std::string path;   // percent-decoded, without the query, always begins with '/'
    std::string query;  // as sent, without '?'
    Headers headers;
    std::string body;
    net::Address peer;
};

struct Response {
    int status = 200;
    Headers headers;
    std::string body;
};

Response text_response(int status, std::string body);
Response json_response(int status, std::string body);

}  // namespace aula::http
