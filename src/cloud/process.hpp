// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/result.hpp"
#include "cloud/bounds.hpp"
#include "net/loop.hpp"

namespace aula::cloud {

/// A child process, watched by the loop. It is killed when this object goes, and asked to end
/// (SIGTERM) when this process dies. A lasting one outlives both and can be found again.
class Process {
public:
    struct Handlers {
        std::function<void(const std::string& line)>
            on_line;                              // of its standard output; empty: inherited
        std::function<void(int status)> on_exit;  // waitpid's status; may destroy the Process
    };

    static Expected<std::unique_ptr<Process>, Error> start(
        net::Loop& loop, const std::vector<std::string>& arguments, Handlers handlers);
    /// A lasting one, which waits before its program begins until release(): so it can be written
    /// down first. If this process dies in between, it ends.
    static Expected<std::unique_ptr<Process>, Error> prepare(
        net::Loop& loop, const std::vector<std::string>& arguments, const Bounds& bounds,
        Handlers handlers);
    void release();
    /// The lasting process with this id and birth; null when it is gone. Its exit status is not
    /// known to anybody but its parent: 0 is told.
    static std::unique_ptr<Process> find(net::Loop& loop, pid_t pid, const std::string& birth,
                                         Handlers handlers);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    pid_t id() const { return pid_; }
    void signal(int number) const;

private:
    Process(net::Loop& loop, pid_t pid, int pid_fd, int out, Handlers handlers);
    static Expected<std::unique_ptr<Process>, Error> fork_and_exec(
        net::Loop& loop, const std::vector<std::string>& arguments, const Bounds* bounds,
        Handlers handlers);
    void on_output();
    void close_output();
    void on_end();

    net::Loop& loop_;
    pid_t pid_;
    int pid_fd_;
    int out_;        // -1: inherited, or at its end
    int gate_ = -1;  // of a prepared one
    bool lasting_ = false;
    std::string partial_line_;
    Handlers handlers_;
};

/// When a process began, in words that no other process with its id has: the machine's boot and the
/// clock tick in it. Empty when there is no such process.
std::string birth_of(pid_t pid);

}  // namespace aula::cloud
