// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace soci {
class session;
}

namespace aula::hub {

/// How much of a lesson the store holds as single events, after its last snapshot.
struct LogSize {
    std::size_t events = 0;
    std::size_t bytes = 0;

    void add(std::size_t event_bytes) {
        ++events;
        bytes += event_bytes;
    }
    /// A snapshot should stand for them: a node is given all of it in one frame of the link.
    bool is_long() const { return events > 2'000 || bytes > 500 << 10; }
};

// Works of the store, on its thread; they throw what its functions throw.

/// Puts a snapshot into the place of the events stored so far. Of a chat that is too large for it
/// the oldest goes. Does nothing to events that are no lesson.
void shorten_log(soci::session& session, const std::string& room);
/// What a node needs to go on with the lesson: events, maybe after a snapshot.
std::vector<std::string> load_lesson(soci::session& session, const std::string& room);

}  // namespace aula::hub
