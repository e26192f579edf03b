// SPDX-License-Identifier: Apache-2.0
#include "dtls/fingerprint.hpp"

#include <algorithm>
#include <cctype>

#include <openssl/evp.h>

#include "base/encoding.hpp"
#include "base/expects.hpp"

namespace aula::dtls {

Fingerprint fingerprint_of(const X509* certificate) {
    Fingerprint fingerprint;
    unsigned int size = 0;
    AULA_EXPECTS(X509_digest(certificate, EVP_sha256(), fingerprint.data(), &size) == 1);
    AULA_EXPECTS(size == fingerprint.size());
    return fingerprint;
}

std::string to_text(const Fingerprint& fingerprint) {
    std::string text;
    for (const auto byte : fingerprint) {
        if (!text.empty()) text += ':';
        for (const char c : hex({&byte, 1})) {
            text += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        }
    }
    return text;
}

std::optional<Fingerprint> parse_fingerprint(std::string_view text) {
    Fingerprint fingerprint;
    if (text.size() != 3 * fingerprint.size() - 1) return std::nullopt;
    for (std::size_t i = 0; i < fingerprint.size(); ++i) {
        const auto byte = from_hex(text.substr(3 * i, 2));
        if (!byte || (i > 0 && text[3 * i - 1] != ':')) return std::nullopt;
        fingerprint[i] = byte->front();
    }
    return fingerprint;
}

}  // namespace aula::dtls
