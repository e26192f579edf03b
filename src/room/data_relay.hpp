// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "signal/livekit.pb.h"

namespace aula::room {

class Participant;
class Room;

/// Data packets between participants: stamped with their sender, filtered by destination, forwarded
/// on the channel they came on. Keeps the last reliable ones for receivers that resume. Lives in
/// its room.
class DataRelay {
public:
    explicit DataRelay(Room& room) : room_(room) {}

    void on_message(Participant& from, bool reliable, Bytes message, Time now);
    /// From the room service: no sender.
    void send(livekit::DataPacket packet, bool reliable, Time now);
    /// What a resuming receiver missed, by the last sequence number that it has of each sender.
    void replay(Participant& to, const livekit::SyncState& state);
    /// What was said while the participant's channel was not open yet.
    void channel_opened(Participant& participant);
    void forget(const std::string& receiver_sid) { waiting_.erase(receiver_sid); }

private:
    struct Kept {
        Time at;
        std::string sender_sid;
        std::uint32_t sequence = 0;
        std::vector<std::string> destinations;  // identities; empty: everybody
        Buffer bytes;
    };
    void deliver(const livekit::DataPacket& packet, bool reliable, const Participant* from,
                 Time now);
    void keep(Kept kept);

    Room& room_;
    std::deque<Kept> recent_;
    std::size_t recent_bytes_ = 0;
    std::map<std::string, std::vector<Buffer>> waiting_;  // by receiver's sid
};

}  // namespace aula::room
