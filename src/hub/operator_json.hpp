// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/fwd.hpp>

#include "base/result.hpp"
#include "http/message.hpp"
#include "hub/api_request.hpp"

/// Reading and writing the bodies of docs/protocol/operator.md.
namespace aula::hub {

Expected<boost::json::object, ApiError> parse_body(std::string_view json);
/// A text that must be there and has at most so many bytes.
Expected<std::string, ApiError> text_in(const boost::json::object& json, const char* name,
                                        std::size_t most = 1'000);
/// Nothing when it is not there or null.
Expected<std::optional<std::string>, ApiError> optional_text_in(const boost::json::object& json,
                                                                const char* name,
                                                                std::size_t most = 1'000);
Expected<double, ApiError> number_in(const boost::json::object& json, const char* name,
                                     double least, double most);

http::Response json_answer(int status, const boost::json::value& body);
/// The answer of something that failed elsewhere in the hub.
ApiError api_error_of(const Error& error);

}  // namespace aula::hub
