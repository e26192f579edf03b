// SPDX-License-Identifier: Apache-2.0
// What strangers may put into a path, a query and headers: the first line is the path, the second
// the query, the rest the Authorization header. The token of a good one is made here, so that what
// lies behind it is reached too.
#include "node/doorway.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

using namespace aula;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::string secret = "a-secret-only-for-fuzzing-0123456789abcdef";
    static const WallTime now = WallClock::now();
    static const std::string good = [] {
        signal::AccessToken token;
        token.key_id = "key";
        token.identity = "anna";
        token.video.room = "r";
        token.video.room_join = true;
        token.expires = now + 24h;
        return signal::mint(token, secret);
    }();
    const std::string text(reinterpret_cast<const char*>(data), size);
    const std::size_t path_end = text.find('\n');
    if (path_end == std::string::npos) return 0;
    const std::size_t query_end = std::min(text.find('\n', path_end + 1), text.size());
    control::OpenStream stream;
    stream.set_room("r");
    stream.set_path(text.substr(0, path_end));
    stream.set_query(text.substr(path_end + 1, query_end - path_end - 1));
    const std::string shown = query_end < text.size() ? text.substr(query_end + 1) : "";
    (*stream.mutable_headers())["authorization"] = "Bearer " + (shown.empty() ? good : shown);
    const auto keys = [](std::string_view key) {
        return key == "key" ? std::optional(secret) : std::nullopt;
    };
    const auto visit = node::check_visitor(stream, keys, now);
    // Nobody gets in with a token that was not signed with the key.
    if (visit && !shown.empty() && shown != good) __builtin_trap();
    return 0;
}
