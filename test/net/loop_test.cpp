// SPDX-License-Identifier: Apache-2.0
#include "net/loop.hpp"

#include <array>
#include <csignal>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/shard.hpp"

namespace aula::net {
namespace {

struct Pair {
    Pair() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()), 0); }
    ~Pair() {
        ::close(fds[0]);
        ::close(fds[1]);
    }
    void poke() const { EXPECT_EQ(::write(fds[1], "x", 1), 1); }
    std::array<int, 2> fds{};
};

TEST(Loop, RunsTasksOfOneThreadInTheirOrder) {
    Loop loop;
    std::vector<int> seen;
    std::thread other([&] {
        for (int i = 0; i < 1000; ++i) loop.post([&seen, i] { seen.push_back(i); });
        loop.post([&] { loop.stop(); });
    });
    loop.run();
    other.join();
    ASSERT_EQ(seen.size(), 1000u);
    EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
}

TEST(Loop, StopBeforeRunEndsIt) {
    Loop loop;
    loop.stop();
    loop.run();
    EXPECT_TRUE(loop.is_current());
}

TEST(Loop, ATaskMayPostAndOwnWhatOnlyMoves) {
    Loop loop;
    auto value = std::make_unique<int>(42);
    int seen = 0;
    loop.post([&, value = std::move(value)]() mutable {
        loop.post([&, value = std::move(value)] {
            seen = *value;
            loop.stop();
        });
    });
    loop.run();
    EXPECT_EQ(seen, 42);
}

TEST(Loop, RunsTimersByDueTimeThenByOrderOfSetting) {
    Loop loop;
    std::string seen;
    loop.after(3ms, [&] {
        seen += 'd';
        loop.stop();
    });
    loop.after(0ms, [&] { seen += 'a'; });
    loop.after(-5ms, [&] { seen += 'b'; });
    loop.after(1ms, [&] { seen += 'c'; });
    loop.run();
    EXPECT_EQ(seen, "abcd");
}

TEST(Loop, ACancelledTimerDoesNotRunAndCancellingTwiceIsHarmless) {
    Loop loop;
    bool ran = false;
    const TimerId timer = loop.after(0ms, [&] { ran = true; });
    loop.cancel(timer);
    loop.cancel(timer);
    loop.cancel(TimerId::none);
    loop.after(2ms, [&] { loop.stop(); });
    loop.run();
    EXPECT_FALSE(ran);
}

TEST(Loop, ATimerMayCancelAnotherThatIsDueInTheSameTurn) {
    Loop loop;
    bool ran = false;
    TimerId second = TimerId::none;
    loop.after(0ms, [&] { loop.cancel(second); });
    second = loop.after(0ms, [&] { ran = true; });
    loop.after(1ms, [&] { loop.stop(); });
    loop.run();
    EXPECT_FALSE(ran);
}

TEST(Loop, ARepeatingTimerRunsUntilItCancelsItself) {
    Loop loop;
    int runs = 0;
    TimerId timer = TimerId::none;
    timer = loop.every(1ms, [&, owned = std::make_shared<int>(7)] {
        if (++runs < 3) return;
        loop.cancel(timer);
        EXPECT_EQ(*owned, 7);  // the task outlives its cancelling while it runs
        loop.after(5ms, [&] { loop.stop(); });
    });
    loop.run();
    EXPECT_EQ(runs, 3);
}

TEST(Loop, ALateTurnDoesNotMakeARepeatingTimerCatchUp) {
    Loop loop;
    int runs = 0;
    int runs_after_late_turn = 0;
    loop.every(1ms, [&] { ++runs; });
    loop.after(0ms, [&] {
        std::this_thread::sleep_for(20ms);  // the late turn itself, not a way to wait
        loop.post([&] {
            runs_after_late_turn = runs;
            loop.stop();
        });
    });
    loop.run();
    EXPECT_LE(runs_after_late_turn, 2);
}

TEST(Loop, ATimerThatSetsItselfAnewDoesNotHoldTheTurn) {
    Loop loop;
    int runs = 0;
    std::function<void()> again = [&] {
        ++runs;
        loop.after(0ms, [&] { again(); });
    };
    again();
    loop.post([&] { loop.post([&] { loop.stop(); }); });
    loop.run();
    EXPECT_LE(runs, 4);
}

TEST(Loop, TellsReadabilityAndStopsWhenUnwatched) {
    Loop loop;
    Pair pair;
    int calls = 0;
    loop.watch(pair.fds[0], true, false, [&, alive = std::make_shared<int>(1)](Ready ready) {
        EXPECT_TRUE(ready.read);
        ++calls;
        loop.unwatch(pair.fds[0]);
        EXPECT_EQ(*alive, 1);
        loop.after(1ms, [&] { loop.stop(); });
    });
    pair.poke();
    loop.run();
    EXPECT_EQ(calls, 1);
}

TEST(Loop, ChangeTurnsWritabilityOnAndOff) {
    Loop loop;
    Pair pair;
    int writable = 0;
    loop.watch(pair.fds[0], true, false, [&](Ready ready) {
        if (!ready.write) return;
        ++writable;
        loop.change(pair.fds[0], true, false);
        loop.after(1ms, [&] { loop.stop(); });
    });
    loop.change(pair.fds[0], true, true);
    loop.run();
    EXPECT_EQ(writable, 1);
}

TEST(Loop, TellsThatThePeerHasGone) {
    Loop loop;
    Pair pair;
    bool closed = false;
    loop.watch(pair.fds[0], false, false, [&](Ready ready) {
        closed = ready.closed;
        loop.unwatch(pair.fds[0]);
        loop.stop();
    });
    ::shutdown(pair.fds[0], SHUT_RDWR);
    loop.run();
    EXPECT_TRUE(closed);
}

TEST(Loop, AnEventOfTheSameBatchNeverReachesADescriptorNumberUsedAnew) {
    Loop loop;
    Pair a;
    Pair b;
    int stale = 0;
    int first = -1;
    // Whichever comes first replaces the other's watch, whose event waits in the same batch.
    const auto replace = [&](int own, Pair& other) {
        loop.unwatch(own);
        if (first >= 0) return;
        first = own;
        loop.unwatch(other.fds[0]);
        char byte = 0;
        EXPECT_EQ(::read(other.fds[0], &byte, 1), 1);
        loop.watch(other.fds[0], true, false, [&](Ready) { ++stale; });
        loop.after(1ms, [&] { loop.stop(); });
    };
    loop.watch(a.fds[0], true, false, [&](Ready) { replace(a.fds[0], b); });
    loop.watch(b.fds[0], true, false, [&](Ready) { replace(b.fds[0], a); });
    a.poke();
    b.poke();
    loop.run();
    EXPECT_GE(first, 0);
    EXPECT_EQ(stale, 0);
}

TEST(Loop, TurnEndTasksRunAfterDescriptorsTimersAndTasks) {
    Loop loop;
    Pair pair;
    std::string seen;
    loop.at_turn_end([&] {
        if (!seen.empty()) seen += '|';
    });
    loop.watch(pair.fds[0], true, false, [&](Ready) {
        seen += 'd';
        loop.unwatch(pair.fds[0]);
    });
    loop.after(0ms, [&] { seen += 't'; });
    loop.post([&] {
        seen += 'p';
        loop.stop();
    });
    pair.poke();
    loop.run();
    EXPECT_EQ(seen, "dtp|");
}

TEST(Loop, ACancelledTurnEndTaskRunsNoMore) {
    Loop loop;
    int kept = 0;
    int cancelled = 0;
    TurnEndId own = TurnEndId::none;
    own = loop.at_turn_end([&] {
        ++cancelled;
        loop.cancel(own);
    });
    loop.at_turn_end([&] {
        if (++kept == 3) loop.stop();
    });
    loop.every(1ms, [] {});
    loop.run();
    EXPECT_EQ(kept, 3);
    EXPECT_EQ(cancelled, 1);
}

TEST(Loop, ASignalRunsItsTask) {
    Loop loop;
    loop.on_signal(SIGUSR2, [&] { loop.stop(); });
    ASSERT_EQ(::raise(SIGUSR2), 0);
    loop.run();
}

TEST(Loop, WhatItStillHoldsMayCallItWhileItDies) {
    struct Resident {
        ~Resident() {
            loop.unwatch(fd);
            loop.cancel(timer);
        }
        Loop& loop;
        int fd;
        TimerId timer;
    };
    Pair pair;
    bool ran = false;
    {
        Loop loop;
        const TimerId other = loop.after(1h, [] {});
        loop.watch(pair.fds[0], true, false, [](Ready) {});
        auto resident = std::shared_ptr<Resident>(new Resident{loop, pair.fds[0], other});
        loop.post([&ran, resident] { ran = true; });
        loop.after(1h, [resident] {});
        loop.watch(pair.fds[1], true, false, [resident = std::move(resident)](Ready) {});
    }
    EXPECT_FALSE(ran);
}

struct Desk {
    using Id = int;
    std::string written;
};

TEST(Ref, TellsItsResidentAndForgetsOneThatLeft) {
    Loop loop;
    Directory<Desk> directory;
    directory.add(1, std::make_unique<Desk>());
    const Ref<Desk> here(loop, directory, 1);
    const Ref<Desk> gone(loop, directory, 2);
    std::thread other([&] {
        gone.tell([](Desk&) { ADD_FAILURE(); });
        here.tell([&](Desk& desk) {
            desk.written = "hello";
            EXPECT_TRUE(loop.is_current());
            loop.stop();
        });
    });
    loop.run();
    other.join();
    EXPECT_EQ(directory.find(1)->written, "hello");
}

}  // namespace
}  // namespace aula::net
