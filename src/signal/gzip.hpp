// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "signal/frame.hpp"

namespace aula::signal {

/// One gzip member (RFC 1952) and nothing after it. Stops at `limit`, so a bomb costs no more than
/// that.
Expected<Buffer, SignalError> gunzip(Bytes compressed, std::size_t limit);
Buffer gzip(Bytes plain);

}  // namespace aula::signal
