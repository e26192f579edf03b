// SPDX-License-Identifier: Apache-2.0
#include "http/codec.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <limits>
#include <optional>

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/status.hpp>

#include "base/encoding.hpp"
#include "base/expects.hpp"
#include "crypto/hash.hpp"

namespace aula::http {
namespace {

namespace beast = boost::beast::http;
using BeastError = boost::beast::error_code;
using BeastText = boost::beast::string_view;

constexpr std::size_t most_fields = 200;
constexpr std::size_t most_chunk_header = 16
                                          << 10;  // extensions and trailers, which we do not read

std::string_view view(BeastText text) { return {text.data(), text.size()}; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower_case(std::string_view text) {
    std::string lowered(text);
    std::transform(lowered.begin(), lowered.end(), lowered.begin(), lower);
    return lowered;
}

/// Unlike a form value a path keeps its '+'. Done once, so "%2541" is "%41", not "A".
std::optional<std::string> decoded_path(std::string_view path) {
    std::string escaped_plus;
    for (const char c : path) {
        if (c == '+')
            escaped_plus += "%2B";
        else
            escaped_plus += c;
    }
    auto decoded = percent_decoded(escaped_plus);
    if (decoded && decoded->find('\0') != std::string::npos) return std::nullopt;
    return decoded;
}

/// Origin form, or the absolute form a server must also take (RFC 9112 section 3.2).
bool read_target(std::string_view target, Request& request) {
    if (lower_case(target.substr(0, 7)) == "http://") {
        const std::size_t slash = target.find_first_of("/?", 7);
        target = slash == std::string_view::npos ? "/" : target.substr(slash);
    }
    if (target.empty() || target.front() != '/') return false;
    const std::size_t question = std::min(target.find('?'), target.size());
    auto path = decoded_path(target.substr(0, question));
    if (!path) return false;
    request.path = std::move(*path);
    request.query = target.substr(std::min(question + 1, target.size()));
    return true;
}

}  // namespace

/// What requests and responses have in common; Beast calls the *_impl functions while it parses.
template <bool is_request>
class MessageParser : public beast::basic_parser<is_request> {
public:
    explicit MessageParser(ParserLimits limits) : limits_(limits) {
        this->eager(true);
        constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
        this->header_limit(static_cast<std::uint32_t>(std::min(limits.header_bytes, most)));
        this->body_limit(limits.body_bytes);
    }

    Expected<std::size_t, ParseError> feed(Bytes input) {
        if (input.empty() || this->is_done()) return 0;
        // When Beast looks at a last chunk again it asserts a fifth byte, which always comes.
        const bool cut = input.size() == 4 && text_of(input).starts_with("0\r\n");
        if (cut && this->is_header_done() && this->chunked()) return 0;
        BeastError error;
        const std::size_t taken =
            this->put(boost::asio::const_buffer(input.data(), input.size()), error);
        if (!error || error == beast::error::need_more) {
            const bool stuck = this->is_header_done() && taken == 0 && !this->is_done();
            if (stuck && input.size() > most_chunk_header) return fail(ParseError::malformed);
            return taken;
        }
        return fail(failure_ ? *failure_ : meaning_of(error, input));
    }

    Headers headers;
    std::string body;

protected:
    /// The first reason found stands, not what Beast makes of the error code.
    void refuse(ParseError why, BeastError& error) {
        failure_ = why;
        error = beast::error::bad_field;
    }
    virtual void check_header(BeastError& error) = 0;

private:
    ParseError meaning_of(const BeastError& error, Bytes input) const {
        if (error == beast::error::body_limit) return ParseError::body_too_large;
        if (error != beast::error::header_limit) return ParseError::malformed;
        const std::string_view counted = text_of(input).substr(0, limits_.header_bytes);
        const bool in_request_line = counted.find('\n') == std::string_view::npos;
        return in_request_line ? ParseError::target_too_long : ParseError::header_too_large;
    }

    void on_field_impl(beast::field, BeastText name, BeastText value, BeastError& error) override {
        if (this->is_header_done() || header_checked_)
            return;  // a trailer must not change the header
        if (++fields_ > most_fields) return refuse(ParseError::header_too_large, error);
        headers.add(lower_case(view(name)), std::string(view(value)));
    }
    void on_header_impl(BeastError& error) override {
        header_checked_ = true;
        check_header(error);
    }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, BeastError&) override {}
    std::size_t on_body_impl(BeastText part, BeastError&) override {
        body.append(part.data(), part.size());
        return part.size();
    }
    void on_chunk_header_impl(std::uint64_t, BeastText, BeastError&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, BeastText part, BeastError&) override {
        body.append(part.data(), part.size());
        return part.size();
    }
    void on_finish_impl(BeastError&) override {}

    ParserLimits limits_;
    std::size_t fields_ = 0;
    bool header_checked_ = false;
    std::optional<ParseError> failure_;
};

namespace {

std::size_t count_of(const Headers& headers, std::string_view name) {
    return static_cast<std::size_t>(std::count_if(
        headers.begin(), headers.end(), [&](const auto& field) { return field.first == name; }));
}

bool is_token(std::string_view text) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') ||
               marks.find(c) != std::string_view::npos;
    });
}

bool is_field_safe(std::string_view name, std::string_view value) {
    constexpr std::array framing{"content-length", "transfer-encoding", "connection", "date"};
    if (std::find(framing.begin(), framing.end(), name) != framing.end()) return false;
    return is_token(name) && value.find_first_of(std::string_view("\r\n\0", 3)) == value.npos;
}

void append_field(std::string& head, std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
}

std::string date_now() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::array<char, 40> text{};
    // The process stays in the C locale, so these names are English.
    return {text.data(),
            std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

}  // namespace

int status_of(ParseError error) {
    switch (error) {
        case ParseError::malformed:
            return 400;
        case ParseError::target_too_long:
            return 414;
        case ParseError::header_too_large:
            return 431;
        case ParseError::body_too_large:
            return 413;
        case ParseError::unknown_expectation:
            return 417;
    }
    return 400;
}

struct RequestParser::State final : MessageParser<true> {
    using MessageParser::MessageParser;

    void on_request_impl(beast::verb, BeastText method, BeastText target, int version,
                         BeastError& error) override {
        request.method = view(method);
        http_1_0 = version < 11;
        if (!read_target(view(target), request)) refuse(ParseError::malformed, error);
    }
    void on_response_impl(int, BeastText, int, BeastError&) override {}

    void check_header(BeastError& error) override {
        // RFC 9112 section 3.2: a 1.1 request has exactly one Host.
        const std::size_t hosts = count_of(headers, "host");
        if (hosts > 1 || (hosts == 0 && !http_1_0)) return refuse(ParseError::malformed, error);
        // RFC 9112 section 6.3: a transfer coding whose end we cannot see would let a body pass for
        // a request.
        if (headers.find("transfer-encoding") != nullptr && !chunked()) {
            return refuse(ParseError::malformed, error);
        }
        const std::string* expectation = headers.find("expect");
        if (expectation == nullptr || http_1_0) return;
        expects_continue = lower_case(*expectation) == "100-continue";
        if (!expects_continue) refuse(ParseError::unknown_expectation, error);
    }

    Request request;
    bool http_1_0 = false;
    bool expects_continue = false;
};

RequestParser::RequestParser(ParserLimits limits) : state_(std::make_unique<State>(limits)) {}
RequestParser::~RequestParser() = default;

Expected<std::size_t, ParseError> RequestParser::feed(Bytes input) { return state_->feed(input); }
bool RequestParser::done() const { return state_->is_done(); }
bool RequestParser::wants_continue() const {
    return state_->is_header_done() && !state_->is_done() && state_->expects_continue &&
           state_->body.empty();
}
bool RequestParser::keep_alive() const { return state_->keep_alive(); }
bool RequestParser::is_http_1_0() const { return state_->http_1_0; }

bool RequestParser::asks_for_web_socket() const {
    const std::string* upgrade = state_->headers.find("upgrade");
    return upgrade != nullptr && state_->upgrade() &&
           beast::token_list(BeastText(upgrade->data(), upgrade->size())).exists("websocket");
}

Request RequestParser::take() {
    AULA_EXPECTS(done());
    Request request = std::move(state_->request);
    request.headers = std::move(state_->headers);
    request.body = std::move(state_->body);
    return request;
}

struct ResponseParser::State final : MessageParser<false> {
    using MessageParser::MessageParser;

    void on_request_impl(beast::verb, BeastText, BeastText, int, BeastError&) override {}
    void on_response_impl(int code, BeastText, int, BeastError&) override { status = code; }
    void check_header(BeastError&) override {}

    int status = 0;
};

ResponseParser::ResponseParser(ParserLimits limits) : state_(std::make_unique<State>(limits)) {}
ResponseParser::~ResponseParser() = default;

Expected<std::size_t, ParseError> ResponseParser::feed(Bytes input) { return state_->feed(input); }
bool ResponseParser::done() const { return state_->is_done(); }

bool ResponseParser::end() {
    if (state_->is_done()) return true;
    if (!state_->is_header_done()) return false;
    BeastError error;
    state_->put_eof(error);
    return !error && state_->is_done();
}

Response ResponseParser::take() {
    return {state_->status, std::move(state_->headers), std::move(state_->body)};
}

std::string response_head(const Response& response, ResponseFraming framing) {
    const auto status = static_cast<unsigned>(response.status);
    const auto reason = view(beast::obsolete_reason(beast::int_to_status(status)));
    std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
    head.append(reason).append("\r\n");
    append_field(head, "date", date_now());
    for (const auto& [name, value] : response.headers) {
        if (is_field_safe(name, value)) append_field(head, name, value);
    }
    // RFC 9110 section 8.6: neither 1xx nor 204 may carry a length; 304 would need that of the full
    // answer.
    if (status >= 200 && status != 204 && status != 304) {
        append_field(head, "content-length", std::to_string(response.body.size()));
    }
    if (!framing.keep_alive)
        append_field(head, "connection", "close");
    else if (framing.http_1_0)
        append_field(head, "connection", "keep-alive");
    return head += "\r\n";
}

std::string web_socket_accept(std::string_view key) {
    const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    return base64(crypto::hash(crypto::HashKind::sha1, bytes_of(text)));
}

bool is_web_socket_key(std::string_view key) {
    const auto bytes = from_base64(key);
    return key.size() == 24 && bytes && bytes->size() == 16;
}

std::string web_socket_request(std::string_view target, std::string_view host, std::string_view key,
                               const Headers& headers) {
    std::string request = "GET " + std::string(target) + " HTTP/1.1\r\n";
    append_field(request, "Host", host);
    append_field(request, "Upgrade", "websocket");
    append_field(request, "Connection", "Upgrade");
    append_field(request, "Sec-WebSocket-Version", "13");
    append_field(request, "Sec-WebSocket-Key", key);
    for (const auto& [name, value] : headers) {
        if (is_field_safe(name, value)) append_field(request, name, value);
    }
    return request += "\r\n";
}

std::string web_socket_response(std::string_view key) {
    std::string response = "HTTP/1.1 101 Switching Protocols\r\n";
    append_field(response, "Upgrade", "websocket");
    append_field(response, "Connection", "Upgrade");
    append_field(response, "Sec-WebSocket-Accept", web_socket_accept(key));
    return response += "\r\n";
}

}  // namespace aula::http
