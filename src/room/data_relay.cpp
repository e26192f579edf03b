// SPDX-License-Identifier: Apache-2.0
#include "room/data_relay.hpp"

#include <algorithm>
#include <utility>

#include "room/room.hpp"
#include "signal/frame.hpp"

namespace aula::room {
namespace {

// LiveKit keeps about 2 s for those who resume.
constexpr Duration kept_for = 5s;
constexpr std::size_t most_kept_bytes = 2 << 20;
constexpr std::size_t most_waiting = 64;  // packets for one receiver whose channel is not open yet

bool is_for(const Participant& receiver, const std::vector<std::string>& destinations) {
    return destinations.empty() ||
           std::ranges::find(destinations, receiver.identity) != destinations.end();
}

std::vector<std::string> destinations_of(const livekit::DataPacket& packet, const Room& room) {
    std::vector<std::string> identities(packet.destination_identities().begin(),
                                        packet.destination_identities().end());
    if (!packet.has_user()) return identities;
    const livekit::UserPacket& user = packet.user();
    identities.insert(identities.end(), user.destination_identities().begin(),
                      user.destination_identities().end());
    // Older clients name sessions instead of identities.
    for (const std::string& sid : user.destination_sids()) {
        for (const auto& [identity, participant] : room.participants()) {
            if (participant->sid == sid) identities.push_back(identity);
        }
    }
    return identities;
}

}  // namespace

void DataRelay::on_message(Participant& from, bool reliable, Bytes message, Time now) {
    auto packet = signal::parse_data_packet(message);
    if (!packet || !from.permission.can_publish_data() ||
        !from.may_send_data(message.size(), now)) {
        ++room_.counters().data_refused;
        return;
    }
    if (reliable && packet->sequence() != 0) from.last_reliable_sequence = packet->sequence();
    packet->set_participant_sid(from.sid);
    packet->set_participant_identity(from.identity);
    packet->set_kind(reliable ? livekit::DataPacket::RELIABLE : livekit::DataPacket::LOSSY);
    if (packet->has_user()) {
        packet->mutable_user()->set_participant_sid(from.sid);
        packet->mutable_user()->set_participant_identity(from.identity);
    }
    deliver(*packet, reliable, &from, now);
}

void DataRelay::send(livekit::DataPacket packet, bool reliable, Time now) {
    packet.set_kind(reliable ? livekit::DataPacket::RELIABLE : livekit::DataPacket::LOSSY);
    deliver(packet, reliable, nullptr, now);
}

void DataRelay::deliver(const livekit::DataPacket& packet, bool reliable, const Participant* from,
                        Time now) {
    Kept kept{now, packet.participant_sid(), packet.sequence(), destinations_of(packet, room_),
              signal::to_frame(packet)};
    for (auto& [identity, receiver] : room_.participants()) {
        if (receiver.get() == from || !is_for(*receiver, kept.destinations)) continue;
        PeerConnection& connection = receiver->downlink();
        if (connection.data_is_open(reliable)) {
            if (!connection.send_data(reliable, kept.bytes)) ++room_.counters().data_refused;
        } else if (reliable) {
            auto& waiting = waiting_[receiver->sid];
            if (waiting.size() < most_waiting) waiting.push_back(kept.bytes);
        }
    }
    if (reliable && kept.sequence != 0) keep(std::move(kept));
}

void DataRelay::keep(Kept kept) {
    recent_bytes_ += kept.bytes.size();
    const Time oldest = kept.at - kept_for;
    recent_.push_back(std::move(kept));
    while (recent_bytes_ > most_kept_bytes || recent_.front().at < oldest) {
        recent_bytes_ -= recent_.front().bytes.size();
        recent_.pop_front();
    }
}

void DataRelay::replay(Participant& to, const livekit::SyncState& state) {
    std::map<std::string, std::uint32_t> last;
    for (const auto& received : state.datachannel_receive_states())
        last[received.publisher_sid()] = received.last_seq();
    for (const Kept& kept : recent_) {
        if (kept.sender_sid == to.sid || !is_for(to, kept.destinations)) continue;
        const auto at = last.find(kept.sender_sid);
        if (at != last.end() && kept.sequence <= at->second) continue;
        to.downlink().send_data(true, kept.bytes);
    }
}

void DataRelay::channel_opened(Participant& participant) {
    const auto node = waiting_.extract(participant.sid);
    if (node.empty()) return;
    for (const Buffer& message : node.mapped()) participant.downlink().send_data(true, message);
}

}  // namespace aula::room
