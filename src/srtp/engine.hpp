// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace aula::srtp {

/// Who computes AES-GCM: Intel's ipsec-mb (half of OpenSSL's time at 1200 bytes, a fifth at 160),
/// or OpenSSL.
enum class Engine : std::uint8_t { ipsec_mb, openssl };

/// ipsec-mb where the processor has AES and carry-less multiplication.
Engine best_engine();

}  // namespace aula::srtp
