// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include "gridscale/answers.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace aula::gridscale;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    parse_servers(text);
    parse_server(text);
    parse_created(text);
    parse_request(text, "r1");
    error_text(text);
    return 0;
}
