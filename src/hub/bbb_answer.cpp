// SPDX-License-Identifier: Apache-2.0
#include "hub/bbb_answer.hpp"

#include <utility>

#include "bbb/reply.hpp"

namespace aula::hub {

http::Response xml_answer(std::string body) {
    http::Response response;
    response.headers.set("content-type", "text/xml;charset=utf-8");
    response.headers.set("cache-control", "no-cache");
    response.body = std::move(body);
    return response;
}

http::Response bbb_json_answer(std::string body) {
    auto response = http::json_response(200, std::move(body));
    response.headers.set("cache-control", "no-cache");
    return response;
}

http::Response refusal_answer(const bbb::Refusal& refusal) {
    return xml_answer(bbb::refusal_reply(refusal));
}

}  // namespace aula::hub
