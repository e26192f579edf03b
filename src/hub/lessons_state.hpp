// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "hub/lessons.hpp"
#include "hub/presence.hpp"
#include "hub/stored_lesson.hpp"

namespace aula::hub {

/// Inside of Lessons: lessons.cpp keeps records and their links, lessons_news.cpp takes what nodes
/// tell and so knows who is in which lesson.
struct Lessons::State {
    struct Entry {
        LessonRecord record;
        Presence presence;
        LogSize log;
        bool end_is_lost = false;  // the store did not take it

        void restore(const std::string& stored) {
            presence.restore(stored);
            log.add(stored.size());
        }
    };

    explicit State(Wiring w) : wiring(std::move(w)) {}

    Entry* find(const std::string& id) {
        const auto at = lessons.find(id);
        return at == lessons.end() ? nullptr : &at->second;
    }
    Entry& add(LessonRecord record);
    void save(const LessonRecord& record, Stored stored = {});
    void save_end(Entry& entry, Stored stored);
    void end(Entry& entry, lesson::EndReason why, Stored stored = {});
    void tell(const LessonNews& news) {
        for (const auto& listener : listeners) listener(news);
    }
    void on_event(Entry& entry, const std::string& json);
    void bound_log(Entry& entry, std::size_t event_bytes);

    Wiring wiring;
    std::map<std::string, Entry> lessons;
    std::set<std::string> going_on;  // ids of those that have not ended
    std::unordered_map<std::string, std::pair<std::string, Role>> codes;  // to lesson id
    std::unordered_map<std::string, std::vector<std::string>>
        external;  // to lesson ids, oldest first
    std::vector<Listener> listeners;
};

}  // namespace aula::hub
