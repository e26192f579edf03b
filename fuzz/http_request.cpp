// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/expects.hpp"
#include "http/codec.hpp"

/// Requests out of a byte stream that arrives in pieces; the first byte says how large they are.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace aula::http;
    constexpr ParserLimits limits{.header_bytes = 4096, .body_bytes = 1024};
    if (size == 0) return 0;
    const std::size_t step = data[0] + std::size_t{1};
    const aula::Bytes input(data + 1, size - 1);
    RequestParser parser(limits);
    std::size_t taken = 0;
    for (std::size_t end = 0; end < input.size() && !parser.done();) {
        end = std::min(end + step, input.size());
        const auto result = parser.feed(input.subspan(taken, end - taken));
        if (!result) return 0;
        taken += *result;
        AULA_EXPECTS(taken <= end);
    }
    if (!parser.done()) return 0;
    parser.keep_alive();
    parser.asks_for_web_socket();
    const Request request = parser.take();
    AULA_EXPECTS(request.path.starts_with('/') && request.path.find('\0') == std::string::npos);
    AULA_EXPECTS(request.body.size() <= limits.body_bytes);
    parse_parameters(request.query);
    parse_parameters(request.body);
    return 0;
}
