// SPDX-License-Identifier: Apache-2.0
#include "signal/access_token.hpp"

#include <array>

#include "base/encoding.hpp"
#include "crypto/hash.hpp"
#include "signal/claims.hpp"

namespace aula::signal {

namespace {

constexpr std::size_t max_token_size = 1024 * 1024;
constexpr auto leeway = std::chrono::seconds(60);

/// The three parts of a JWS in compact form (RFC 7515 section 3.1), still encoded.
struct CompactToken {
    std::string_view header;
    std::string_view claims;
    std::string_view signature;
    std::string_view signed_text;  // header and claims with the dot between
};

std::optional<CompactToken> split(std::string_view jwt) {
    const auto first = jwt.find('.');
    if (first == std::string_view::npos) return std::nullopt;
    const auto second = jwt.find('.', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    if (jwt.find('.', second + 1) != std::string_view::npos) return std::nullopt;
    return CompactToken{jwt.substr(0, first), jwt.substr(first + 1, second - first - 1),
                        jwt.substr(second + 1), jwt.substr(0, second)};
}

Buffer signature_of(std::string_view text, std::string_view secret) {
    return crypto::hmac(crypto::HashKind::sha256, bytes_of(secret), bytes_of(text));
}

Expected<void, TokenError> check_signature(const CompactToken& token, std::string_view key_id,
                                           const KeyLookup& keys) {
    const auto secret = keys(key_id);
    // An empty secret would let anybody sign.
    if (!secret || secret->empty()) return fail(TokenError::key);
    const auto signature = from_base64(token.signature);
    if (!signature) return fail(TokenError::form);
    if (!crypto::equal_in_constant_time(*signature, signature_of(token.signed_text, *secret))) {
        return fail(TokenError::signature);
    }
    return {};
}

Expected<void, TokenError> check_times(const Claims& claims, WallTime now) {
    if (claims.issued_at && *claims.issued_at > now + leeway) return fail(TokenError::early);
    const auto& token = claims.token;
    if (token.not_before && *token.not_before > now + leeway) return fail(TokenError::early);
    if (token.expires < now - leeway) return fail(TokenError::expired);
    return {};
}

}  // namespace

const char* text(TokenError error) {
    switch (error) {
        case TokenError::size:
            return "the token is too long";
        case TokenError::form:
            return "this is not a token";
        case TokenError::algorithm:
            return "tokens must be signed with HS256";
        case TokenError::key:
            return "the token is of an unknown issuer";
        case TokenError::signature:
            return "the token's signature is wrong";
        case TokenError::claims:
            return "the token lacks something, or something in it is wrong";
        case TokenError::early:
            return "the token is not valid yet";
        case TokenError::expired:
            return "the token has expired";
    }
    return "";
}

Expected<AccessToken, TokenError> verify(std::string_view jwt, const KeyLookup& keys,
                                         WallTime now) {
    if (jwt.size() > max_token_size) return fail(TokenError::size);
    const auto parts = split(jwt);
    if (!parts) return fail(TokenError::form);
    const auto header = from_base64(parts->header);
    const auto body = from_base64(parts->claims);
    if (!header || !body) return fail(TokenError::form);

    if (const auto checked = check_header(text_of(*header)); !checked) return fail(checked.error());
    auto claims = read_claims(text_of(*body));
    // Only the issuer may be looked at before the signature is right; why the rest is wrong, nobody
    // is told.
    if (!claims.key_id) return fail(TokenError::form);
    if (const auto right = check_signature(*parts, *claims.key_id, keys); !right) {
        return fail(right.error());
    }
    if (!claims.well_formed) return fail(TokenError::claims);
    if (const auto valid = check_times(claims, now); !valid) return fail(valid.error());
    return std::move(claims.token);
}

std::string mint(const AccessToken& token, std::string_view secret) {
    std::string jwt = base64url(bytes_of(R"({"alg":"HS256","typ":"JWT"})"));
    jwt += '.';
    jwt += base64url(bytes_of(write_claims(token)));
    const Buffer signature = signature_of(jwt, secret);
    return jwt + '.' + base64url(signature);
}

}  // namespace aula::signal
