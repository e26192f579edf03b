// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/task.hpp"
#include "base/time.hpp"

namespace aula::net {

enum class TimerId : std::uint64_t { none = 0 };
enum class TurnEndId : std::uint64_t { none = 0 };

/// What a descriptor is ready for.
struct Ready {
    bool read = false;
    bool write = false;
    bool closed = false;  // error or hang-up
};

/// One thread's epoll loop: descriptors, timers, and tasks posted by other threads.
/// Everything but post() and stop() is called on the loop's own thread (or before run()).
class Loop {
public:
    Loop();
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// Runs on the calling thread until stop().
    void run();
    /// From any thread or a signal-driven task; run() returns after the current turn.
    void stop();

    /// From any thread: runs the task on the loop's thread, in order of posting.
    void post(Task task);

    /// The time at the start of this turn.
    Time now() const { return now_; }
    bool is_current() const { return std::this_thread::get_id() == thread_.load(); }

    TimerId after(Duration delay, Task task);
    /// Repeats until cancelled; a late turn does not make it run twice in a row.
    TimerId every(Duration period, std::function<void()> task);
    /// Harmless for a timer that ran or was cancelled; may be called within the timer's own task.
    void cancel(TimerId timer);

    /// Watches fd; the callback may call change() and unwatch() for itself. The loop does not own
    /// fd.
    void watch(int fd, bool read, bool write, std::function<void(Ready)> callback);
    void change(int fd, bool read, bool write);
    void unwatch(int fd);

    /// Runs at the end of every turn, after descriptors, timers and tasks (send queues flush here).
    TurnEndId at_turn_end(std::function<void()> task);
    void cancel(TurnEndId turn_end);

    /// Calls the task on the loop when the process gets the signal (signalfd; blocks it for this
    /// thread, so call it before other threads start).
    void on_signal(int signal, std::function<void()> task);

private:
    struct Timers;
    struct Watches;
    void turn();
    void wait_and_dispatch();
    void wake();
    void run_tasks();
    void run_turn_ends();

    int epoll_ = -1;
    int wake_ = -1;
    std::atomic<std::thread::id> thread_;
    Time now_{};
    std::atomic<bool> stopping_ = false;
    std::unique_ptr<Timers> timers_;
    std::unique_ptr<Watches> watches_;
    struct TurnEnd {
        TurnEndId id;  // none: cancelled, taken out after this turn
        std::function<void()> task;
    };
    std::deque<TurnEnd> turn_ends_;  // a deque: a running task may add one
    std::uint64_t last_turn_end_ = 0;
    bool turn_end_cancelled_ = false;

    // The mailbox: the only lock, taken outside the packet path; the loop looks at the flag first.
    std::atomic<bool> has_mail_ = false;
    std::mutex mail_mutex_;
    std::vector<Task> mail_;
};

}  // namespace aula::net
