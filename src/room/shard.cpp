// SPDX-License-Identifier: Apache-2.0
#include "room/shard.hpp"

#include <utility>

#include <pthread.h>

namespace aula::room {

Expected<std::unique_ptr<Shard>, Error> Shard::start(const transport::MediaPortOptions& options,
                                                     const dtls::Identity& identity) {
    std::unique_ptr<Shard> shard(new Shard(identity));
    auto port = transport::MediaPort::open(shard->loop_, options);
    if (!port) return fail(port.error());
    shard->port_ = std::move(*port);
    shard->port_->on_batch_received([&self = *shard] { self.forward_batch(); });
    shard->loop_.at_turn_end([&self = *shard] { self.leaving_.clear(); });
    shard->thread_ = std::thread([&self = *shard] {
        pthread_setname_np(pthread_self(), "shard");
        self.loop_.run();
    });
    return shard;
}

Shard::~Shard() {
    loop_.stop();
    if (thread_.joinable()) thread_.join();
    leaving_.clear();
    rooms_ = {};
    port_.reset();
}

void Shard::open_room(RoomSettings settings, RoomOutlet outlet) {
    loop_.post([this, settings = std::move(settings), outlet = std::move(outlet)]() mutable {
        if (rooms_.find(settings.name) != nullptr) return;
        const std::string name = settings.name;
        rooms_.add(name, std::make_unique<Room>(std::move(settings), std::move(outlet), *this));
    });
}

void Shard::remove(const std::string& room) {
    auto gone = rooms_.remove(room);
    if (!gone) return;
    std::erase(fresh_, gone.get());
    closed_rooms_ += gone->counters();
    leaving_.push_back(std::move(gone));
}

void Shard::for_each_room(const std::function<void(Room&)>& visit) {
    for (auto& [name, room] : rooms_) visit(*room);
}

Room::Counters Shard::counters() {
    Room::Counters sum = closed_rooms_;
    for (auto& [name, room] : rooms_) sum += room->counters();
    return sum;
}

void Shard::forward_batch() {
    for (Room* room : fresh_) room->forward_fresh_packets();
    fresh_.clear();
}

}  // namespace aula::room
