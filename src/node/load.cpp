// SPDX-License-Identifier: Apache-2.0
#include "node/load.hpp"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "node/process_figures.hpp"

namespace aula::node {

std::size_t Load::participants() const {
    std::size_t count = 0;
    for (const ShardFigures& shard : shards_) {
        for (const room::RoomFigures& room : shard.rooms) count += room.participants;
    }
    return count;
}

control::LoadReport Load::report(bool draining) {
    control::LoadReport report;
    const ProcessFigures process = process_figures();
    const Time now = Clock::now();
    const double elapsed = std::chrono::duration<double>(now - last_report_).count();
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    if (last_report_ != Time{} && elapsed > 0) {
        report.set_cpu(
            std::clamp((process.cpu_seconds - last_cpu_seconds_) / elapsed / cores, 0.0, 1.0));
    }
    last_cpu_seconds_ = process.cpu_seconds;
    last_report_ = now;
    report.set_cpu_seconds(process.cpu_seconds);
    report.set_resident_bytes(process.resident_bytes);
    report.set_draining(draining);
    std::uint64_t forwarded = 0;
    std::uint64_t sent = 0;
    std::uint64_t dropped = 0;
    for (const ShardFigures& shard : shards_) {
        forwarded += shard.counted.forwarded;
        sent += shard.sent.packets;
        dropped += shard.sent.dropped;
        for (const room::RoomFigures& room : shard.rooms) {
            control::RoomLoad& load = *report.add_rooms();
            load.set_room(room.room);
            load.set_participants(room.participants);
            load.set_publishers(room.publishers);
        }
    }
    report.set_packets_forwarded(forwarded);
    report.set_packets_sent(sent);
    report.set_packets_lost(dropped);
    return report;
}

std::string Load::metrics() const {
    std::string text;
    const auto write = [&text](const char* name, const char* type, const char* help, auto value) {
        text += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n{0} {3}\n", name, help, type, value);
    };
    ShardFigures all;
    std::uint64_t rooms = 0;
    std::uint64_t publishers = 0;
    for (const ShardFigures& shard : shards_) {
        rooms += shard.rooms.size();
        for (const room::RoomFigures& room : shard.rooms) publishers += room.publishers;
        all.sent += shard.sent;
        all.received += shard.received;
        all.counted += shard.counted;
    }
    const ProcessFigures process = process_figures();
    write("aula_node_rooms", "gauge", "Rooms that are open.", rooms);
    write("aula_node_participants", "gauge", "Participants in all rooms.", participants());
    write("aula_node_publishers", "gauge", "Participants who publish.", publishers);
    write("aula_net_packets_sent_total", "counter", "UDP packets sent.", all.sent.packets);
    write("aula_net_bytes_sent_total", "counter", "UDP payload bytes sent.", all.sent.bytes);
    write("aula_net_messages_sent_total", "counter",
          "Messages given to the kernel; fewer than packets with UDP_SEGMENT.", all.sent.messages);
    write("aula_net_packets_dropped_total", "counter", "Packets the kernel did not take.",
          all.sent.dropped);
    write("aula_transport_datagrams_total", "counter", "Datagrams received.",
          all.received.datagrams);
    write("aula_transport_unknown_peer_total", "counter", "Datagrams of nobody we know.",
          all.received.unknown_peer);
    write("aula_transport_unknown_kind_total", "counter",
          "Datagrams that are neither STUN, DTLS nor RTP.", all.received.unknown_kind);
    write("aula_transport_stun_refused_total", "counter",
          "ICE checks with a wrong name or password.", all.received.stun_refused);
    write("aula_transport_tcp_refused_total", "counter",
          "TCP connections closed for what they sent.", all.received.tcp_refused);
    write("aula_transport_malformed_total", "counter", "Media packets that are no SRTP.",
          all.received.malformed);
    write("aula_transport_forged_total", "counter", "Media packets with a wrong tag.",
          all.received.forged);
    write("aula_transport_replayed_total", "counter", "Media packets that came before.",
          all.received.replayed);
    write("aula_transport_unexpected_total", "counter",
          "Packets before the keys, or from where no ICE check came from.",
          all.received.unexpected);
    write("aula_room_packets_forwarded_total", "counter", "Media packets handed on to receivers.",
          all.counted.forwarded);
    write("aula_room_malformed_packets_total", "counter", "RTP and RTCP packets that do not parse.",
          all.counted.malformed);
    write("aula_room_unknown_stream_total", "counter", "RTP packets of no announced track.",
          all.counted.unknown_stream);
    write("aula_room_bad_signals_total", "counter", "Signal messages that were refused.",
          all.counted.bad_signals);
    write("aula_room_signal_floods_total", "counter",
          "Participants sent away for too many messages.", all.counted.signal_floods);
    write("aula_room_data_refused_total", "counter",
          "Data packets not delivered: forbidden, too many, or too slow a receiver.",
          all.counted.data_refused);
    write("process_cpu_seconds_total", "counter", "User and system time.", process.cpu_seconds);
    write("process_resident_memory_bytes", "gauge", "Resident memory.", process.resident_bytes);
    return text;
}

}  // namespace aula::node
