// SPDX-License-Identifier: Apache-2.0
// What nodes say to the hub.
#include "base/log.hpp"
#include "hub/hub_state.hpp"
#include "hub/node_call.hpp"
#include "signal/json.hpp"

namespace aula::hub {

namespace {

constexpr auto list_patience = std::chrono::seconds(10);

/// The node gave the room up with people in it: they come back to it elsewhere.
bool goes_on_elsewhere(const std::string& why) {
    return why == livekit::DisconnectReason_Name(livekit::SERVER_SHUTDOWN) ||
           why == livekit::DisconnectReason_Name(livekit::MIGRATION);
}

}  // namespace

std::optional<control::OpenRoom> Hub::State::describe(const std::string& room) const {
    control::OpenRoom open;
    open.set_room(room);
    if (room.empty() || room.size() > signal::max_identity_size) return std::nullopt;
    const LessonRecord* lesson = lessons->find(room);
    if (lesson == nullptr) return open;  // of LiveKit's clients: made by the first who comes
    if (lesson->ended) return std::nullopt;
    open.set_title(lesson->made.title);
    open.set_max_participants(lesson->made.max_participants);
    open.set_empty_timeout_seconds(static_cast<std::uint32_t>(lesson->made.empty_timeout.count()));
    open.set_departure_timeout_seconds(
        static_cast<std::uint32_t>(lesson->made.departure_timeout.count()));
    if (lesson->made.setup != lesson::Setup{}) open.set_setup(lesson::to_json(lesson->made.setup));
    return open;
}

void Hub::State::on_node_up(const std::string& node, const control::Hello& hello) {
    rooms->on_node_up(node, hello);
    for (const std::string& room : rooms->rooms_of(node)) ask_who_is_there(node, room);
    if (keeper) keeper->on_node_up(node);
    if (options.on_node_up) options.on_node_up(node);
}

void Hub::State::on_node_down(const std::string& node) {
    rooms->on_node_down(node);
    if (keeper) keeper->on_node_down(node);
    if (options.on_node_down) options.on_node_down(node);
}

/// What a hub that was restarted cannot know from the stored events.
void Hub::State::ask_who_is_there(const std::string& node, const std::string& room) {
    if (lessons->find(room) == nullptr) return;
    signal::AccessToken token;
    token.key_id = keys.begin()->first;
    token.identity = "hub";
    token.video.room = room;
    token.video.room_admin = true;
    token.not_before = WallClock::now();
    token.expires = *token.not_before + std::chrono::minutes(1);
    livekit::ListParticipantsRequest asked;
    asked.set_room(room);
    control::OpenStream open;
    open.set_method("POST");
    open.set_path("/twirp/livekit.RoomService/ListParticipants");
    open.set_room(room);
    open.set_body(asked.SerializeAsString());
    (*open.mutable_headers())["content-type"] = "application/protobuf";
    (*open.mutable_headers())["authorization"] =
        "Bearer " + signal::mint(token, keys.begin()->second);
    call_node(loop, *links, node, std::move(open), list_patience,
              [this, room](const Expected<control::StreamAnswered, Error>& answer) {
                  livekit::ListParticipantsResponse list;
                  if (!answer || answer->status() != 200 || !list.ParseFromString(answer->body()))
                      return;
                  lessons->on_participants(room, list);
              });
}

void Hub::State::on_node_message(const std::string& node, const control::ToHub& message) {
    switch (message.message_case()) {
        case control::ToHub::kLessonEvents:
            return on_lesson_events(node, message.lesson_events());
        case control::ToHub::kRoomClosed:
            return on_room_closed(node, message.room_closed());
        case control::ToHub::kWebhook:
            return on_webhook(message.webhook().event());
        case control::ToHub::kLoadReport:
            rooms->on_load_report(node, message.load_report());
            return service->on_load_report(message.load_report());
        default:
            return;  // the link's own, or nothing to do
    }
}

void Hub::State::on_lesson_events(const std::string& node, const control::LessonEvents& received) {
    const auto owner = rooms->find(received.room());
    const LessonRecord* lesson = lessons->find(received.room());
    const bool is_elsewhere = owner && *owner != node;
    const bool is_over = !owner && (lesson == nullptr || lesson->ended);
    // A node that was cut off and comes back late: the room went on without it.
    if (is_elsewhere || is_over) return say_stored(node, received);
    events->add(node, received);
}

void Hub::State::on_events_stored(const std::string& node, const control::LessonEvents& stored) {
    say_stored(node, stored);
    lessons->on_events_stored(stored.room(), {stored.events().begin(), stored.events().end()});
}

/// False: no node has the room now; whichever opens it goes on from what is stored.
bool Hub::State::ask_for_events(const std::string& room) {
    const auto node = rooms->find(room);
    if (!node) return false;
    control::ToNode message;
    message.mutable_send_events_again()->set_room(room);
    links->send(*node, message);
    return true;
}

void Hub::State::say_stored(const std::string& node, const control::LessonEvents& stored) {
    control::ToNode message;
    message.mutable_events_stored()->set_room(stored.room());
    message.mutable_events_stored()->set_sequence(
        stored.first_sequence() + static_cast<std::uint64_t>(stored.events_size()) - 1);
    links->send(node, message);
}

void Hub::State::on_room_closed(const std::string& node, const control::RoomClosed& closed) {
    const bool was_there = rooms->on_room_closed(node, closed.room());
    // Also of a room that the hub itself had closed.
    if (!rooms->find(closed.room())) service->on_room_closed(closed.room());
    if (!was_there) return;
    log::info("room closed", {{"room", closed.room()}, {"node", node}, {"why", closed.why()}});
    if (goes_on_elsewhere(closed.why())) return;
    if (lessons->find(closed.room()) == nullptr) return events->erase(closed.room());
    lessons->on_room_closed(closed.room());
}

void Hub::State::on_webhook(const std::string& json) {
    livekit::WebhookEvent event;
    if (!signal::from_json(json, event)) {
        ++bad_webhooks;
        return;
    }
    service->on_webhook(event);
    lessons->on_webhook(event);
    webhooks->send(json);
}

}  // namespace aula::hub
