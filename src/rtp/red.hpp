// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/bytes.hpp"

namespace aula::rtp {

/// The primary block of a RED payload (RFC 2198), which is what the packet would carry without
/// redundancy. None when the block headers do not fit the payload, or the block is empty.
std::optional<Bytes> red_primary(Bytes payload);

}  // namespace aula::rtp
