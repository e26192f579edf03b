// SPDX-License-Identifier: Apache-2.0
#include "participant/client.hpp"

#include <utility>

#include "base/encoding.hpp"
#include "crypto/random.hpp"
#include "signal/frame.hpp"
#include "signal/join_request.hpp"

namespace aula::participant {

namespace {

constexpr int protocol_version = 17;
constexpr int first_sections = 3;  // of each kind, as LiveKit's SDKs begin

/// LiveKit's SDKs take http:// for ws://.
std::string web_socket_url(const std::string& url) {
    std::string base = url.starts_with("http://") ? "ws://" + url.substr(7) : url;
    while (base.ends_with('/')) base.pop_back();
    return base + "/rtc/v1";
}

}  // namespace

Expected<std::unique_ptr<Client>, Error> Client::join(net::Loop& loop,
                                                      const dtls::Identity& identity,
                                                      ClientOptions options, Handlers handlers) {
    std::unique_ptr<Client> client(
        new Client(loop, identity, std::move(options), std::move(handlers)));
    transport::MediaPortOptions port;
    port.local = client->options_.media;
    port.tcp = false;
    port.socket = client->options_.socket;
    auto opened = transport::MediaPort::open(loop, port);
    if (!opened) return fail(opened.error());
    client->port_ = std::move(*opened);
    client->transport_ = std::make_unique<transport::Transport>(
        *client->port_, identity, transport::Transport::IceRole::controlling, *client);
    client->open_socket();
    return client;
}

Client::Client(net::Loop& loop, const dtls::Identity& identity, ClientOptions options,
               Handlers handlers)
    : loop_(loop),
      identity_(identity),
      options_(std::move(options)),
      handlers_(std::move(handlers)),
      session_id_(crypto::random64() >> 2),
      feedback_ssrc_(crypto::random32() | 1),
      started_at_(Clock::now()) {
    for (int i = 0; i < first_sections; ++i) add_section(sdp::MediaKind::audio);
    for (int i = 0; i < first_sections; ++i) add_section(sdp::MediaKind::video);
    add_section(sdp::MediaKind::application);
}

Client::~Client() {
    loop_.cancel(tick_);
    loop_.cancel(media_loss_);
    loop_.cancel(next_try_);
}

void Client::open_socket() {
    http::Headers headers;
    headers.set("authorization", "Bearer " + options_.token);
    socket_ = http::WebSocket::connect(loop_, is_joined() ? url_to_resume() : url_with_offer(),
                                       headers, [this](int refused, const std::string& body) {
                                           if (refused == 0)
                                               socket_open_ = true;
                                           else
                                               on_refused(refused, body);
                                       });
    socket_->set_handlers({[this](bool, Bytes message) { on_signal(message); }, [] {},
                           [this](std::uint16_t code, const std::string& reason) {
                               socket_open_ = false;
                               resume_or_end(Ending::socket_closed,
                                             std::to_string(code) + " " + reason);
                           }});
}

std::string Client::url_with_offer() {
    livekit::JoinRequest request;
    *request.mutable_publisher_offer() = make_offer();
    return url_with(request);
}

std::string Client::url_with(livekit::JoinRequest& request) {
    livekit::ClientInfo& info = *request.mutable_client_info();
    info.set_sdk(livekit::ClientInfo::CPP);
    info.set_version("2.0.0");
    info.set_protocol(protocol_version);
    request.mutable_connection_settings()->set_auto_subscribe(options_.auto_subscribe);
    return web_socket_url(options_.url) +
           "?join_request=" + percent_encoded(signal::encode_join_request(request));
}

void Client::end(Ending ending, const std::string& why) {
    if (std::exchange(ended_, true)) return;
    socket_open_ = false;
    loop_.cancel(std::exchange(tick_, net::TimerId::none));
    loop_.cancel(std::exchange(media_loss_, net::TimerId::none));
    loop_.cancel(std::exchange(next_try_, net::TimerId::none));
    transport_->close();
    if (ending != Ending::local) handlers_.on_ended(ending, why);
}

void Client::send(const livekit::SignalRequest& request) {
    if (socket_open_) socket_->send(true, signal::to_frame(request));
}

Publication& Client::publish(PublishOptions options) {
    auto& publication = publications_.emplace_back(
        std::make_unique<Publication>("aula-" + crypto::random_text(12), std::move(options)));
    add_section(publication->is_audio() ? sdp::MediaKind::audio : sdp::MediaKind::video,
                publication.get());
    if (is_joined()) {
        livekit::SignalRequest request;
        *request.mutable_add_track() = publication->announcement();
        send(request);
        negotiate();
    }
    return *publication;
}

void Client::mute(Publication& publication, bool muted) {
    publication.muted_ = muted;
    if (!muted) {
        for (Publication::Stream& stream : publication.streams_) stream.key_frame_requested = true;
    }
    livekit::SignalRequest request;
    request.mutable_mute()->set_sid(publication.sid());
    request.mutable_mute()->set_muted(muted);
    send(request);
}

bool Client::send_data(bool reliable, const std::string& topic, Bytes payload) {
    const std::uint16_t channel = reliable ? reliable_channel_ : lossy_channel_;
    if (channel == transport::Transport::no_channel) return false;
    livekit::DataPacket packet;
    packet.set_kind(reliable ? livekit::DataPacket::RELIABLE : livekit::DataPacket::LOSSY);
    if (reliable) packet.set_sequence(reliable_sequence_ + 1);
    packet.mutable_user()->set_payload(payload.data(), payload.size());
    packet.mutable_user()->set_topic(topic);
    if (!transport_->send_message(channel, true, signal::to_frame(packet))) return false;
    if (reliable) ++reliable_sequence_;
    return true;
}

void Client::set_wish(const livekit::UpdateTrackSettings& wish) {
    livekit::SignalRequest request;
    *request.mutable_track_setting() = wish;
    send(request);
}

void Client::leave() {
    if (ended_) return;
    livekit::SignalRequest request;
    request.mutable_leave()->set_reason(livekit::CLIENT_INITIATED);
    request.mutable_leave()->set_action(livekit::LeaveRequest::DISCONNECT);
    send(request);
    if (socket_open_) socket_->close(1000, "");
    end(Ending::local, {});
}

const IncomingStream* Client::incoming_of_track(const std::string& track_sid) const {
    for (const auto& [ssrc, stream] : incoming_) {
        if (stream.track_sid == track_sid) return &stream;
    }
    return nullptr;
}

Client::Figures Client::figures() const {
    Figures sum = ended_figures_;
    for (const auto& [ssrc, stream] : incoming_) {
        sum.packets += stream.packets;
        sum.bytes += stream.bytes;
        sum.padding += stream.padding;
        sum.lost += stream.lost;
    }
    for (const auto& publication : publications_) {
        sum.packets_sent += publication->packets_sent();
        sum.packets_resent += publication->packets_resent();
    }
    return sum;
}

}  // namespace aula::participant
