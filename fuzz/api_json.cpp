// SPDX-License-Identifier: Apache-2.0
// What the pages' API and the sockets' door read from strangers.
#include <cstddef>
#include <cstdint>

#include "base/encoding.hpp"
#include "base/expects.hpp"
#include "hub/access.hpp"
#include "hub/api_request.hpp"
#include "hub/pages.hpp"
#include "hub/session_token.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace aula;
    const std::string_view text = text_of({data, size});
    if (const auto body = hub::parse_join(text); body && body->name) {
        AULA_EXPECTS(!body->name->empty() && is_utf8(*body->name));
        AULA_EXPECTS(hub::clean_name(*body->name, 64) == body->name);
    }
    (void)hub::parse_new_lesson(text);
    (void)hub::unseal_session(text, "key", WallTime());
    (void)hub::accepts_encoding(text, "br");
    http::Request request;
    request.query = text;
    request.headers.set("authorization", std::string(text));
    request.headers.set("x-forwarded-for", std::string(text));
    request.peer = *net::Address::parse("127.0.0.1:1");
    (void)hub::token_of(request);
    (void)hub::client_address(request, {});
    return 0;
}
