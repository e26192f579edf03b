// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "base/bytes.hpp"

namespace aula::control {

constexpr std::int64_t initial_credit = 262144;

/// The sending end of one stream's direction. A message may be begun while any credit is left, so a
/// large one can overdraw it once; what does not go yet waits here, in order.
class SendCredit {
public:
    struct Message {
        bool binary;
        Buffer payload;
    };

    void push(bool binary, Bytes payload);
    void grant(std::uint32_t bytes);
    /// The next message that may be sent now.
    std::optional<Message> pop();

    std::size_t queued_bytes() const { return queued_bytes_; }
    bool is_empty() const { return queue_.empty(); }
    bool is_used_up() const { return credit_ <= 0; }

private:
    std::int64_t credit_ = initial_credit;
    std::size_t queued_bytes_ = 0;
    std::deque<Message> queue_;
};

/// The receiving end: what the sender may still send, and what was consumed but not yet granted
/// anew.
class ReceiveCredit {
public:
    /// False: the sender had none left (it does not keep to the protocol).
    bool receive(std::size_t bytes);
    /// What to grant now, 0 while it is too little to be worth a message.
    std::uint32_t consume(std::size_t bytes);

private:
    std::int64_t allowed_ = initial_credit;
    std::uint64_t consumed_ = 0;
};

}  // namespace aula::control
