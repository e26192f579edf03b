// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/result.hpp"
#include "net/loop.hpp"

namespace aula::cloud {

/// A child process, watched by the loop. It is killed when this object goes, and when this process
/// dies.
class Process {
public:
    struct Handlers {
        std::function<void(const std::string& line)>
            on_line;                              // of its standard output; empty: inherited
        std::function<void(int status)> on_exit;  // waitpid's status; may destroy the Process
    };

    static Expected<std::unique_ptr<Process>, Error> start(
        net::Loop& loop, const std::vector<std::string>& arguments, Handlers handlers);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    pid_t id() const { return pid_; }
    void signal(int number) const;

private:
    Process(net::Loop& loop, pid_t pid, int pid_fd, int out, Handlers handlers);
    void on_output();
    void close_output();
    void on_end();

    net::Loop& loop_;
    pid_t pid_;
    int pid_fd_;
    int out_;  // -1: inherited, or at its end
    std::string partial_line_;
    Handlers handlers_;
};

}  // namespace aula::cloud
