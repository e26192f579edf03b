// SPDX-License-Identifier: Apache-2.0
#include "http/web_socket_opening.hpp"

#include <array>
#include <optional>
#include <utility>

#include <netdb.h>

#include "base/encoding.hpp"
#include "crypto/random.hpp"

namespace aula::http {
namespace {

constexpr auto opening_time = 15s;
constexpr std::size_t most_client_message = 16 << 20;

struct WebSocketUrl {
    std::string host;  // without brackets
    std::string port = "80";
    std::string authority;
    std::string target;  // path and query
};

std::optional<WebSocketUrl> read_url(std::string_view url) {
    constexpr std::string_view scheme = "ws://";
    if (!url.starts_with(scheme)) return std::nullopt;
    url.remove_prefix(scheme.size());
    WebSocketUrl parts;
    parts.authority = url.substr(0, url.find_first_of("/?"));
    parts.target = url.substr(parts.authority.size());
    if (!parts.target.starts_with('/')) parts.target.insert(0, "/");
    std::string_view host = parts.authority;
    const std::size_t colon = host.rfind(':');
    if (colon != host.npos && host.find(']', colon) == host.npos) {
        parts.port = host.substr(colon + 1);
        host = host.substr(0, colon);
    }
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    parts.host = host;
    // Nothing may end the request line or a header early.
    const bool safe = url.find_first_of(std::string_view("\r\n \0", 4)) == url.npos;
    return safe && !parts.host.empty() ? std::optional(parts) : std::nullopt;
}

std::optional<net::Address> look_up(const WebSocketUrl& url) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(url.host.c_str(), url.port.c_str(), &hints, &found) != 0) return std::nullopt;
    const net::Address address(found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return address;
}

std::string new_key() {
    std::array<std::uint8_t, 16> nonce{};
    crypto::random_fill(nonce);
    return base64(nonce);
}

}  // namespace

std::unique_ptr<WebSocket> WebSocket::connect(
    net::Loop& loop, const std::string& url, const Headers& headers,
    std::function<void(int, const std::string&)> on_open) {
    auto state = std::make_shared<State>(loop, Frames::Side::client, most_client_message);
    const auto parts = read_url(url);
    const auto address = parts ? look_up(*parts) : std::nullopt;
    if (address) {
        std::string key = new_key();
        std::string request = web_socket_request(parts->target, parts->authority, key, headers);
        state->open(*address, std::move(request), std::move(key), std::move(on_open));
    } else {
        loop.post([weak = std::weak_ptr(state), on_open = std::move(on_open)] {
            if (weak.lock()) on_open(-1, "not a ws:// address that can be found");
        });
    }
    return std::unique_ptr<WebSocket>(new WebSocket(std::move(state)));
}

void WebSocket::State::open(const net::Address& to, std::string request, std::string key,
                            std::function<void(int, const std::string&)> on_open) {
    opening = std::make_unique<Opening>();
    opening->key = std::move(key);
    opening->on_open = std::move(on_open);
    const auto weak = weak_from_this();
    opening->limit = loop.after(opening_time, [weak] {
        if (const auto self = weak.lock()) self->opening_ended(-1, "no answer within the time");
    });
    stream = net::Stream::connect(loop, to, nullptr);
    stream->set_handlers({.on_open = {},
                          .on_bytes =
                              [weak](Bytes bytes) {
                                  if (const auto self = weak.lock()) self->opening_bytes(bytes);
                              },
                          .on_drained = {},
                          .on_close =
                              [weak](const std::string& why) {
                                  const auto self = weak.lock();
                                  if (!self || !self->opening) return;
                                  if (self->opening->parser.end()) return self->finish_opening();
                                  self->opening_ended(-1, why.empty() ? "connection closed" : why);
                              }});
    stream->write(bytes_of(request));
}

void WebSocket::State::opening_bytes(Bytes bytes) {
    if (!opening) return;
    opening->input.append(bytes);
    const auto taken = opening->parser.feed(opening->input.waiting());
    if (!taken) return opening_ended(-1, "the answer is not HTTP");
    opening->input.take(*taken);
    if (opening->parser.done()) finish_opening();
}

void WebSocket::State::finish_opening() {
    const Response answer = opening->parser.take();
    if (answer.status != 101) return opening_ended(answer.status, answer.body);
    const std::string* accept = answer.headers.find("sec-websocket-accept");
    if (accept == nullptr || *accept != web_socket_accept(opening->key)) {
        return opening_ended(-1, "the answer is not for our key");
    }
    const auto done = std::move(opening);
    loop.cancel(done->limit);
    const Bytes early = done->input.waiting();
    begin(std::move(stream), Buffer(early.begin(), early.end()), nullptr);
    push_out();  // what was sent before the socket was open
    done->on_open(0, {});
}

void WebSocket::State::opening_ended(int refused, const std::string& body) {
    if (!opening) return;
    const auto done = std::move(opening);
    loop.cancel(done->limit);
    stream.reset();
    done->on_open(refused, body);
}

}  // namespace aula::http
