// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "net/loop.hpp"

namespace aula::net {

/// The descriptors a loop watches. A watch has a generation that its epoll events carry, so an
/// event that waits in the batch never reaches another watch of the same number.
struct Loop::Watches {
    explicit Watches(int epoll) : epoll_(epoll) {}
    ~Watches();
    Watches(const Watches&) = delete;
    Watches& operator=(const Watches&) = delete;

    void add(int fd, bool read, bool write, std::function<void(Ready)> callback);
    void change(int fd, bool read, bool write);
    void remove(int fd);
    void dispatch(std::uint64_t token, std::uint32_t events);
    /// Destroys the callbacks that were removed while one was running.
    void bury();
    void own(int fd) { owned_.push_back(fd); }

private:
    struct Watch {
        std::function<void(Ready)> callback;
        std::uint32_t generation = 0;
        std::uint32_t events = 0;
    };
    Watch* find(int fd);

    int epoll_;
    std::uint32_t generation_ = 0;
    std::vector<std::unique_ptr<Watch>> by_fd_;
    std::vector<std::unique_ptr<Watch>> removed_;
    std::vector<int> owned_;
};

}  // namespace aula::net
