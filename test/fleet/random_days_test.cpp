// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "base/expects.hpp"
#include "fleet/placement.hpp"
#include "fleet/silence.hpp"
#include "fleet_town.hpp"

namespace aula::fleet {
namespace {

using test::morning;
using Kind = Action::Kind;

/// A day of one or two schools with everything that may go wrong, drawn from its seed. After each
/// plan it is checked that no order may do harm; then the orders are carried out.
class RandomDay {
public:
    explicit RandomDay(unsigned seed) : random_(seed), now_(morning) {
        policy_.seats_per_node = 100;
        policy_.most_nodes = 4 + below(8);
        policy_.most_starts = 3 + below(10);
        policy_.standby_pool = below(2) * 3;
        policy_.bell_spares = below(2);
        policy_.least_nodes = below(4) == 0 ? 1 : 0;
        policy_.euros_a_day = below(8) == 0 ? 5 : 0;
        for (unsigned i = 0; i < 3 + below(6); ++i) add_server(true);
        announce();
    }

    void live() {
        for (; now_ < morning + 8h; now_ += 15s) {
            happen();
            look();
            obey();
            if (testing::Test::HasFatalFailure()) return;
        }
        EXPECT_TRUE(was_any_on_ || lessons_held_ == 0);
    }
    unsigned lessons_held() const { return lessons_held_; }
    unsigned lessons_refused() const { return unsigned(waiting_since_.size()); }

private:
    struct Real {
        ExpectedLesson lesson;
        bool is_announced = true;
        WallTime opens;
        WallTime ends;
        Seats seats = 0;
    };

    unsigned below(unsigned bound) { return unsigned(random_() % bound); }
    bool chance(unsigned of_thousand) { return below(1000) < of_thousand; }
    Duration up_to(Duration span) { return span * below(1000) / 1000; }

    void announce() {
        for (LessonKey key = 1; key <= 10 + below(60); ++key) {
            Real real;
            const WallTime bell = morning + 1h + 5min * below(12) + 50min * below(5);
            real.lesson = {key, 1, bell, bell + 45min, 5 + below(40)};
            real.is_announced = !chance(200);
            real.opens = bell - 5min + up_to(chance(50) ? 20min : 6min);
            real.ends = bell + 45min + up_to(chance(80) ? 25min : 3min);
            real.seats = chance(30) ? 0 : real.lesson.seats * (60 + below(60)) / 100 + 1;
            coming_.push_back(real);
        }
        std::sort(coming_.begin(), coming_.end(),
                  [](const Real& a, const Real& b) { return a.lesson.start < b.lesson.start; });
    }

    Server& add_server(bool is_standby) {
        Server server;
        server.key = next_key_++;
        server.since = now_;
        server.seats = 100;
        server.is_standby = is_standby;
        return snapshot_.servers.emplace_back(server);
    }

    void happen() {
        for (Server& server : snapshot_.servers) {
            std::erase_if(server.rooms,
                          [&](const OpenRoom& room) { return ends_.at(room.key) <= now_; });
            for (OpenRoom& room : server.rooms) room.held = std::max(room.held, room.live);
            change_state(server);
        }
        snapshot_.cloud_known = !chance(20);
        std::erase_if(coming_, [&](const Real& real) {
            if (real.seats == 0) return now_ > real.lesson.end;
            if (real.opens > now_) return false;
            waiting_since_[real.lesson.key] = now_;
            ends_[real.lesson.key] = real.ends;
            snapshot_.waiting.push_back(
                {.key = real.lesson.key,
                 .seats = real.seats,
                 .since = now_,
                 .end = real.is_announced ? std::optional(real.lesson.end) : std::nullopt});
            return true;
        });
        open_waiting();
    }

    void set(Server& server, ServerState state) {
        server.state = state;
        server.since = now_;
    }

    void change_state(Server& server) {
        switch (server.state) {
            case ServerState::starting:
                if (!dead_.contains(server.key) && now_ - server.since > boot_.at(server.key)) {
                    set(server, ServerState::ready);
                    server.strikes = 0;
                }
                break;
            case ServerState::stopping:
                if (now_ - server.since >= 15s) set(server, ServerState::off);
                break;
            case ServerState::ready:
                server.load_known = !chance(10);
                if (chance(1)) set(server, ServerState::silent);
                break;
            case ServerState::silent:
                if (chance(100)) set(server, ServerState::ready);
                break;
            default:
                break;
        }
    }

    void open_waiting() {
        std::erase_if(snapshot_.waiting, [&](const WaitingRoom& room) {
            if (ends_.at(room.key) <= now_) return true;
            const auto where =
                place({room.key, room.seats, room.end}, snapshot_, assignments_, now_);
            if (!where) return false;
            Server& server = find(*where);
            EXPECT_EQ(server.state, ServerState::ready);
            EXPECT_TRUE(server.load_known);
            server.rooms.push_back({room.key, 1, room.seats, room.seats, now_, room.end});
            EXPECT_LE(live(server), server.seats) << "more people than seats";
            waiting_since_.erase(room.key);
            ++lessons_held_;
            return true;
        });
    }

    static Seats live(const Server& server) {
        Seats sum = 0;
        for (const OpenRoom& room : server.rooms) sum += room.live;
        return sum;
    }

    Server& find(ServerKey key) {
        const auto found = std::find_if(snapshot_.servers.begin(), snapshot_.servers.end(),
                                        [&](const Server& server) { return server.key == key; });
        AULA_EXPECTS(found != snapshot_.servers.end());
        return *found;
    }

    Demand demand() {
        expected_.clear();
        for (const Real& real : coming_)
            if (real.is_announced && real.lesson.start < now_ + 150min)
                expected_.push_back(real.lesson);
        return {expected_, {}, {}};
    }

    void look() {
        while (!starts_.empty() && *starts_.begin() <= now_ - 10min) starts_.erase(starts_.begin());
        snapshot_.recent_starts = std::uint32_t(starts_.size());
        snapshot_.scaling_held = chance(3);
        for (const Server& server : snapshot_.servers)
            was_any_on_ |= server.state == ServerState::ready;
        plan_ = plan(snapshot_, demand(), policy_, now_);
        check_orders();
        check_assignments();
        check_look_again();
    }

    void check_orders() {
        std::set<ServerKey> ordered;
        unsigned starts = 0;
        unsigned on = 0;
        for (const Server& server : snapshot_.servers)
            on += server.state != ServerState::off && server.state != ServerState::broken;
        ASSERT_TRUE(plan_.actions.empty() || !snapshot_.scaling_held);
        for (const Action& action : plan_.actions) {
            for (const auto language : {Language::english, Language::german})
                ASSERT_FALSE(in_words(action.reason, language, 60min).empty());
            starts += action.kind == Kind::start || action.kind == Kind::make;
            if (action.kind == Kind::make) continue;
            ASSERT_TRUE(ordered.insert(action.server).second) << "two orders for one server";
            check_order(action.kind, find(action.server));
        }
        if (starts == 0) return;
        ASSERT_LE(on + starts, policy_.most_nodes);
        ASSERT_LE(snapshot_.recent_starts + starts, policy_.most_starts);
        ASSERT_TRUE(policy_.euros_a_day == 0 || snapshot_.euros_today < policy_.euros_a_day);
    }

    void check_order(Kind kind, const Server& server) {
        if (kind == Kind::start) {
            ASSERT_EQ(server.state, ServerState::off);
            ASSERT_LT(server.strikes, policy_.strikes);
            return;
        }
        if (kind == Kind::drain || kind == Kind::undrain) return;
        ASSERT_TRUE(snapshot_.cloud_known) << "what is unknown is not switched off";
        // What is on a silent server is known from before it fell silent, never now.
        ASSERT_TRUE(server.load_known || server.state == ServerState::silent);
        ASSERT_EQ(live(server), 0u) << "a lesson would end";
        ASSERT_FALSE(server.is_held);
        const bool is_on =
            server.state == ServerState::ready || server.state == ServerState::draining ||
            server.state == ServerState::starting || server.state == ServerState::silent;
        const bool switches_off = kind == Kind::stop || kind == Kind::power_off;
        ASSERT_EQ(is_on, switches_off);
        ASSERT_TRUE(kind != Kind::stop || server.rooms.empty());
    }

    /// Seats are promised once, and only where there is a node or will be one.
    void check_assignments() {
        std::set<LessonKey> lessons;
        for (const Assignment& assignment : plan_.assignments) {
            ASSERT_TRUE(lessons.insert(assignment.lesson).second);
            const Server& server = find(assignment.server);
            ASSERT_TRUE(server.state == ServerState::ready ||
                        server.state == ServerState::starting || is_just_silent(server, now_));
            ASSERT_LE(assignment.seats, server.seats);
        }
    }

    void check_look_again() {
        ASSERT_GT(plan_.look_again, now_);
        // A fleet that is on is looked at every few seconds anyway.
        if (plan_.look_again <= now_ + 15s || !plan_.actions.empty()) return;
        const WallTime before = now_ + (plan_.look_again - now_) * below(100) / 100;
        const Plan then = plan(snapshot_, demand(), policy_, before);
        for (const Action& action : then.actions)
            ADD_FAILURE() << in_words(action.reason, Language::english, 0min) << " "
                          << (before - now_) / 1s << " of " << (plan_.look_again - now_) / 1s;
    }

    /// The same moment looked at again asks for nothing more than perhaps one correction.
    void obey() {
        for (int round = 0; !plan_.actions.empty(); ++round) {
            ASSERT_LT(round, 3) << in_words(plan_.actions[0].reason, Language::english, 0min);
            for (const Action& action : plan_.actions) obey(action);
            assignments_ = plan_.assignments;
            snapshot_.recent_starts = std::uint32_t(starts_.size());
            plan_ = plan(snapshot_, demand(), policy_, now_);
            check_orders();
            for (const Action& action : plan_.actions)
                ASSERT_NE(int(action.kind), int(Kind::stop)) << "what it keeps it stops";
        }
        assignments_ = plan_.assignments;
    }

    void start(Server& server) {
        set(server, ServerState::starting);
        server.powered_on = now_;
        starts_.insert(now_);
        boot_[server.key] = 45s + up_to(chance(50) ? 4min : 45s);
        dead_.erase(server.key);
        if (chance(30)) dead_.insert(server.key);
    }

    void obey(const Action& action) {
        if (action.kind == Kind::make)
            return start(add_server(action.reason.why == Why::pool_too_small));
        Server& server = find(action.server);
        switch (action.kind) {
            case Kind::start:
                return start(server);
            case Kind::undrain:
                return set(server, ServerState::ready);
            case Kind::stop:
            case Kind::power_off:
                server.strikes += action.reason.why == Why::boot_failed;
                return set(server, ServerState::stopping);
            case Kind::give_up:
                return set(server, ServerState::broken);
            case Kind::remove:
                std::erase_if(snapshot_.servers,
                              [&](const Server& one) { return one.key == action.server; });
                return;
            default:
                FAIL() << "no such order is made";
        }
    }

    std::mt19937 random_;
    WallTime now_;
    Policy policy_;
    Snapshot snapshot_;
    std::vector<Real> coming_;
    std::vector<ExpectedLesson> expected_;
    std::vector<Assignment> assignments_;
    Plan plan_;
    ServerKey next_key_ = 1;
    std::map<LessonKey, WallTime> ends_;
    std::map<LessonKey, WallTime> waiting_since_;
    std::map<ServerKey, Duration> boot_;
    std::set<ServerKey> dead_;
    std::multiset<WallTime> starts_;
    unsigned lessons_held_ = 0;
    bool was_any_on_ = false;
};

TEST(RandomDays, NoPlanDoesHarm) {
    unsigned held = 0;
    unsigned refused = 0;
    for (unsigned seed = 1; seed <= 200; ++seed) {
        SCOPED_TRACE(seed);
        RandomDay day(seed);
        day.live();
        if (HasFailure()) return;
        held += day.lessons_held();
        refused += day.lessons_refused();
    }
    // Only ceilings, dead boots and unknown loads keep a lesson from its room.
    EXPECT_GT(held, 3000u);
    EXPECT_LT(refused, held / 50);
}

}  // namespace
}  // namespace aula::fleet
