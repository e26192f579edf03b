// SPDX-License-Identifier: Apache-2.0
#include "sctp/dcep.hpp"

#include <algorithm>

#include "base/encoding.hpp"

namespace aula::sctp::dcep {

namespace {

constexpr std::uint8_t message_ack = 0x02;
constexpr std::uint8_t message_open = 0x03;
constexpr std::uint8_t channel_unordered = 0x80;
constexpr std::uint8_t channel_reliable = 0x00;
constexpr std::uint8_t channel_retransmits = 0x01;
constexpr std::uint8_t channel_timed = 0x02;
constexpr std::size_t open_header_size = 12;

std::uint8_t channel_type(const Open& open) {
    const std::uint8_t kind = open.reliable ? channel_reliable
                              : open.timed  ? channel_timed
                                            : channel_retransmits;
    return open.ordered ? kind : static_cast<std::uint8_t>(kind | channel_unordered);
}

}  // namespace

bool is_ack(Bytes message) { return message.size() == 1 && message[0] == message_ack; }

Expected<Open, ParseError> parse_open(Bytes message) {
    if (message.size() < open_header_size) return fail(ParseError::size);
    if (message[0] != message_open) return fail(ParseError::type);
    const auto kind = static_cast<std::uint8_t>(message[1] & ~channel_unordered);
    if (kind > channel_timed) return fail(ParseError::channel_type);
    const std::size_t label_size = load16(message.data() + 8);
    const std::size_t protocol_size = load16(message.data() + 10);
    if (message.size() != open_header_size + label_size + protocol_size)
        return fail(ParseError::size);

    Open open;
    open.ordered = (message[1] & channel_unordered) == 0;
    open.reliable = kind == channel_reliable;
    open.timed = kind == channel_timed;
    open.reliability = open.reliable ? 0 : load32(message.data() + 4);
    open.label = text_of(message.subspan(open_header_size, label_size));
    open.protocol = text_of(message.subspan(open_header_size + label_size));
    const bool readable = label_size <= text_limit && protocol_size <= text_limit &&
                          is_utf8(open.label) && is_utf8(open.protocol);
    if (!readable) return fail(ParseError::text);
    return open;
}

Buffer write_open(const Open& open) {
    Buffer message(open_header_size);
    message[0] = message_open;
    message[1] = channel_type(open);
    store32(message.data() + 4, open.reliability);
    store16(message.data() + 8, static_cast<std::uint16_t>(open.label.size()));
    store16(message.data() + 10, static_cast<std::uint16_t>(open.protocol.size()));
    message.insert(message.end(), open.label.begin(), open.label.end());
    message.insert(message.end(), open.protocol.begin(), open.protocol.end());
    return message;
}

Buffer write_ack() { return {message_ack}; }

}  // namespace aula::sctp::dcep
