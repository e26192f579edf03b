// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "control/hub_links.hpp"
#include "http/server.hpp"
#include "hub/access.hpp"
#include "hub/rooms.hpp"
#include "signal/livekit.pb.h"

namespace aula::hub {

/// LiveKit's room service (Twirp, JSON and protobuf): rooms as a whole are answered here, what
/// concerns one room's inside by the node that has it. Lives on the hub's loop.
class RoomService {
public:
    struct Wiring {
        net::Loop* loop = nullptr;
        control::HubLinks* links = nullptr;
        Rooms* rooms = nullptr;
        const Keys* keys = nullptr;
    };

    explicit RoomService(Wiring wiring) : wiring_(wiring) {}

    /// POST /twirp/livekit.RoomService/<Method>
    void handle(http::Request request, http::Responder responder, const std::string& address);

    // What nodes report of their rooms.
    void on_webhook(const livekit::WebhookEvent& event);
    void on_load_report(const control::LoadReport& report);
    void on_room_closed(const std::string& room) { known_.erase(room); }

private:
    struct Call;

    void create_room(Call call);
    void list_rooms(Call call);
    void delete_room(Call call);
    void pass_on(Call call);
    /// The node answered with the room as it is now.
    void note_change(const Call& call, const control::StreamAnswered& answer);
    livekit::Room describe(const std::string& room) const;
    void answer_created(const std::string& room);

    Wiring wiring_;
    std::map<std::string, livekit::Room> known_;
    std::multimap<std::string, std::function<void()>>
        creating_;  // until the node has said what it made
};

}  // namespace aula::hub
