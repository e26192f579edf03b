// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "net/byte_queue.hpp"
#include "net/tcp.hpp"
#include "net/tls.hpp"

namespace aula::net {

/// What a Stream is made of. It outlives the Stream only while one of its own callbacks runs.
class Stream::State : public std::enable_shared_from_this<Stream::State> {
public:
    enum class Phase : std::uint8_t { connecting, securing, open, finishing, half_closed, closed };

    State(Loop& loop, int fd, const Address& peer, std::unique_ptr<Tls> tls, Phase phase);
    ~State();
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    void start();
    void set_handlers(Handlers handlers);
    void write(Bytes bytes);
    std::size_t buffered() const { return out_.size() + early_.size(); }
    void pause(bool paused);
    void finish();
    /// Closes the descriptor; no callback follows.
    void release();
    bool is_closed() const { return phase_ == Phase::closed; }
    void fail_later(std::string why);

    Loop& loop() { return loop_; }
    const Address& peer() const { return peer_; }
    const Tls* tls() const { return tls_.get(); }

private:
    void on_ready(Ready ready);
    void connected();
    void secure();
    void opened();
    void close(const std::string& why);
    void read_some();
    void on_end();
    bool take_in(Bytes bytes);
    bool deliver_plain();
    void deliver(Bytes bytes);
    void push_out();
    void after_push();
    void half_close();
    void update_interest();
    bool wants_to_read() const;

    Loop& loop_;
    int fd_;
    Address peer_;
    std::unique_ptr<Tls> tls_;
    Phase phase_;
    bool paused_ = false;
    bool finish_wanted_ = false;
    bool peer_ended_ = false;
    bool drain_due_ = false;  // on_drained follows when the buffer is empty
    std::shared_ptr<Handlers> handlers_ = std::make_shared<Handlers>();
    ByteQueue out_;
    Buffer early_;  // written before the connection was open
    TimerId timer_ = TimerId::none;
};

}  // namespace aula::net
