// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace aula::cloud {

/// What a resource answers; the cloud adds the headers.
struct Answer {
    int status = 200;
    std::string body;
    std::string request_id = {};  // of a change; empty: one is made up, as every answer has one
};

/// {"title","description"}
Answer error_answer(int status, std::string_view description);
Answer not_found(std::string_view id);

}  // namespace aula::cloud
