// SPDX-License-Identifier: Apache-2.0
#include "signal/access_token.hpp"

#include <cstdlib>

#include "base/encoding.hpp"
#include "crypto/hash.hpp"

/// The input as a whole token, and as claims that are signed properly.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace aula;
    const auto keys = [](std::string_view) { return std::optional<std::string>("secret"); };
    const WallTime now{std::chrono::seconds(1'700'000'000)};
    (void)signal::verify({reinterpret_cast<const char*>(data), size}, keys, now);

    std::string jwt = base64url(bytes_of(R"({"alg":"HS256"})")) + '.' + base64url({data, size});
    jwt +=
        '.' + base64url(crypto::hmac(crypto::HashKind::sha256, bytes_of("secret"), bytes_of(jwt)));
    const auto token = signal::verify(jwt, keys, now);
    if (!token) return 0;
    const auto again = signal::verify(signal::mint(*token, "secret"), keys, now);
    if (!again || *again != *token) std::abort();
    return 0;
}
