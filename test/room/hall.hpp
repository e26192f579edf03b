// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "dtls/connection.hpp"
#include "lesson/json.hpp"
#include "room/shard.hpp"
#include "signal/frame.hpp"
#include "signal/livekit.pb.h"

namespace aula::room {

/// What came out of a room on one socket.
struct SocketLog {
    bool accepted = false;
    std::optional<int> refused;
    std::vector<livekit::SignalResponse> signals;
    std::vector<std::string> texts;  // of /classroom
    std::optional<std::uint16_t> closed;
    std::optional<std::pair<int, std::string>> answered;  // of a room service call

    /// The last one of a kind.
    std::optional<livekit::SignalResponse> find(livekit::SignalResponse::MessageCase kind) const {
        for (auto at = signals.rbegin(); at != signals.rend(); ++at) {
            if (at->message_case() == kind) return *at;
        }
        return std::nullopt;
    }
    bool has_text(const std::string& part) const {
        for (const std::string& text : texts) {
            if (text.find(part) != std::string::npos) return true;
        }
        return false;
    }
};

/// A shard with one room, "biology", and a record of what the room says.
class Hall {
public:
    using Response = livekit::SignalResponse;

    explicit Hall(RoomSettings settings = {}) {
        settings.name = "biology";
        lesson::Lesson before;
        for (const std::string& stored : settings.lesson_events)
            EXPECT_TRUE(lesson::take_stored(before, stored));
        already_stored_ = before.seq();
        transport::MediaPortOptions port;
        port.local = *net::Address::parse("127.0.0.1:0");
        shard = std::move(*Shard::start(port, identity()));
        shard->open_room(std::move(settings), outlet());
        run([](Room&) {});
    }
    // The shard's thread records into the members below until it has ended.
    ~Hall() { shard.reset(); }
    Hall(const Hall&) = delete;
    Hall& operator=(const Hall&) = delete;

    /// Carries work out on the room's thread; returns when it is done, with all that it led to.
    void run(std::function<void(Room&)> work) {
        bool done = false;
        const auto finish = [&] {
            const std::lock_guard lock(mutex_);
            done = true;
            changed_.notify_all();
        };
        shard->ref("biology").tell(std::move(work));
        shard->loop().post([&] { shard->loop().post(finish); });
        std::unique_lock lock(mutex_);
        ASSERT_TRUE(changed_.wait_for(lock, 10s, [&] { return done; }));
    }
    /// False when the condition did not come true in time.
    bool until(const std::function<bool()>& condition) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, 20s, condition);
    }

    static signal::AccessToken token(const std::string& who) {
        signal::AccessToken token;
        token.key_id = "key";
        token.identity = who;
        token.name = who;
        token.video.room = "biology";
        token.video.room_join = true;
        token.expires = WallClock::now() + 10min;
        return token;
    }
    static signal::AccessToken teacher(const std::string& who) {
        signal::AccessToken shown = token(who);
        shown.video.room_admin = true;
        return shown;
    }

    /// A client at /rtc/v1 or /rtc; the number is its socket's.
    void join(unsigned socket, const signal::AccessToken& shown, livekit::JoinRequest request = {},
              bool single = true) {
        if (!request.reconnect()) request.mutable_connection_settings()->set_auto_subscribe(true);
        run([&](Room& room) { room.join({SocketId(socket), shown, request, single}); });
    }
    void resume(unsigned socket, const signal::AccessToken& shown, const std::string& sid,
                bool single = true) {
        livekit::JoinRequest request;
        request.set_reconnect(true);
        request.set_participant_sid(sid);
        join(socket, shown, request, single);
    }
    void enter_classroom(unsigned socket, const signal::AccessToken& shown) {
        run([&](Room& room) { room.enter_classroom({SocketId(socket), shown, "", 0}); });
    }
    void say(unsigned socket, const livekit::SignalRequest& request) {
        const Buffer frame = signal::to_frame(request);
        run([&](Room& room) { room.on_message(SocketId(socket), true, frame); });
    }
    void say(unsigned socket, const std::string& json) {
        run([&](Room& room) { room.on_message(SocketId(socket), false, bytes_of(json)); });
    }
    void hang_up(unsigned socket) {
        run([&](Room& room) { room.on_socket_closed(SocketId(socket)); });
    }
    /// The hub stored all that the room sent it.
    void store_all() {
        run([&](Room& room) { room.on_events_stored(already_stored_ + stored_.size()); });
    }
    /// Announces a track and offers a section that sends it.
    std::string publish(unsigned socket, livekit::TrackType type, livekit::TrackSource source);

    SocketLog log(unsigned socket) {
        const std::lock_guard lock(mutex_);
        return sockets[socket];
    }
    std::string sid(unsigned socket) {
        return log(socket).find(Response::kJoin)->join().participant().sid();
    }
    std::vector<std::string> stored() {
        const std::lock_guard lock(mutex_);
        return stored_;
    }
    std::vector<std::string> webhooks() {
        const std::lock_guard lock(mutex_);
        return webhooks_;
    }

    // Only for until()'s conditions.
    std::map<unsigned, SocketLog> sockets;
    std::optional<std::string> closed;
    std::unique_ptr<Shard> shard;

private:
    std::uint64_t already_stored_ = 0;  // the last event's number
    std::vector<std::string> stored_;   // in this room's time
    std::vector<std::string> webhooks_;
    static const dtls::Identity& identity() {
        static const dtls::Identity one;
        return one;
    }
    RoomOutlet outlet();

    std::mutex mutex_;
    std::condition_variable changed_;
};

/// An offer of one BUNDLE with a sending section of each kind and msid; enough for an answer.
std::string offer_of(const std::vector<std::pair<std::string, std::string>>& kinds_and_tracks,
                     unsigned first_mid = 0);

}  // namespace aula::room
