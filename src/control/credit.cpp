// SPDX-License-Identifier: Apache-2.0
#include "control/credit.hpp"

#include <algorithm>
#include <limits>

namespace aula::control {

namespace {

constexpr std::uint64_t least_grant = initial_credit / 4;
// A peer that grants without end must not overflow the account.
constexpr std::int64_t most_credit = std::int64_t{1} << 40;

}  // namespace

void SendCredit::push(bool binary, Bytes payload) {
    queued_bytes_ += payload.size();
    queue_.push_back({binary, Buffer(payload.begin(), payload.end())});
}

void SendCredit::grant(std::uint32_t bytes) { credit_ = std::min(credit_ + bytes, most_credit); }

std::optional<SendCredit::Message> SendCredit::pop() {
    if (queue_.empty() || is_used_up()) return std::nullopt;
    Message message = std::move(queue_.front());
    queue_.pop_front();
    queued_bytes_ -= message.payload.size();
    credit_ -= static_cast<std::int64_t>(message.payload.size());
    return message;
}

bool ReceiveCredit::receive(std::size_t bytes) {
    if (allowed_ <= 0) return false;
    allowed_ -= static_cast<std::int64_t>(bytes);
    return true;
}

std::uint32_t ReceiveCredit::consume(std::size_t bytes) {
    consumed_ += bytes;
    if (consumed_ < least_grant) return 0;
    const auto granted = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(consumed_, std::numeric_limits<std::uint32_t>::max()));
    consumed_ -= granted;
    allowed_ += granted;
    return granted;
}

}  // namespace aula::control
