// SPDX-License-Identifier: Apache-2.0
#include "hall.hpp"

namespace aula::room {

RoomOutlet Hall::outlet() {
    const auto record = [this](SocketId socket, auto&& note) {
        const std::lock_guard lock(mutex_);
        note(sockets[static_cast<unsigned>(socket)]);
        changed_.notify_all();
    };
    RoomOutlet out;
    out.sockets.accept = [=](SocketId id) { record(id, [](SocketLog& l) { l.accepted = true; }); };
    out.sockets.refuse = [=](SocketId id, int status, const std::string&) {
        record(id, [&](SocketLog& l) { l.refused = status; });
    };
    out.sockets.send = [=](SocketId id, bool binary, const std::string& message) {
        record(id, [&](SocketLog& l) {
            if (!binary) return l.texts.push_back(message);
            auto signal = signal::parse_response(bytes_of(message));
            ASSERT_TRUE(signal);
            l.signals.push_back(std::move(*signal));
        });
    };
    out.sockets.close = [=](SocketId id, std::uint16_t code, const std::string&) {
        record(id, [&](SocketLog& l) { l.closed = code; });
    };
    out.sockets.answer = [=](SocketId id, int status, const std::string& body, const std::string&) {
        record(id, [&](SocketLog& l) { l.answered.emplace(status, body); });
    };
    out.store_events = [this](const std::string&, std::uint64_t first,
                              const std::vector<std::string>& events) {
        const std::lock_guard lock(mutex_);
        EXPECT_EQ(first, already_stored_ + stored_.size() + 1);
        stored_.insert(stored_.end(), events.begin(), events.end());
    };
    out.webhook = [this](const std::string& event) {
        const std::lock_guard lock(mutex_);
        webhooks_.push_back(event);
    };
    out.mint = [](const signal::AccessToken&) { return std::string("fresh"); };
    out.closed = [this](const std::string&, std::string why) {
        const std::lock_guard lock(mutex_);
        closed = std::move(why);
        changed_.notify_all();
    };
    return out;
}

std::string Hall::publish(unsigned socket, livekit::TrackType type, livekit::TrackSource source) {
    const std::string cid = "cid-" + std::to_string(socket) + "-" + std::to_string(source);
    livekit::SignalRequest add;
    add.mutable_add_track()->set_cid(cid);
    add.mutable_add_track()->set_type(type);
    add.mutable_add_track()->set_source(source);
    say(socket, add);
    livekit::SignalRequest offer;
    offer.mutable_offer()->set_type("offer");
    offer.mutable_offer()->set_sdp(offer_of({{type == livekit::AUDIO ? "audio" : "video", cid}}));
    say(socket, offer);
    const auto published = log(socket).find(Response::kTrackPublished);
    return published ? published->track_published().track().sid() : "";
}

std::string offer_of(const std::vector<std::pair<std::string, std::string>>& kinds_and_tracks,
                     unsigned first_mid) {
    std::string mids;
    std::string sections;
    unsigned mid = first_mid;
    for (const auto& [kind, track] : kinds_and_tracks) {
        const bool audio = kind == "audio";
        const std::string number = std::to_string(mid++);
        mids += " " + number;
        sections += "m=" + kind + " 9 UDP/TLS/RTP/SAVPF " + (audio ? "111" : "96") +
                    "\r\nc=IN IP4 0.0.0.0\r\na=mid:" + number +
                    (track.empty() ? "\r\na=recvonly" : "\r\na=sendonly\r\na=msid:- " + track) +
                    "\r\na=rtcp-mux\r\na=setup:actpass\r\na=ice-ufrag:abcd\r\n"
                    "a=ice-pwd:0123456789abcdefghijklmn\r\na=fingerprint:sha-256 "
                    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:"
                    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\n" +
                    (audio ? "a=rtpmap:111 opus/48000/2\r\n"
                           : "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\n"
                             "a=rtcp-fb:96 nack pli\r\n");
    }
    return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE" + mids + "\r\n" +
           sections;
}

}  // namespace aula::room
