// SPDX-License-Identifier: Apache-2.0
#include "cloud/process.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace aula::cloud {
namespace {

constexpr std::size_t longest_line = 64 * 1024;

Error system_error(const char* what) {
    return {ErrorCode::internal, std::string(what) + ": " + std::strerror(errno)};
}

/// In the child, after fork: only async-signal-safe calls.
[[noreturn]] void become(char* const* arguments, int out, pid_t parent) {
    // The loop's thread blocks the signals it reads from a descriptor; the child wants them.
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);  // it died before the line above
    if (out >= 0) dup2(out, STDOUT_FILENO);
    execv(arguments[0], arguments);
    _exit(127);
}

}  // namespace

Expected<std::unique_ptr<Process>, Error> Process::start(net::Loop& loop,
                                                         const std::vector<std::string>& arguments,
                                                         Handlers handlers) {
    std::vector<char*> pointers;
    for (const auto& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
    pointers.push_back(nullptr);
    int pipe[2] = {-1, -1};
    if (handlers.on_line && pipe2(pipe, O_CLOEXEC | O_NONBLOCK) != 0)
        return fail(system_error("pipe"));
    const auto parent = getpid();
    const auto pid = fork();
    if (pid == 0) become(pointers.data(), pipe[1], parent);
    if (pipe[1] >= 0) close(pipe[1]);
    const auto pid_fd = pid < 0 ? -1 : static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
    if (pid_fd < 0) {
        const auto error = system_error(pid < 0 ? "fork" : "pidfd_open");
        if (pipe[0] >= 0) close(pipe[0]);
        if (pid > 0) {
            kill(pid, SIGKILL);
            waitpid(pid, nullptr, 0);
        }
        return fail(error);
    }
    fcntl(pid_fd, F_SETFD, FD_CLOEXEC);
    return std::unique_ptr<Process>(new Process(loop, pid, pid_fd, pipe[0], std::move(handlers)));
}

Process::Process(net::Loop& loop, pid_t pid, int pid_fd, int out, Handlers handlers)
    : loop_(loop), pid_(pid), pid_fd_(pid_fd), out_(out), handlers_(std::move(handlers)) {
    loop_.watch(pid_fd_, true, false, [this](net::Ready) { on_end(); });
    if (out_ >= 0) loop_.watch(out_, true, false, [this](net::Ready) { on_output(); });
}

Process::~Process() {
    close_output();
    loop_.unwatch(pid_fd_);
    if (pid_ > 0) {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    close(pid_fd_);
}

void Process::signal(int number) const {
    if (pid_ > 0) kill(pid_, number);
}

void Process::on_output() {
    char buffer[4096];
    const auto size = read(out_, buffer, sizeof buffer);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size <= 0) return close_output();
    partial_line_.append(buffer, static_cast<std::size_t>(size));
    for (auto end = partial_line_.find('\n'); end != std::string::npos;
         end = partial_line_.find('\n')) {
        const auto line = partial_line_.substr(0, end);
        partial_line_.erase(0, end + 1);
        handlers_.on_line(line);
    }
    if (partial_line_.size() > longest_line) partial_line_.clear();
}

void Process::close_output() {
    if (out_ < 0) return;
    loop_.unwatch(out_);
    close(out_);
    out_ = -1;
}

void Process::on_end() {
    int status = 0;
    if (pid_ <= 0 || waitpid(pid_, &status, WNOHANG) != pid_) return;
    pid_ = -1;
    loop_.unwatch(pid_fd_);
    const auto on_exit = std::move(handlers_.on_exit);  // it may destroy this
    if (on_exit) on_exit(status);
}

}  // namespace aula::cloud
