// SPDX-License-Identifier: Apache-2.0
#include "signal/join_request.hpp"

#include "base/encoding.hpp"
#include "signal/gzip.hpp"
#include "signal/livekit.pb.h"

namespace aula::signal {

namespace {

Expected<Buffer, SignalError> unwrapped(const livekit::WrappedJoinRequest& wrapped) {
    const Bytes inner = bytes_of(wrapped.join_request());
    switch (wrapped.compression()) {
        case livekit::WrappedJoinRequest::NONE:
            return Buffer(inner.begin(), inner.end());
        case livekit::WrappedJoinRequest::GZIP:
            return gunzip(inner, max_join_request_size);
        default:
            return fail(SignalError::compression);
    }
}

}  // namespace

Expected<livekit::JoinRequest, SignalError> decode_join_request(std::string_view parameter) {
    if (parameter.size() > max_join_request_size) return fail(SignalError::size);
    const auto bytes = from_base64(parameter);
    if (!bytes) return fail(SignalError::encoding);

    livekit::WrappedJoinRequest wrapped;
    if (!wrapped.ParseFromArray(bytes->data(), static_cast<int>(bytes->size()))) {
        return fail(SignalError::message);
    }
    const auto inner = unwrapped(wrapped);
    if (!inner) return fail(inner.error());

    livekit::JoinRequest request;
    if (!request.ParseFromArray(inner->data(), static_cast<int>(inner->size()))) {
        return fail(SignalError::message);
    }
    return request;
}

std::string encode_join_request(const livekit::JoinRequest& request) {
    const std::string plain = request.SerializeAsString();
    const Buffer compressed = gzip(bytes_of(plain));
    livekit::WrappedJoinRequest wrapped;
    wrapped.set_compression(livekit::WrappedJoinRequest::GZIP);
    wrapped.set_join_request(compressed.data(), compressed.size());
    return base64url(bytes_of(wrapped.SerializeAsString()));
}

}  // namespace aula::signal
