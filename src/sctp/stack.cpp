// SPDX-License-Identifier: Apache-2.0
#include "sctp/stack.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

#include <sys/socket.h>
#include <usrsctp.h>

#include "base/expects.hpp"
#include "sctp/association.hpp"

namespace aula::sctp {

namespace {

constexpr std::uint16_t port = 5000;  // a=sctp-port of every WebRTC peer
// Room for chunks in a packet: 1280 (IPv6) less 48 (IPv6, UDP), 37 (DTLS) and 12 (SCTP), in whole
// words.
constexpr std::uint32_t path_mtu = 1180;
constexpr int receive_buffer = 256 * 1024;

struct FreeDeleter {
    void operator()(void* memory) const { std::free(memory); }
};

}  // namespace

/// Called by usrsctp, always inside one of our own calls, so the lock is held.
struct StackCallbacks {
    static int send_packet(void* address, void* packet, std::size_t size, std::uint8_t,
                           std::uint8_t);
    static int on_received(struct socket*, union sctp_sockstore, void* data, std::size_t size,
                           struct sctp_rcvinfo info, int flags, void* user);
    static int on_acknowledged(struct socket*, std::uint32_t free_bytes, void* user);
    static void on_notification(StackSocket& of, const sctp_notification& notification,
                                std::size_t size);
    static void on_reset(StackSocket& of, const sctp_stream_reset_event& reset);
    static void tell(StackSocket& of, StackEvent event);
};

namespace {

/// usrsctp's state of this process and the lock around it.
struct Process {
    Process();

    StackSocket* find(void* number) {
        const auto at = sockets.find(reinterpret_cast<std::uintptr_t>(number));
        return at == sockets.end() ? nullptr : at->second;
    }

    std::mutex mutex;
    std::unordered_map<std::uintptr_t, StackSocket*> sockets;
    std::uintptr_t next_number = 1;
    std::optional<Time> advanced_to;
};

Process& process() {
    static Process* const instance = new Process;  // usrsctp stays until the process ends
    return *instance;
}

Process::Process() {
    // One bucket is enough for an endpoint with one association (the default of 256 costs 2 KB
    // each).
    usrsctp_tunable_set_sctp_pcbtblsize(1);
    usrsctp_init_nothreads(0, &StackCallbacks::send_packet, nullptr);
    usrsctp_sysctl_set_sctp_ecn_enable(0);  // no IP header of ours to mark
    usrsctp_sysctl_set_sctp_asconf_enable(0);
    usrsctp_sysctl_set_sctp_auth_enable(0);
    usrsctp_sysctl_set_sctp_nrsack_enable(0);
    usrsctp_sysctl_set_sctp_pktdrop_enable(0);
    usrsctp_sysctl_set_sctp_auto_asconf(0);
    usrsctp_sysctl_set_sctp_initial_cwnd(10);
    usrsctp_sysctl_set_sctp_delayed_sack_time_default(20);
    usrsctp_sysctl_set_sctp_rto_initial_default(1000);
    usrsctp_sysctl_set_sctp_rto_min_default(200);
    usrsctp_sysctl_set_sctp_rto_max_default(5000);
    usrsctp_sysctl_set_sctp_init_rto_max_default(5000);
    // ICE consent decides when the peer is gone; SCTP alone would give up after some 30 s as well.
    usrsctp_sysctl_set_sctp_heartbeat_interval_default(10000);
    usrsctp_sysctl_set_sctp_assoc_rtx_max_default(10);
    usrsctp_sysctl_set_sctp_path_rtx_max_default(10);
    usrsctp_sysctl_set_sctp_vtag_time_wait(1);
}

template <class Value>
void set(struct socket* of, int level, int option, const Value& value) {
    AULA_EXPECTS(usrsctp_setsockopt(of, level, option, &value, sizeof value) == 0);
}

void configure(struct socket* of) {
    set(of, SOL_SOCKET, SO_LINGER, linger{1, 0});  // close() aborts at once
    set(of, SOL_SOCKET, SO_SNDBUF, static_cast<int>(Association::send_buffer));
    set(of, SOL_SOCKET, SO_RCVBUF, receive_buffer);
    set(of, IPPROTO_SCTP, SCTP_NODELAY, std::uint32_t{1});
    // One message after the other, each whole unless it is longer than any we take.
    set(of, IPPROTO_SCTP, SCTP_FRAGMENT_INTERLEAVE, 0);
    set(of, IPPROTO_SCTP, SCTP_PARTIAL_DELIVERY_POINT, std::uint32_t{receive_buffer / 2});
    set(of, IPPROTO_SCTP, SCTP_ENABLE_STREAM_RESET,
        sctp_assoc_value{SCTP_ALL_ASSOC, SCTP_ENABLE_RESET_STREAM_REQ});
    sctp_initmsg init{};
    init.sinit_num_ostreams = Association::channel_limit;
    init.sinit_max_instreams = Association::channel_limit;
    set(of, IPPROTO_SCTP, SCTP_INITMSG, init);
    set(of, IPPROTO_SCTP, SCTP_EVENT, sctp_event{SCTP_ALL_ASSOC, SCTP_ASSOC_CHANGE, 1});
    set(of, IPPROTO_SCTP, SCTP_EVENT, sctp_event{SCTP_ALL_ASSOC, SCTP_STREAM_RESET_EVENT, 1});
    usrsctp_set_non_blocking(of, 1);
}

sockaddr_conn address_of(std::uintptr_t number) {
    sockaddr_conn address{};
    address.sconn_family = AF_CONN;
    address.sconn_port = htons(port);
    address.sconn_addr = reinterpret_cast<void*>(number);
    return address;
}

}  // namespace

int StackCallbacks::send_packet(void* address, void* packet, std::size_t size, std::uint8_t,
                                std::uint8_t) {
    if (StackSocket* from = process().find(address)) {
        const auto* bytes = static_cast<const std::uint8_t*>(packet);
        from->output_.packets.emplace_back(bytes, bytes + size);
        from->has_output_.store(true, std::memory_order_release);
    }
    return 0;
}

void StackCallbacks::tell(StackSocket& of, StackEvent event) {
    of.output_.events.push_back(std::move(event));
    of.has_output_.store(true, std::memory_order_release);
}

int StackCallbacks::on_received(struct socket*, union sctp_sockstore, void* data, std::size_t size,
                                struct sctp_rcvinfo info, int flags, void* user) {
    const std::unique_ptr<void, FreeDeleter> owned(data);
    StackSocket* of = process().find(user);
    if (of == nullptr || data == nullptr) return 1;
    if ((flags & MSG_NOTIFICATION) != 0) {
        on_notification(*of, *static_cast<const sctp_notification*>(data), size);
        return 1;
    }
    StackEvent event;
    event.payload_protocol = ntohl(info.rcv_ppid);
    event.streams = {info.rcv_sid};
    event.complete = (flags & MSG_EOR) != 0;
    const auto* bytes = static_cast<const std::uint8_t*>(data);
    if (size <= Association::message_limit) {
        event.message.assign(bytes, bytes + size);
    } else {
        event.complete = false;
    }
    tell(*of, std::move(event));
    return 1;
}

int StackCallbacks::on_acknowledged(struct socket*, std::uint32_t free_bytes, void* user) {
    if (StackSocket* of = process().find(user)) {
        of->buffered_ =
            Association::send_buffer - std::min<std::size_t>(free_bytes, Association::send_buffer);
    }
    return 1;
}

void StackCallbacks::on_notification(StackSocket& of, const sctp_notification& notification,
                                     std::size_t size) {
    if (size < sizeof notification.sn_header || notification.sn_header.sn_length != size) return;
    if (notification.sn_header.sn_type == SCTP_STREAM_RESET_EVENT) {
        return on_reset(of, notification.sn_strreset_event);
    }
    if (notification.sn_header.sn_type != SCTP_ASSOC_CHANGE) return;
    // A restart (RFC 9260 section 5.2) takes all channels with it, so it is an end as well.
    if (notification.sn_assoc_change.sac_state != SCTP_COMM_UP) {
        tell(of, {StackEvent::Kind::lost, 0, true, {}, {}});
    }
}

void StackCallbacks::on_reset(StackSocket& of, const sctp_stream_reset_event& reset) {
    constexpr int unsuccessful = SCTP_STREAM_RESET_DENIED | SCTP_STREAM_RESET_FAILED;
    if ((reset.strreset_flags & unsuccessful) != 0) return;
    const std::size_t count = (reset.strreset_length - sizeof reset) / sizeof(std::uint16_t);
    std::vector<std::uint16_t> streams(reset.strreset_stream_list,
                                       reset.strreset_stream_list + count);
    if (streams.empty()) {  // RFC 6525 section 4.1: none named means all
        for (std::uint16_t i = 0; i < Association::channel_limit; ++i) streams.push_back(i);
    }
    const bool incoming = (reset.strreset_flags & SCTP_STREAM_RESET_INCOMING_SSN) != 0;
    tell(of, {incoming ? StackEvent::Kind::incoming_reset : StackEvent::Kind::outgoing_reset,
              0,
              true,
              {},
              std::move(streams)});
}

StackSocket::StackSocket() {
    Process& all = process();
    const std::lock_guard lock(all.mutex);
    number_ = all.next_number++;
    void* const name = reinterpret_cast<void*>(number_);
    usrsctp_register_address(name);
    socket_ = usrsctp_socket(AF_CONN, SOCK_STREAM, IPPROTO_SCTP, &StackCallbacks::on_received,
                             &StackCallbacks::on_acknowledged, 0, name);
    AULA_EXPECTS(socket_ != nullptr);
    all.sockets.emplace(number_, this);
    configure(socket_);
}

StackSocket::~StackSocket() {
    close();
    const std::lock_guard lock(process().mutex);
    process().sockets.erase(number_);
}

void StackSocket::connect() {
    const std::lock_guard lock(process().mutex);
    if (socket_ == nullptr) return;
    sockaddr_conn address = address_of(number_);
    auto* const name = reinterpret_cast<sockaddr*>(&address);
    AULA_EXPECTS(usrsctp_bind(socket_, name, sizeof address) == 0);
    sctp_paddrparams path{};
    std::memcpy(&path.spp_address, &address, sizeof address);
    path.spp_flags = SPP_PMTUD_DISABLE;
    path.spp_pathmtu = path_mtu;
    // Both sides call, as WebRTC peers do; SCTP merges the two (RFC 9260 section 5.2.1).
    const int result = usrsctp_connect(socket_, name, sizeof address);
    AULA_EXPECTS(result == 0 || errno == EINPROGRESS);
    set(socket_, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, path);
}

void StackSocket::receive(Bytes packet) {
    const std::lock_guard lock(process().mutex);
    if (socket_ == nullptr) return;
    usrsctp_conninput(reinterpret_cast<void*>(number_), packet.data(), packet.size(), 0);
}

bool StackSocket::send(const SendOptions& options, Bytes message) {
    const std::lock_guard lock(process().mutex);
    if (socket_ == nullptr) return false;
    sctp_sendv_spa how{};
    how.sendv_flags = SCTP_SEND_SNDINFO_VALID;
    how.sendv_sndinfo.snd_sid = options.stream;
    how.sendv_sndinfo.snd_ppid = htonl(options.payload_protocol);
    how.sendv_sndinfo.snd_flags = options.unordered ? SCTP_UNORDERED : 0;
    if (options.retransmit != Retransmit::always) {
        how.sendv_flags |= SCTP_SEND_PRINFO_VALID;
        how.sendv_prinfo.pr_policy =
            options.retransmit == Retransmit::limited_times ? SCTP_PR_SCTP_RTX : SCTP_PR_SCTP_TTL;
        how.sendv_prinfo.pr_value = options.retransmit_limit;
    }
    const auto sent = usrsctp_sendv(socket_, message.data(), message.size(), nullptr, 0, &how,
                                    sizeof how, SCTP_SENDV_SPA, 0);
    if (sent < 0) return false;
    buffered_ += message.size();
    return true;
}

bool StackSocket::reset_outgoing(std::span<const std::uint16_t> streams) {
    const std::lock_guard lock(process().mutex);
    if (socket_ == nullptr) return true;
    Buffer room(sizeof(sctp_reset_streams) + streams.size_bytes());
    sctp_reset_streams request{};
    request.srs_assoc_id = SCTP_ALL_ASSOC;
    request.srs_flags = SCTP_STREAM_RESET_OUTGOING;
    request.srs_number_streams = static_cast<std::uint16_t>(streams.size());
    std::memcpy(room.data(), &request, sizeof request);
    std::memcpy(room.data() + sizeof request, streams.data(), streams.size_bytes());
    return usrsctp_setsockopt(socket_, IPPROTO_SCTP, SCTP_RESET_STREAMS, room.data(),
                              static_cast<socklen_t>(room.size())) == 0;
}

void StackSocket::close() {
    const std::lock_guard lock(process().mutex);
    if (socket_ == nullptr) return;
    usrsctp_close(std::exchange(socket_, nullptr));
    usrsctp_deregister_address(reinterpret_cast<void*>(number_));
    buffered_ = 0;
}

StackSocket::Output StackSocket::take_output() {
    const std::lock_guard lock(process().mutex);
    has_output_ = false;
    return std::exchange(output_, {});
}

void StackSocket::advance(Time now) {
    Process& all = process();
    const std::lock_guard lock(all.mutex);
    if (!all.advanced_to) all.advanced_to = now;
    const auto elapsed = duration_cast<std::chrono::milliseconds>(now - *all.advanced_to);
    if (elapsed <= 0ms) return;
    *all.advanced_to += elapsed;
    usrsctp_handle_timers(
        static_cast<std::uint32_t>(std::min<std::int64_t>(elapsed.count(), 60000)));
}

}  // namespace aula::sctp
