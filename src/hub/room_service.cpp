// SPDX-License-Identifier: Apache-2.0
#include "hub/room_service.hpp"

#include <memory>
#include <set>
#include <utility>

#include <boost/json.hpp>

#include "hub/node_call.hpp"
#include "signal/json.hpp"

namespace aula::hub {

namespace {

constexpr std::string_view service_path = "/twirp/livekit.RoomService/";
constexpr auto creation_patience = std::chrono::seconds(1);
constexpr auto room_patience = std::chrono::seconds(5);
constexpr auto answer_patience = std::chrono::seconds(10);

http::Response twirp_error(int status, const std::string& code, const std::string& text) {
    auto response = http::json_response(
        status, boost::json::serialize(boost::json::object{{"code", code}, {"msg", text}}));
    allow_any_origin(response);
    return response;
}
http::Response denied() { return twirp_error(401, "unauthenticated", "permissions denied"); }
http::Response no_such_room() {
    return twirp_error(404, "not_found", "requested room does not exist");
}
http::Response bad_body() {
    return twirp_error(400, "malformed", "the body is not the message this method takes");
}

}  // namespace

/// One request on its way; whoever answers it takes it over.
struct RoomService::Call {
    http::Request request;
    http::Responder responder;
    signal::VideoGrant grant;
    std::string method;
    bool json = false;
    std::string address;

    template <class Message>
    bool read(Message& message) const {
        return json ? signal::from_json(request.body, message).has_value()
                    : message.ParseFromString(request.body);
    }
    void reply(const google::protobuf::Message& message) {
        http::Response response;
        if (json) {
            response =
                http::json_response(200, signal::to_json(message, signal::JsonStyle::room_service));
        } else {
            response.body = message.SerializeAsString();
            response.headers.set("content-type", "application/protobuf");
        }
        allow_any_origin(response);
        responder.answer(std::move(response));
    }
};

void RoomService::handle(http::Request request, http::Responder responder,
                         const std::string& address) {
    if (request.method != "POST" || !request.path.starts_with(service_path)) {
        return responder.answer(twirp_error(404, "bad_route", "no such method"));
    }
    const std::string* type = request.headers.find("content-type");
    const bool json = type != nullptr && type->starts_with("application/json");
    if (!json && (type == nullptr || !type->starts_with("application/protobuf"))) {
        return responder.answer(
            twirp_error(404, "bad_route", "the content type must be JSON or protobuf"));
    }
    const auto jwt = bearer_of(request);
    if (!jwt) return responder.answer(twirp_error(401, "unauthenticated", "no access token"));
    const auto token = signal::verify(*jwt, lookup_in(*wiring_.keys), WallClock::now());
    if (!token)
        return responder.answer(twirp_error(401, "unauthenticated", signal::text(token.error())));

    std::string method = request.path.substr(service_path.size());
    Call call{
        std::move(request), std::move(responder), token->video, std::move(method), json, address};
    if (call.method == "CreateRoom") return create_room(std::move(call));
    if (call.method == "ListRooms") return list_rooms(std::move(call));
    if (call.method == "DeleteRoom") return delete_room(std::move(call));
    static const std::set<std::string, std::less<>> of_one_room = {
        "ListParticipants",  "GetParticipant",      "RemoveParticipant", "MutePublishedTrack",
        "UpdateParticipant", "UpdateSubscriptions", "SendData",          "UpdateRoomMetadata"};
    if (of_one_room.contains(call.method)) return pass_on(std::move(call));
    static const std::set<std::string, std::less<>> of_the_cloud = {
        "ForwardParticipant", "MoveParticipant", "PerformRpc"};
    if (of_the_cloud.contains(call.method)) {
        return call.responder.answer(
            twirp_error(501, "unimplemented", "this server does not do that"));
    }
    call.responder.answer(twirp_error(404, "bad_route", "no such method"));
}

void RoomService::create_room(Call call) {
    if (!call.grant.room_create) return call.responder.answer(denied());
    livekit::CreateRoomRequest asked;
    if (!call.read(asked)) return call.responder.answer(bad_body());
    if (asked.name().empty() || asked.name().size() > signal::max_identity_size ||
        asked.metadata().size() > signal::max_metadata_size) {
        return call.responder.answer(
            twirp_error(400, "invalid_argument", "the name is missing or something is too long"));
    }
    control::OpenRoom open;
    open.set_room(asked.name());
    open.set_metadata(asked.metadata());
    open.set_empty_timeout_seconds(asked.empty_timeout());
    open.set_departure_timeout_seconds(asked.departure_timeout());
    open.set_max_participants(asked.max_participants());
    auto waiting = std::make_shared<Call>(std::move(call));
    const std::string room = asked.name();
    wiring_.rooms->open(
        std::move(open), room_patience,
        [this, waiting, room](const Expected<std::string, Error>& node) {
            if (!node)
                return waiting->responder.answer(
                    twirp_error(503, "unavailable", node.error().text));
            if (known_.contains(room)) return waiting->reply(describe(room));
            creating_.emplace(room, [this, waiting, room] { waiting->reply(describe(room)); });
            wiring_.loop->after(creation_patience, [this, room, there = wiring_.links->lifetime()] {
                if (!there.expired()) answer_created(room);
            });
        });
}

void RoomService::answer_created(const std::string& room) {
    const auto [first, last] = creating_.equal_range(room);
    std::vector<std::function<void()>> answers;
    for (auto at = first; at != last; ++at) answers.push_back(std::move(at->second));
    creating_.erase(first, last);
    for (const auto& answer : answers) answer();
}

void RoomService::list_rooms(Call call) {
    if (!call.grant.room_list) return call.responder.answer(denied());
    livekit::ListRoomsRequest asked;
    if (!call.read(asked)) return call.responder.answer(bad_body());
    const std::set<std::string> names(asked.names().begin(), asked.names().end());
    livekit::ListRoomsResponse list;
    for (const auto& [node, known] : wiring_.rooms->nodes()) {
        for (const std::string& room : wiring_.rooms->rooms_of(node)) {
            if (names.empty() || names.contains(room)) *list.add_rooms() = describe(room);
        }
    }
    call.reply(list);
}

void RoomService::delete_room(Call call) {
    if (!call.grant.room_create) return call.responder.answer(denied());
    livekit::DeleteRoomRequest asked;
    if (!call.read(asked)) return call.responder.answer(bad_body());
    if (!wiring_.rooms->find(asked.room())) return call.responder.answer(no_such_room());
    wiring_.rooms->close(asked.room(), livekit::ROOM_DELETED);
    call.reply(livekit::DeleteRoomResponse());
}

void RoomService::pass_on(Call call) {
    livekit::ListParticipantsRequest
        any;  // every one of these messages begins with the room's name
    if (!call.read(any)) return call.responder.answer(bad_body());
    if (!call.grant.room_admin || call.grant.room != any.room())
        return call.responder.answer(denied());
    const auto node = wiring_.rooms->find(any.room());
    if (!node) return call.responder.answer(no_such_room());
    control::OpenStream open;
    open.set_method("POST");
    open.set_path(call.request.path);
    open.set_body(std::move(call.request.body));
    open.set_room(any.room());
    open.set_client_address(call.address);
    for (const char* name : {"authorization", "content-type", "user-agent"}) {
        if (const std::string* value = call.request.headers.find(name))
            (*open.mutable_headers())[name] = *value;
    }
    auto waiting = std::make_shared<Call>(std::move(call));
    call_node(*wiring_.loop, *wiring_.links, *node, std::move(open), answer_patience,
              [this, waiting](const Expected<control::StreamAnswered, Error>& answer) {
                  if (!answer)
                      return waiting->responder.answer(
                          twirp_error(503, "unavailable", answer.error().text));
                  if (waiting->method == "UpdateRoomMetadata") note_change(*waiting, *answer);
                  http::Response response;
                  response.status = static_cast<int>(answer->status());
                  response.body = answer->body();
                  for (const auto& [name, value] : answer->headers())
                      response.headers.set(name, value);
                  allow_any_origin(response);
                  waiting->responder.answer(std::move(response));
              });
}

void RoomService::note_change(const Call& call, const control::StreamAnswered& answer) {
    livekit::Room room;
    const bool is_room =
        answer.status() == 200 && (call.json ? signal::from_json(answer.body(), room).has_value()
                                             : room.ParseFromString(answer.body()));
    if (is_room && wiring_.rooms->find(room.name())) known_[room.name()] = std::move(room);
}

livekit::Room RoomService::describe(const std::string& name) const {
    const auto at = known_.find(name);
    if (at != known_.end()) return at->second;
    livekit::Room room;
    room.set_name(name);
    return room;
}

void RoomService::on_webhook(const livekit::WebhookEvent& event) {
    const std::string& room = event.room().name();
    if (room.empty() || !wiring_.rooms->find(room)) return;
    known_[room] = event.room();
    answer_created(room);
}

void RoomService::on_load_report(const control::LoadReport& report) {
    for (const auto& load : report.rooms()) {
        const auto at = known_.find(load.room());
        if (at == known_.end()) continue;
        at->second.set_num_participants(load.participants());
        at->second.set_num_publishers(load.publishers());
    }
}

}  // namespace aula::hub
