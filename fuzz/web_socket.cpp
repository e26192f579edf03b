// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/encoding.hpp"
#include "base/expects.hpp"
#include "http/frames.hpp"

/// A server's side of a socket; the first byte says in what pieces the rest arrives.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using aula::http::Frames;
    constexpr std::size_t most_message = 2048;
    if (size == 0) return 0;
    const std::size_t step = data[0] + std::size_t{1};
    aula::Bytes input(data + 1, size - 1);
    Frames frames(Frames::Side::server, most_message);
    bool closed = false;
    while (!input.empty()) {
        const std::size_t count = std::min(step, input.size());
        frames.feed(input.first(count));
        input = input.subspan(count);
        while (const auto event = frames.next()) {
            AULA_EXPECTS(!closed && event->bytes.size() <= most_message);
            const bool is_text = event->kind == Frames::Kind::text;
            AULA_EXPECTS(!is_text || aula::is_utf8(aula::text_of(event->bytes)));
            closed = event->kind == Frames::Kind::close;
            if (is_text) frames.send(false, event->bytes);
        }
        frames.take_output();
    }
    return 0;
}
