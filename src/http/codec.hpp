// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "http/message.hpp"

namespace aula::http {

enum class ParseError : std::uint8_t {
    malformed,
    target_too_long,
    header_too_large,
    body_too_large,
    unknown_expectation,
};
/// The status that tells the client so.
int status_of(ParseError error);

struct ParserLimits {
    std::size_t header_bytes = 64 << 10;
    std::size_t body_bytes = 1 << 20;
};

/// One HTTP/1.x request out of a byte stream (RFC 9112). The only user of Boost.Beast's parser is
/// codec.cpp.
class RequestParser {
public:
    explicit RequestParser(ParserLimits limits);
    ~RequestParser();
    RequestParser(const RequestParser&) = delete;
    RequestParser& operator=(const RequestParser&) = delete;

    /// Returns how many bytes it took; what it left must come again with more behind it.
    /// After done() it takes nothing: the rest belongs to the next request.
    Expected<std::size_t, ParseError> feed(Bytes input);
    bool done() const;

    /// The header is complete and the client waits for "100 Continue" before the body.
    bool wants_continue() const;
    bool keep_alive() const;
    bool is_http_1_0() const;
    /// "Upgrade: websocket" and "Connection: upgrade" are both there.
    bool asks_for_web_socket() const;
    /// The request without its peer; once, when done().
    Request take();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// One HTTP/1.1 response; the client's end of a WebSocket upgrade needs no more than that.
class ResponseParser {
public:
    explicit ResponseParser(ParserLimits limits);
    ~ResponseParser();
    ResponseParser(const ResponseParser&) = delete;
    ResponseParser& operator=(const ResponseParser&) = delete;

    Expected<std::size_t, ParseError> feed(Bytes input);
    /// The connection ended, which ends a body without a length; false: too early.
    bool end();
    bool done() const;
    Response take();

private:
    struct State;
    std::unique_ptr<State> state_;
};

struct ResponseFraming {
    bool keep_alive = true;
    bool http_1_0 = false;
    bool to_head = false;  // the request was HEAD: all of the header, nothing of the body
};
/// Status line and header fields with the empty line. Fields that would break the framing are left
/// out.
std::string response_head(const Response& response, ResponseFraming framing);

/// Sec-WebSocket-Accept for that key (RFC 6455 section 4.2.2).
std::string web_socket_accept(std::string_view key);
/// True for base64 of 16 bytes.
bool is_web_socket_key(std::string_view key);
std::string web_socket_request(std::string_view target, std::string_view host, std::string_view key,
                               const Headers& headers);
std::string web_socket_response(std::string_view key);

}  // namespace aula::http
