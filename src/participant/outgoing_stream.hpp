// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "rtp/extensions.hpp"
#include "rtp/rtcp.hpp"
#include "sfu/packet_cache.hpp"
#include "transport/transport.hpp"

namespace aula::participant {

/// What SDP said about a stream of ours.
struct OutgoingStreamOptions {
    std::uint32_t ssrc = 0;
    std::uint32_t rtx_ssrc = 0;  // 0: losses are not repaired
    std::uint8_t payload_type = 0;
    std::uint8_t rtx_payload_type = 0;
    std::uint32_t clock_rate = 48000;
    rtp::ExtensionIds ids;
    std::string mid;
    std::string rid;  // of simulcast; empty: none
};

/// One packet's worth of media.
struct OutgoingPacket {
    Bytes payload;
    std::uint32_t timestamp = 0;
    bool marker = false;
    std::optional<rtp::AudioLevel> level;
};

/// One RTP stream that we send, with its retransmissions. Belongs to a Client.
class OutgoingStream {
public:
    /// Both outlive it; transport_number is the client's transport-wide counter.
    OutgoingStream(transport::Transport& transport, std::uint16_t& transport_number,
                   OutgoingStreamOptions options);

    bool may_flow() const { return transport_.is_connected(); }
    void send(const OutgoingPacket& packet, Time now);
    /// The receiver lost this number: the packet again on the RTX stream, while it is remembered.
    void resend(std::uint16_t number);
    rtp::rtcp::SenderReport sender_report(Time now, WallTime wall) const;

    const OutgoingStreamOptions& options() const { return options_; }
    std::uint64_t packets() const { return packets_; }
    std::uint64_t resent() const { return resent_; }

private:
    std::size_t write_header(MutableBytes slot, const rtp::HeaderFields& fields, bool rtx,
                             std::optional<rtp::AudioLevel> level);

    transport::Transport& transport_;
    std::uint16_t& transport_number_;
    OutgoingStreamOptions options_;
    std::optional<sfu::PacketCache> sent_;  // payloads, by number without wrap
    std::int64_t next_ = 65536;
    std::uint16_t next_rtx_ = 1;
    std::uint32_t last_timestamp_ = 0;
    Time last_sent_{};
    std::uint64_t packets_ = 0, bytes_ = 0, resent_ = 0;
};

}  // namespace aula::participant
