// SPDX-License-Identifier: Apache-2.0
#include "net/watches.hpp"

#include <utility>

#include <sys/epoll.h>
#include <unistd.h>

#include "base/expects.hpp"

namespace aula::net {
namespace {

std::uint32_t interest(bool read, bool write) {
    return (read ? std::uint32_t{EPOLLIN} : 0U) | (write ? std::uint32_t{EPOLLOUT} : 0U);
}

epoll_event event_of(std::uint32_t events, std::uint32_t generation, int fd) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = (std::uint64_t{generation} << 32) | static_cast<std::uint32_t>(fd);
    return event;
}

}  // namespace

Loop::Watches::~Watches() {
    for (const int fd : owned_) ::close(fd);
}

Loop::Watches::Watch* Loop::Watches::find(int fd) {
    const auto index = static_cast<std::size_t>(fd);
    return fd >= 0 && index < by_fd_.size() ? by_fd_[index].get() : nullptr;
}

void Loop::Watches::add(int fd, bool read, bool write, std::function<void(Ready)> callback) {
    AULA_EXPECTS(fd >= 0 && find(fd) == nullptr);
    const auto index = static_cast<std::size_t>(fd);
    if (index >= by_fd_.size()) by_fd_.resize(index + 1);
    auto watch = std::make_unique<Watch>();
    watch->callback = std::move(callback);
    watch->generation = ++generation_;
    watch->events = interest(read, write);
    epoll_event event = event_of(watch->events, watch->generation, fd);
    AULA_EXPECTS(epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) == 0);
    by_fd_[index] = std::move(watch);
}

void Loop::Watches::change(int fd, bool read, bool write) {
    Watch* watch = find(fd);
    AULA_EXPECTS(watch != nullptr);
    const std::uint32_t events = interest(read, write);
    if (events == watch->events) return;
    watch->events = events;
    epoll_event event = event_of(events, watch->generation, fd);
    AULA_EXPECTS(epoll_ctl(epoll_, EPOLL_CTL_MOD, fd, &event) == 0);
}

void Loop::Watches::remove(int fd) {
    if (find(fd) == nullptr) return;
    // May fail for a descriptor that was closed already, which took it out of the epoll set as
    // well.
    epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr);
    removed_.push_back(std::move(by_fd_[static_cast<std::size_t>(fd)]));
}

void Loop::Watches::dispatch(std::uint64_t token, std::uint32_t events) {
    Watch* watch = find(static_cast<int>(token & 0x7fffffff));
    if (watch == nullptr || watch->generation != token >> 32) return;
    watch->callback({.read = (events & EPOLLIN) != 0,
                     .write = (events & EPOLLOUT) != 0,
                     .closed = (events & (EPOLLERR | EPOLLHUP)) != 0});
}

void Loop::Watches::bury() {
    // A dying callback may own what removes further watches.
    while (!removed_.empty()) std::exchange(removed_, {}).clear();
}

}  // namespace aula::net
