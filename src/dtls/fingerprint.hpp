// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <openssl/x509.h>

#include "base/bytes.hpp"

namespace aula::dtls {

using Fingerprint = std::array<std::uint8_t, 32>;

/// SHA-256 over the certificate's DER.
Fingerprint fingerprint_of(const X509* certificate);

/// "AB:CD:..." as RFC 8122 section 5 writes it; letters may be small when read.
std::string to_text(const Fingerprint& fingerprint);
std::optional<Fingerprint> parse_fingerprint(std::string_view text);

}  // namespace aula::dtls
