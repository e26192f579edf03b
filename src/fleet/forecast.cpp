// SPDX-License-Identifier: Apache-2.0
#include "fleet/forecast.hpp"

#include <algorithm>
#include <cmath>

#include "fleet/silence.hpp"

namespace aula::fleet {

namespace {

// So long after its opening a room has about as many people as it will have.
constexpr Duration settling = 12min;
// Announced times this close together share their luck: what comes early makes up for what is late.
constexpr Duration same_bell = 5min;
// How many standard deviations on the safe side of the likely order of openings, and of ends: a
// node too late makes a class wait, one that is kept too long costs a minute.
constexpr double caution_opening = 1.0;
constexpr double caution_ending = 0.5;
// Lessons that have not opened when this share of all lessons would have are not reckoned with.
constexpr double given_up = 0.97;
// A class, when nobody says how large it is.
constexpr Seats usual_room = 30;

/// Of `count` values drawn from 0 to 1, the one with `rank` (from 0) lies about here: its mean, and
/// `deviations` standard deviations more.
double ranked_share(std::size_t rank, std::size_t count, double deviations) {
    const double i = double(rank) + 1;
    const double n = double(count);
    const double mean = i / (n + 1);
    const double deviation = std::sqrt(i * (n + 1 - i) / ((n + 1) * (n + 1) * (n + 2)));
    return std::clamp(mean + deviations * deviation, 0.0, 1.0);
}

/// A share of what is left when everything below `gone` has not happened.
double of_the_rest(double share, double gone) { return gone + (1 - gone) * share; }

std::uint64_t scattered(std::uint64_t key) {
    key = (key ^ (key >> 31)) * 0x9e3779b97f4a7c15ULL;
    return key ^ (key >> 29);
}

auto bell_of(WallTime time) { return time.time_since_epoch() / same_bell; }

void add_waiting(const Snapshot& snapshot, const Timing& timing, WallTime now,
                 std::vector<Booking>& bookings) {
    for (const WaitingRoom& room : snapshot.waiting)
        bookings.push_back(
            {Booking::Kind::waiting, room.key, room.seats, now,
             std::max(room.end.value_or(now + timing.unannounced_length), now + same_bell),
             room.since});
    // Whoever sits on a silent server may be at another's door any moment.
    for (const Server& server : snapshot.servers) {
        if (server.state != ServerState::silent || is_just_silent(server, now)) continue;
        for (const OpenRoom& room : server.rooms)
            if (room.live > 0)
                bookings.push_back({Booking::Kind::refuge, room.key, room.live, now,
                                    std::max(room.end.value_or(now), now + same_bell), now});
    }
}

/// Lessons [from, to) of one bell, none of which is open.
void spread_bell(std::vector<Booking>& bookings, std::size_t from, const Timing& timing,
                 WallTime now) {
    std::sort(bookings.begin() + std::ptrdiff_t(from), bookings.end(),
              [](const Booking& a, const Booking& b) {
                  if (a.ends != b.ends) return a.ends > b.ends;
                  return a.seats != b.seats ? a.seats > b.seats : a.lesson < b.lesson;
              });
    const std::size_t count = bookings.size() - from;
    for (std::size_t rank = 0; rank < count; ++rank) {
        Booking& booking = bookings[from + rank];
        const double gone = timing.opening.share_before(now - booking.announced);
        const double share = ranked_share(rank, count, -caution_opening);
        booking.opens =
            std::max(now, booking.announced + timing.opening.at(of_the_rest(share, gone)));
    }
}

void add_lessons(const Demand& demand, WallTime now, WallTime until,
                 std::vector<Booking>& bookings) {
    const Timing& timing = demand.timing;
    const auto& lessons = demand.lessons;
    const WallTime last_start = until - timing.opening.earliest();
    for (std::size_t i = 0; i < lessons.size() && lessons[i].start < last_start;) {
        const std::size_t from = bookings.size();
        const auto bell = bell_of(lessons[i].start);
        for (; i < lessons.size() && bell_of(lessons[i].start) == bell; ++i) {
            const ExpectedLesson& lesson = lessons[i];
            if (now - lesson.start > timing.opening.at(given_up) || lesson.end <= now) continue;
            bookings.push_back({Booking::Kind::lesson, lesson.key, lesson.seats, now,
                                std::max(lesson.end + timing.ending.at(0.5), now + same_bell),
                                lesson.start});
        }
        spread_bell(bookings, from, timing, now);
    }
}

Seats seats_at(std::span<const UnannouncedLoad> loads, WallTime time) {
    for (const UnannouncedLoad& load : loads)
        if (load.from <= time && time < load.until) return load.seats;
    return 0;
}

/// What habit expects beyond the unannounced rooms that are open. It tells of seats that are taken:
/// who opens a room then is there a room's length later; when hardly anybody is, those who are
/// there came before, and nobody comes any more.
void add_unannounced(const Snapshot& snapshot, const Demand& demand, const Policy& policy,
                     WallTime now, WallTime until, std::vector<Booking>& bookings) {
    Seats open = 0;
    for (const Server& server : snapshot.servers)
        for (const OpenRoom& room : server.rooms) open += room.end ? 0 : kept_seats(room, now);
    const auto loads = demand.unannounced;
    for (const UnannouncedLoad& load : loads) {
        if (load.from >= until || load.until <= now) continue;
        const Seats then = seats_at(loads, load.from + demand.timing.unannounced_length);
        const auto likely = Seats(double(std::min(load.seats, then)) * policy.unannounced_share);
        for (Seats left = likely - std::min(likely, open); left > 0;) {
            const Seats part = std::min(left, usual_room);
            bookings.push_back({Booking::Kind::unannounced, 0, part, std::max(now, load.from),
                                load.until, load.from});
            left -= part;
        }
    }
}

WallTime announced_end(const OpenRoom& room, const Timing& timing) {
    return room.end.value_or(room.opened + timing.unannounced_length);
}

/// When a room will have ended that is the `rank`th of `count` to end at this bell.
WallTime likely_end(WallTime announced, std::size_t rank, std::size_t count, const Timing& timing,
                    WallTime now) {
    const Duration over = now - announced;
    if (over >= timing.ending.latest()) return now + std::max<Duration>(2min, over / 2);
    const double gone = timing.ending.share_before(over);
    const double share = ranked_share(rank, count, caution_ending);
    return std::max(now, announced + timing.ending.at(of_the_rest(share, gone)));
}

}  // namespace

Seats kept_seats(const OpenRoom& room, WallTime now) {
    const Seats held = std::max(room.held, room.live);
    if (now - room.opened < settling) return held;
    return std::min(held, room.live + 2 + room.live / 10);
}

std::vector<Booking> coming(const Snapshot& snapshot, const Demand& demand, const Policy& policy,
                            WallTime now, WallTime until) {
    std::vector<Booking> bookings;
    add_waiting(snapshot, demand.timing, now, bookings);
    const auto others = std::ptrdiff_t(bookings.size());
    add_lessons(demand, now, until, bookings);
    add_unannounced(snapshot, demand, policy, now, until, bookings);
    std::stable_sort(bookings.begin() + others, bookings.end(),
                     [](const Booking& a, const Booking& b) { return a.opens < b.opens; });
    return bookings;
}

std::vector<Stay> staying(const Snapshot& snapshot, const Timing& timing, WallTime now) {
    struct Live {
        WallTime announced;
        std::uint64_t luck;
        Stay stay;
    };
    std::vector<Live> live;
    for (std::uint32_t i = 0; i < snapshot.servers.size(); ++i)
        for (const OpenRoom& room : snapshot.servers[i].rooms)
            live.push_back({announced_end(room, timing),
                            scattered(room.key),
                            {i, kept_seats(room, now), now}});
    std::sort(live.begin(), live.end(), [](const Live& a, const Live& b) {
        const auto bell_a = bell_of(a.announced);
        const auto bell_b = bell_of(b.announced);
        return bell_a != bell_b ? bell_a < bell_b : a.luck < b.luck;
    });
    std::vector<Stay> stays;
    stays.reserve(live.size());
    for (std::size_t from = 0; from < live.size();) {
        std::size_t to = from;
        while (to < live.size() && bell_of(live[to].announced) == bell_of(live[from].announced))
            ++to;
        for (std::size_t i = from; i < to; ++i) {
            live[i].stay.ends = likely_end(live[i].announced, i - from, to - from, timing, now);
            stays.push_back(live[i].stay);
        }
        from = to;
    }
    return stays;
}

}  // namespace aula::fleet
