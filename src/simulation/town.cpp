// SPDX-License-Identifier: Apache-2.0
#include "simulation/town.hpp"

#include <algorithm>
#include <limits>

namespace aula::simulation {
namespace {

using fleet::OpenRoom;
using fleet::ServerState;
using std::chrono::hours;
using std::chrono::minutes;

// The keeper's round, and how soon it hears of a room that waits (docs: one list call a round).
constexpr auto decision_round = std::chrono::seconds(15);
constexpr auto urgent_round = std::chrono::seconds(1);
// An announced lesson that has not begun by then is not reckoned with any more.
constexpr auto lateness = minutes(15);

}  // namespace

Town::Town(const Lessons& lessons, const World& world, Scaler& scaler, const Watch& watch)
    : lessons_(lessons),
      world_(world),
      scaler_(scaler),
      watch_(watch),
      now_(lessons.from),
      end_(lessons.from + hours(24) * lessons.days),
      foresight_(lessons.from),
      hands_(world, lessons.from, snapshot_),
      next_decision_(lessons.from),
      settled_(lessons.from) {
    hands_.on_schedule = [this](WallTime at, std::uint64_t event) {
        events_.push({at, Kind::machine, event});
    };
    hands_.machines().read_meter(now_);
    outcome_.weeks.resize((lessons.days + 6) / 7);
    load_day(0);
    for (unsigned day = 0; day < lessons.days; ++day) {
        events_.push({lessons.from + hours(24) * day, Kind::day, day});
    }
}

Outcome Town::live() {
    while (true) {
        const bool decides = events_.empty() || events_.top().at > next_decision_;
        const auto at = decides ? next_decision_ : events_.top().at;
        if (at >= end_ || (watch_.is_stopped && watch_.is_stopped())) break;
        now_ = at;
        if (decides) {
            decide();
        } else {
            const auto event = events_.top();
            events_.pop();
            happen(event);
        }
        if (room_for_waiting_) serve_waiting();
        take_sample();
    }
    now_ = end_;
    settle_meter();
    outcome_.ledger = hands_.ledger(end_);
    outcome_.orders_refused_by_us = hands_.contradictions();
    outcome_.api_calls_max_per_min = hands_.machines().most_calls_in_a_minute();
    return std::move(outcome_);
}

void Town::load_day(unsigned day) {
    if (day >= lessons_.days) return;
    auto lessons = lessons_.of_day(day);
    std::vector<const Lesson*> planned;
    for (const auto& lesson : lessons) {
        if (lesson.planned) {
            planned.push_back(&lesson);
            events_.push({lesson.planned->start + lateness, Kind::not_expected, lesson.key});
        }
        if (lesson.takes_place()) events_.push({lesson.start, Kind::starts, lesson.key});
        if (lesson.planned || lesson.takes_place()) lives_.emplace(lesson.key, Life{lesson});
    }
    std::stable_sort(planned.begin(), planned.end(), [](const Lesson* a, const Lesson* b) {
        return a->planned->start < b->planned->start;
    });
    for (const auto* lesson : planned) foresight_.announced(*lesson);
}

void Town::happen(const Event& event) {
    if (event.kind == Kind::day) return midnight(static_cast<unsigned>(event.key));
    if (event.kind == Kind::machine) {
        room_for_waiting_ |= hands_.machine_event(event.key, now_);
        return changed();
    }
    const auto found = lives_.find(event.key);
    if (found == lives_.end()) return;
    auto& life = found->second;
    switch (event.kind) {
        case Kind::starts:
            return starts(life);
        case Kind::ends:
            return ends(life);
        case Kind::filling:
            return fills(life, 0.65);  // of the join model, shortly after the bell
        case Kind::filled:
            return fills(life, 1);
        case Kind::not_expected:
            return not_expected(life);
        case Kind::gives_up:
            return gives_up(life);
        case Kind::day:
        case Kind::machine:
            return;
    }
}

void Town::midnight(unsigned day) {
    settle_meter();
    if (day != 0) {
        foresight_.day_over();
        hands_.new_day();
    }
    if (watch_.on_day) watch_.on_day(day);
    load_day(day + 1);
    changed();
}

void Town::settle_meter() {
    const auto metered = hands_.machines().read_meter(now_);
    outcome_.meter += metered;
    // Settled at least at every midnight, so all of it is of one week.
    auto& figures = week_of(settled_);
    figures.node_time += metered;
    figures.server_time += (now_ - settled_) * static_cast<std::int64_t>(snapshot_.servers.size());
    settled_ = now_;
}

Figures& Town::week_of(WallTime at) {
    const auto index = static_cast<std::size_t>((at - lessons_.from) / hours(24 * 7));
    return outcome_.weeks[std::min(index, outcome_.weeks.size() - 1)];
}

void Town::changed() {
    if (!scaler_.is_told_of_changes()) return;
    const auto round = snapshot_.waiting.empty() ? Duration(decision_round) : urgent_round;
    next_decision_ = std::min(next_decision_, std::max(now_, last_decision_ + round));
}

void Town::starts(Life& life) {
    const auto& lesson = life.lesson;
    ++week().lessons;
    seats_now_ += lesson.seats;
    // Seats are kept as announced until all are there, then as many as came.
    const bool grows = lesson.planned && lesson.filled > lesson.start;
    const auto seats =
        grows ? std::max(lesson.seats, foresight_.expected_seats(lesson)) : lesson.seats;
    const auto kept = std::min(seats, std::max(lesson.seats, world_.seats_per_node));
    if (!snapshot_.waiting.empty() || !try_to_open(life, kept)) {
        life.phase = Life::Phase::waiting;
        std::optional<WallTime> end;
        if (lesson.planned) end = lesson.planned->end;
        snapshot_.waiting.push_back({lesson.key, lesson.school, kept, now_, end});
        events_.push({std::min(now_ + world_.patience, lesson.end), Kind::gives_up, lesson.key});
        foresight_.no_longer_expected(lesson.key);
        room_for_waiting_ = true;
    }
    changed();
}

bool Town::try_to_open(Life& life, fleet::Seats seats) {
    const auto& lesson = life.lesson;
    fleet::NewRoom room{lesson.key, seats, std::nullopt};
    if (lesson.planned) room.end = lesson.planned->end;
    const auto chosen = scaler_.place(room, snapshot_, now_);
    if (!chosen) return false;
    auto* const server = hands_.find(*chosen);
    if (server == nullptr || server->state != ServerState::ready) {
        ++outcome_.orders_refused_by_us;
        return false;
    }
    const bool grows = lesson.filled > now_;
    const auto live = grows ? std::max(1u, lesson.seats / 10) : lesson.seats;
    server->rooms.push_back(
        {lesson.key, lesson.school, live, grows ? seats : lesson.seats, now_, room.end});
    life.server = *chosen;
    life.opened = now_;
    life.phase = Life::Phase::open;
    foresight_.no_longer_expected(lesson.key);
    foresight_.opened(lesson, now_);
    auto& figures = week_of(lesson.start);
    const auto wait = now_ - lesson.start;
    figures.waits.add(wait);
    if (lesson.planned && wait > std::chrono::seconds(30)) ++figures.delayed_announced;
    if (grows && lesson.filled < lesson.end) {
        events_.push({now_ + (lesson.filled - now_) / 2, Kind::filling, lesson.key});
        events_.push({lesson.filled, Kind::filled, lesson.key});
    }
    events_.push({lesson.end, Kind::ends, lesson.key});
    return true;
}

void Town::fills(Life& life, double share) {
    if (life.phase != Life::Phase::open) return;
    for (auto& room : hands_.find(life.server)->rooms) {
        if (room.key != life.lesson.key) continue;
        room.live = std::max(1u, static_cast<fleet::Seats>(share * life.lesson.seats));
        if (share < 1) continue;
        room_for_waiting_ |= room.held > room.live;
        room.held = room.live;
    }
    changed();
}

void Town::ends(Life& life) {
    if (life.phase != Life::Phase::open) return;
    seats_now_ -= life.lesson.seats;
    auto& rooms = hands_.find(life.server)->rooms;
    rooms.erase(std::find_if(rooms.begin(), rooms.end(),
                             [&](const OpenRoom& room) { return room.key == life.lesson.key; }));
    foresight_.ended(life.lesson, life.opened, now_);
    lives_.erase(life.lesson.key);
    room_for_waiting_ = true;
    changed();
}

void Town::not_expected(Life& life) {
    if (life.phase != Life::Phase::ahead) return;
    foresight_.no_longer_expected(life.lesson.key);
    foresight_.nobody_came(life.lesson);
    if (!life.lesson.takes_place() || life.lesson.start <= now_) lives_.erase(life.lesson.key);
    changed();
}

void Town::gives_up(Life& life) {
    if (life.phase != Life::Phase::waiting) return;
    seats_now_ -= life.lesson.seats;
    ++week_of(life.lesson.start).refused;
    auto& waiting = snapshot_.waiting;
    waiting.erase(std::find_if(waiting.begin(), waiting.end(),
                               [&](const auto& room) { return room.key == life.lesson.key; }));
    lives_.erase(life.lesson.key);
    changed();
}

void Town::serve_waiting() {
    room_for_waiting_ = false;
    auto& waiting = snapshot_.waiting;
    // In the order of coming; a small room may go in where a large one does not fit. A rule that
    // keeps no seats for anybody has none for a room as large as one that found none.
    auto smallest_refused = std::numeric_limits<fleet::Seats>::max();
    std::erase_if(waiting, [&](const fleet::WaitingRoom& room) {
        if (room.seats >= smallest_refused) return false;
        if (try_to_open(lives_.at(room.key), room.seats)) return true;
        if (!scaler_.looks_ahead()) smallest_refused = room.seats;
        return false;
    });
}

void Town::decide() {
    last_decision_ = now_;
    const bool looks_ahead = scaler_.looks_ahead();
    const auto demand = looks_ahead ? foresight_.demand(now_) : fleet::Demand{};
    hands_.look(now_);
    const auto before = looks_ahead ? Clock::now() : Time{};
    const auto plan = scaler_.decide(snapshot_, demand, now_);
    if (looks_ahead) outcome_.planning.add(Clock::now() - before);
    settle_meter();
    bool all_taken = true;
    const auto power_ons = hands_.power_ons();
    for (const auto& action : plan.actions) {
        if (watch_.on_action) watch_.on_action(now_, action);
        all_taken &= hands_.carry_out(action, now_);
    }
    week().power_ons += hands_.power_ons() - power_ons;
    const auto on = hands_.machines().on();
    outcome_.most_nodes = std::max(outcome_.most_nodes, on);
    auto next = std::max(plan.look_again, now_ + urgent_round);
    if (!all_taken || !snapshot_.cloud_known) next = std::min(next, now_ + decision_round);
    if (!snapshot_.waiting.empty()) next = std::min(next, now_ + decision_round);
    // What is announced beyond demand's horizon is new to the plan when it comes into it.
    if (scaler_.is_told_of_changes()) {
        next = std::min(next, now_ + hours(1));
        if (on != 0 || !demand.lessons.empty()) next = std::min(next, now_ + minutes(10));
    }
    next_decision_ = next;
    room_for_waiting_ |= !snapshot_.waiting.empty();
}

void Town::take_sample() {
    if (!watch_.is_drawn || !watch_.is_drawn(now_)) return;
    const auto on = hands_.machines().on();
    auto& samples = outcome_.samples;
    if (!samples.empty() && samples.back().nodes == on && samples.back().seats == seats_now_)
        return;
    samples.push_back({now_, on, seats_now_});
}

}  // namespace aula::simulation
