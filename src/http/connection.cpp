// SPDX-License-Identifier: Apache-2.0
#include "http/connection.hpp"

#include <utility>

#include "base/expects.hpp"
#include "http/responder_state.hpp"
#include "http/web_socket_state.hpp"

namespace aula::http {
namespace {

constexpr std::size_t most_read_ahead = 64 << 10;  // of later requests while one is handled
// On average over all connections that may be open. A request may be a thousand times longer, but
// not all at once; one that is no longer than this always finds room.
constexpr std::size_t unfinished_bytes_each = 8 << 10;
constexpr std::size_t most_joined_body = 64 << 10;  // header and body in one write up to here

Response plain_refusal(int status) { return text_response(status, std::to_string(status) + "\n"); }

}  // namespace

Connection::Connection(std::shared_ptr<ServerCore> core, std::unique_ptr<net::Stream> stream,
                       std::shared_ptr<void> place)
    : core_(std::move(core)), stream_(std::move(stream)), place_(std::move(place)) {}

Connection::~Connection() {
    hold(0);
    core_->loop.cancel(timer_);
}

void Connection::start() {
    const auto weak = weak_from_this();
    stream_->set_handlers({.on_open = {},
                           .on_bytes =
                               [weak](Bytes bytes) {
                                   if (const auto self = weak.lock()) self->on_bytes(bytes);
                               },
                           .on_drained = {},
                           .on_close =
                               [weak](const std::string&) {
                                   if (const auto self = weak.lock()) self->drop();
                               }});
    set_deadline(core_->loop.now() + core_->limits.idle);
}

void Connection::on_bytes(Bytes bytes) {
    if (phase_ == Phase::closing) return;
    input_.append(bytes);
    process();
    if (stream_ && phase_ == Phase::handling && input_.size() > most_read_ahead) {
        stream_->pause_reading();
    }
}

void Connection::process() {
    if (processing_) return;
    processing_ = true;
    while (stream_ && phase_ < Phase::handling && receive()) dispatch();
    processing_ = false;
}

/// True when a whole request is there.
bool Connection::receive() {
    if (phase_ == Phase::idle) {
        // RFC 9112 section 2.2: empty lines before a request are skipped.
        while (!input_.empty() && (input_.waiting()[0] == '\r' || input_.waiting()[0] == '\n')) {
            input_.take(1);
        }
    }
    if (input_.empty()) return false;
    if (phase_ == Phase::idle) {
        phase_ = Phase::receiving;
        parser_ = std::make_unique<RequestParser>(
            ParserLimits{core_->limits.header_bytes, core_->limits.body_bytes});
        continue_sent_ = false;
        parsed_ = 0;
        set_deadline(core_->loop.now() + core_->limits.request);
    }
    const auto taken = parser_->feed(input_.waiting());
    if (!taken) {
        const bool malformed = status_of(taken.error()) == 400;
        ++(malformed ? core_->counters.malformed : core_->counters.too_large);
        refuse(status_of(taken.error()));
        return false;
    }
    input_.take(*taken);
    parsed_ += *taken;
    if (!parser_->done() && !hold(parsed_ + input_.size())) {
        ++core_->counters.refused;
        refuse(503);
        return false;
    }
    if (parser_->wants_continue() && input_.empty() && !std::exchange(continue_sent_, true)) {
        stream_->write(bytes_of("HTTP/1.1 100 Continue\r\n\r\n"));
    }
    return parser_->done();
}

bool Connection::hold(std::size_t bytes) {
    core_->unfinished_bytes += bytes;
    core_->unfinished_bytes -= std::exchange(held_, bytes);
    return bytes <= unfinished_bytes_each ||
           core_->unfinished_bytes <= core_->limits.connections * unfinished_bytes_each;
}

void Connection::dispatch() {
    ++core_->counters.requests;
    hold(0);
    const bool upgrade = parser_->asks_for_web_socket() && !parser_->is_http_1_0();
    framing_.keep_alive = parser_->keep_alive() && !core_->stopping;
    framing_.http_1_0 = parser_->is_http_1_0();
    Request request = parser_->take();
    parser_.reset();
    request.peer = stream_->peer();
    framing_.to_head = request.method == "HEAD";
    phase_ = Phase::handling;
    set_deadline(Time::max());
    const std::string* key = request.headers.find("sec-websocket-key");
    const std::string* version = request.headers.find("sec-websocket-version");
    if (upgrade && (version == nullptr || *version != "13")) {
        Response response = plain_refusal(426);
        response.headers.set("sec-websocket-version", "13");  // RFC 6455 section 4.4
        answer(response);
        return;
    }
    const bool valid = upgrade && request.method == "GET" && key && is_web_socket_key(*key);
    if (upgrade && !valid) return answer(plain_refusal(400));
    web_socket_key_ = valid ? *key : std::string();
    auto state = std::make_shared<Responder::State>();
    state->connection = weak_from_this();
    state->wants_web_socket = valid;
    const auto core = core_;  // the handler may destroy the server
    core->handler(std::move(request), Responder(std::move(state)));
}

void Connection::answer(const Response& response) {
    if (!stream_ || phase_ != Phase::handling) return;
    framing_.keep_alive = framing_.keep_alive && !core_->stopping;
    write(response);
    if (!framing_.keep_alive) return close_after_writing();
    phase_ = Phase::idle;
    set_deadline(core_->loop.now() + core_->limits.idle);
    stream_->resume_reading();
    process();
}

void Connection::write(const Response& response) {
    std::string head = response_head(response, framing_);
    const bool has_body = !framing_.to_head && response.status != 204 && response.status != 304;
    const bool joined = has_body && response.body.size() <= most_joined_body;
    if (joined) head += response.body;
    stream_->write(bytes_of(head));
    if (has_body && !joined) stream_->write(bytes_of(response.body));
}

void Connection::refuse(int status) {
    framing_ = {.keep_alive = false};
    write(plain_refusal(status));
    close_after_writing();
}

void Connection::close_after_writing() {
    phase_ = Phase::closing;
    input_.take(input_.size());
    parser_.reset();
    hold(0);
    set_deadline(core_->loop.now() + core_->limits.idle);
    stream_->finish();
}

std::unique_ptr<WebSocket> Connection::accept_web_socket() {
    if (!stream_ || phase_ != Phase::handling || web_socket_key_.empty()) return nullptr;
    stream_->write(bytes_of(web_socket_response(web_socket_key_)));
    const Bytes early = input_.waiting();
    auto state = std::make_shared<WebSocket::State>(core_->loop, Frames::Side::server,
                                                    core_->limits.message_bytes);
    state->begin(std::move(stream_), Buffer(early.begin(), early.end()), std::move(place_));
    drop();
    return std::unique_ptr<WebSocket>(new WebSocket(std::move(state)));
}

void Connection::stop() {
    if (stream_ && phase_ == Phase::idle) close_after_writing();
}

void Connection::abandon() {
    hold(0);
    stream_.reset();
    place_.reset();
}

void Connection::drop() {
    const auto self = shared_from_this();
    abandon();
    core_->connections.erase(self);
}

void Connection::set_deadline(Time deadline) {
    deadline_ = deadline;
    if (deadline_ >= timer_due_) return;
    core_->loop.cancel(timer_);
    timer_due_ = deadline_;
    timer_ = core_->loop.after(deadline_ - core_->loop.now(), [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->on_deadline();
    });
}

void Connection::on_deadline() {
    timer_due_ = Time::max();
    if (!stream_ || deadline_ == Time::max()) return;
    if (deadline_ > core_->loop.now()) return set_deadline(deadline_);
    if (phase_ == Phase::receiving) {
        ++core_->counters.timed_out;
        return refuse(408);
    }
    // A slow reader is fine as long as it reads at all.
    const std::size_t unsent = stream_->buffered();
    const bool progress = unsent > 0 && (unsent_at_deadline_ == 0 || unsent < unsent_at_deadline_);
    unsent_at_deadline_ = unsent;
    if (progress) return set_deadline(core_->loop.now() + core_->limits.idle);
    if (phase_ == Phase::closing || unsent > 0) return drop();
    close_after_writing();
}

}  // namespace aula::http
