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

}  // namespace

EventLog::EventLog(net::Loop& loop, store::Store& store, Stored stored, SendAgain send_again,
                   std::size_t most_waiting_bytes)
    : loop_(loop),
      store_(store),
      stored_(std::move(stored)),
      send_again_(std::move(send_again)),
      most_waiting_bytes_(most_waiting_bytes) {
    retry_ = loop_.every(retry_pause, [this] {
        for (auto& [room, queue] : rooms_) {
            if (!queue.writing) write(room, queue);
        }
        ask_for_missing();
    });
}

EventLog::~EventLog() { loop_.cancel(retry_); }

void EventLog::add(const std::string& node, control::LessonEvents events) {
    const std::size_t bytes = events.ByteSizeLong();
    if (!takes(events, bytes)) {
        counters_.not_taken += static_cast<std::uint64_t>(events.events_size());
        return;
    }
    waiting_bytes_ += bytes;
    const std::string room = events.room();
    Queue& queue = rooms_[room];
    queue.waiting.push_back({node, std::move(events)});
    if (!queue.writing) write(room, queue);
}

/// What follows a gap would be reported stored and yet be of no use: a lesson is rebuilt event by
/// event.
bool EventLog::takes(const control::LessonEvents& events, std::size_t bytes) {
    const auto gap = missing_.find(events.room());
    if (gap != missing_.end() && events.first_sequence() > gap->second) return false;
    if (waiting_bytes_ + bytes > most_waiting_bytes_) {
        missing_[events.room()] = events.first_sequence();
        return false;
    }
    if (gap != missing_.end()) missing_.erase(gap);
    return true;
}

void EventLog::ask_for_missing() {
    if (waiting_bytes_ > most_waiting_bytes_ / 2) return;
    std::erase_if(missing_, [this](const auto& gap) {
        ++counters_.asked_again;
        return !send_again_(gap.first);
    });
}

void EventLog::erase(const std::string& room) {
    missing_.erase(room);
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
    if (!missing_.empty()) ask_for_missing();
}

}  // namespace aula::hub
