// SPDX-License-Identifier: Apache-2.0
#include "hub/event_log.hpp"

#include <memory>
#include <utility>

#include "base/log.hpp"
#include "store/store.hpp"
#include "store/tables.hpp"

namespace aula::hub {

namespace {

constexpr auto retry_pause = std::chrono::seconds(2);
// While the disk is away. The nodes keep what was not reported stored, and send it again with their
// next link.
constexpr std::size_t most_waiting_bytes = 128 << 20;

}  // namespace

EventLog::EventLog(net::Loop& loop, store::Store& store, Stored stored)
    : loop_(loop), store_(store), stored_(std::move(stored)) {
    retry_ = loop_.every(retry_pause, [this] {
        for (auto& [room, queue] : rooms_) {
            if (!queue.writing) write(room, queue);
        }
    });
}

EventLog::~EventLog() { loop_.cancel(retry_); }

void EventLog::add(const std::string& node, control::LessonEvents events) {
    const std::size_t bytes = events.ByteSizeLong();
    if (waiting_bytes_ + bytes > most_waiting_bytes) {
        counters_.dropped += static_cast<std::uint64_t>(events.events_size());
        return;
    }
    waiting_bytes_ += bytes;
    const std::string room = events.room();
    Queue& queue = rooms_[room];
    queue.waiting.push_back({node, std::move(events)});
    if (!queue.writing) write(room, queue);
}

void EventLog::erase(const std::string& room) {
    Queue& queue = rooms_[room];
    queue.erase = true;
    if (!queue.writing) write(room, queue);
}

void EventLog::write(const std::string& room, Queue& queue) {
    queue.writing = true;
    auto batches = std::make_shared<std::vector<Batch>>(std::exchange(queue.waiting, {}));
    const bool erase = queue.erase && batches->empty();
    store_.ask(
        [batches, room, erase, now = unix_ms(WallClock::now())](soci::session& session) {
            for (const Batch& batch : *batches) {
                store::add_events(session, room, batch.events.first_sequence(),
                                  {batch.events.events().begin(), batch.events.events().end()},
                                  now);
            }
            if (erase) store::delete_events(session, room);
        },
        [this, batches, room, erase](const Expected<void, Error>& written) {
            if (!written)
                log::error("a lesson's events were not stored",
                           {{"room", room}, {"why", written.error().text}});
            if (written && erase) rooms_[room].erase = false;
            on_written(room, std::move(*batches), written.has_value());
        });
}

void EventLog::on_written(const std::string& room, std::vector<Batch> batches, bool written) {
    Queue& queue = rooms_[room];
    queue.writing = false;
    if (!written) {
        ++counters_.failed;
        for (Batch& batch : queue.waiting) batches.push_back(std::move(batch));
        queue.waiting = std::move(batches);
        return;  // the timer tries again
    }
    if (!queue.waiting.empty() || queue.erase) {
        write(room, queue);
    } else {
        rooms_.erase(room);
    }
    for (const Batch& batch : batches) {
        waiting_bytes_ -= batch.events.ByteSizeLong();
        counters_.stored += static_cast<std::uint64_t>(batch.events.events_size());
        stored_(batch.node, batch.events);
    }
}

}  // namespace aula::hub
