// SPDX-License-Identifier: Apache-2.0
#include "net/loop.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <optional>
#include <utility>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/expects.hpp"
#include "net/timers.hpp"
#include "net/watches.hpp"

namespace aula::net {
namespace {

constexpr std::size_t events_a_turn = 256;

timespec until(std::optional<Time> due, bool at_once) {
    // Without a timer an idle loop still turns once a minute, which costs nothing and spares a
    // special case.
    const Duration most = at_once ? 0s : 60s;
    const Duration wait =
        std::clamp(due ? *due - Clock::now() : most, Duration::zero(), Duration(most));
    const auto seconds = std::chrono::floor<std::chrono::seconds>(wait);
    return {.tv_sec = seconds.count(), .tv_nsec = std::chrono::nanoseconds(wait - seconds).count()};
}

}  // namespace

Loop::Loop()
    : epoll_(epoll_create1(EPOLL_CLOEXEC)),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      thread_(std::this_thread::get_id()),
      now_(Clock::now()),
      timers_(std::make_unique<Timers>()),
      watches_(std::make_unique<Watches>(epoll_)) {
    AULA_EXPECTS(epoll_ >= 0 && wake_ >= 0);
    watch(wake_, true, false, [this](Ready) {
        std::uint64_t count = 0;
        [[maybe_unused]] const auto got = ::read(wake_, &count, sizeof(count));
    });
}

Loop::~Loop() {
    // Tasks may own streams and the like, whose destructors still call cancel() and unwatch().
    while (!mail_.empty()) std::exchange(mail_, {}).clear();
    timers_->clear();
    turn_ends_.clear();
    watches_->bury();
    watches_.reset();
    ::close(wake_);
    ::close(epoll_);
}

void Loop::run() {
    thread_ = std::this_thread::get_id();
    do turn();
    while (!stopping_.load());
    stopping_ = false;
}

void Loop::turn() {
    wait_and_dispatch();
    timers_->run_due(now_);
    run_tasks();
    watches_->bury();
    run_turn_ends();
}

void Loop::wait_and_dispatch() {
    std::array<epoll_event, events_a_turn> events;  // NOLINT: epoll fills it
    const timespec wait = until(timers_->next_due(), has_mail_.load());
    const int count = epoll_pwait2(epoll_, events.data(), events.size(), &wait, nullptr);
    now_ = Clock::now();
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        watches_->dispatch(event.data.u64, event.events);
    }
}

void Loop::stop() {
    stopping_ = true;
    wake();
}

void Loop::wake() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto put = ::write(wake_, &one, sizeof(one));
}

void Loop::post(Task task) {
    bool first = false;
    {
        const std::lock_guard lock(mail_mutex_);
        mail_.push_back(std::move(task));
        first = !has_mail_.exchange(true);
    }
    // The loop itself looks at the flag before it waits.
    if (first && !is_current()) wake();
}

void Loop::run_tasks() {
    if (!has_mail_.load()) return;
    std::vector<Task> tasks;
    {
        const std::lock_guard lock(mail_mutex_);
        tasks.swap(mail_);
        has_mail_ = false;
    }
    for (Task& task : tasks) std::exchange(task, {})();
}

TimerId Loop::after(Duration delay, Task task) {
    return timers_->add(Clock::now() + std::max(delay, Duration::zero()), std::move(task));
}

TimerId Loop::every(Duration period, std::function<void()> task) {
    return timers_->add(Clock::now() + period, period, std::move(task));
}

void Loop::cancel(TimerId timer) { timers_->cancel(timer); }

void Loop::watch(int fd, bool read, bool write, std::function<void(Ready)> callback) {
    watches_->add(fd, read, write, std::move(callback));
}
void Loop::change(int fd, bool read, bool write) { watches_->change(fd, read, write); }
void Loop::unwatch(int fd) {
    if (watches_) watches_->remove(fd);
}

TurnEndId Loop::at_turn_end(std::function<void()> task) {
    const TurnEndId id{++last_turn_end_};
    turn_ends_.push_back({id, std::move(task)});
    return id;
}

void Loop::cancel(TurnEndId turn_end) {
    for (TurnEnd& entry : turn_ends_) {
        if (entry.id == turn_end) entry.id = TurnEndId::none;
    }
    turn_end_cancelled_ = true;
}

void Loop::run_turn_ends() {
    for (std::size_t i = 0; i < turn_ends_.size(); ++i) {
        if (turn_ends_[i].id != TurnEndId::none) turn_ends_[i].task();
    }
    if (!std::exchange(turn_end_cancelled_, false)) return;
    std::erase_if(turn_ends_, [](const TurnEnd& entry) { return entry.id == TurnEndId::none; });
}

void Loop::on_signal(int signal, std::function<void()> task) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    const int fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    AULA_EXPECTS(fd >= 0);
    watches_->own(fd);
    watch(fd, true, false, [fd, task = std::move(task)](Ready) {
        signalfd_siginfo info{};
        while (::read(fd, &info, sizeof(info)) == sizeof(info)) task();
    });
}

}  // namespace aula::net
