// SPDX-License-Identifier: Apache-2.0
#include "signal/join_request.hpp"

#include <cstdlib>

#include "base/encoding.hpp"
#include "signal/livekit.pb.h"

/// The input as the parameter itself, as the gzip inside it, and as the values of an old client's
/// query.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace aula;
    const std::string text(reinterpret_cast<const char*>(data), size);
    if (const auto request = signal::decode_join_request(text)) {
        if (!signal::decode_join_request(signal::encode_join_request(*request))) std::abort();
    }
    livekit::WrappedJoinRequest wrapped;
    wrapped.set_compression(livekit::WrappedJoinRequest::GZIP);
    wrapped.set_join_request(text);
    (void)signal::decode_join_request(base64url(bytes_of(wrapped.SerializeAsString())));
    const auto request = signal::join_request_of_query({{"attributes", text},
                                                        {"capabilities", text},
                                                        {"sdk", text},
                                                        {"protocol", text},
                                                        {"sid", text}});
    if (request.ByteSizeLong() != request.SerializeAsString().size()) std::abort();
    return 0;
}
