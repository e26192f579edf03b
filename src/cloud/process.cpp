// SPDX-License-Identifier: Apache-2.0
#include "cloud/process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

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

/// A close-on-exec pipe whose ends are closed with it, unless taken.
struct Pipe {
    ~Pipe() {
        for (const int end : ends) {
            if (end >= 0) close(end);
        }
    }
    bool open(int flags) { return pipe2(ends.data(), O_CLOEXEC | flags) == 0; }
    int take_reader() { return std::exchange(ends[0], -1); }
    int take_writer() { return std::exchange(ends[1], -1); }
    std::array<int, 2> ends{-1, -1};
};

/// Waits at the gate; false when the parent died without opening it.
bool passes(Pipe& gate) {
    close(gate.take_writer());
    char opened = 0;
    ssize_t size = 0;
    do size = read(gate.ends[0], &opened, 1);
    while (size < 0 && errno == EINTR);
    return size == 1;
}

/// In the child, after fork: only async-signal-safe calls.
[[noreturn]] void become(char* const* arguments, int out, pid_t parent, const Bounds* bounds,
                         Pipe& gate) {
    // The loop's thread blocks the signals it reads from a descriptor; the child wants them.
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    if (bounds) {
        if (!passes(gate)) _exit(127);
        bounds->apply();
    } else {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != parent) _exit(127);  // it died before the line above
    }
    if (out >= 0) dup2(out, STDOUT_FILENO);
    execv(arguments[0], arguments);
    _exit(127);
}

int open_pid_fd(pid_t pid) {
    const auto fd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
    if (fd >= 0) fcntl(fd, F_SETFD, FD_CLOEXEC);
    return fd;
}

std::string first_line(const std::string& file) {
    std::string line;
    std::ifstream in(file);
    std::getline(in, line);
    return line;
}

}  // namespace

std::string birth_of(pid_t pid) {
    const auto stat = first_line("/proc/" + std::to_string(pid) + "/stat");
    const auto name_end = stat.rfind(')');  // the name before it may hold anything
    if (name_end == std::string::npos) return {};
    std::istringstream fields(stat.substr(name_end + 1));
    std::string field;
    for (int i = 3; i <= 22; ++i) fields >> field;  // proc(5): starttime is field 22
    return first_line("/proc/sys/kernel/random/boot_id") + ':' + field;
}

Expected<std::unique_ptr<Process>, Error> Process::fork_and_exec(
    net::Loop& loop, const std::vector<std::string>& arguments, const Bounds* bounds,
    Handlers handlers) {
    std::vector<char*> pointers;
    for (const auto& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
    pointers.push_back(nullptr);
    Pipe output, gate;
    if ((handlers.on_line && !output.open(O_NONBLOCK)) || (bounds && !gate.open(0)))
        return fail(system_error("pipe"));
    const auto parent = getpid();
    const auto pid = fork();
    if (pid == 0) become(pointers.data(), output.ends[1], parent, bounds, gate);
    const auto pid_fd = pid < 0 ? -1 : open_pid_fd(pid);
    if (pid_fd < 0) {
        const auto error = system_error(pid < 0 ? "fork" : "pidfd_open");
        if (pid > 0) {
            kill(pid, SIGKILL);
            waitpid(pid, nullptr, 0);
        }
        return fail(error);
    }
    std::unique_ptr<Process> process(
        new Process(loop, pid, pid_fd, output.take_reader(), std::move(handlers)));
    process->lasting_ = bounds != nullptr;
    process->gate_ = gate.take_writer();
    return process;
}

Expected<std::unique_ptr<Process>, Error> Process::start(net::Loop& loop,
                                                         const std::vector<std::string>& arguments,
                                                         Handlers handlers) {
    return fork_and_exec(loop, arguments, nullptr, std::move(handlers));
}

Expected<std::unique_ptr<Process>, Error> Process::prepare(
    net::Loop& loop, const std::vector<std::string>& arguments, const Bounds& bounds,
    Handlers handlers) {
    return fork_and_exec(loop, arguments, &bounds, std::move(handlers));
}

void Process::release() {
    if (gate_ < 0) return;
    [[maybe_unused]] const auto opened = write(gate_, "", 1);
    close(std::exchange(gate_, -1));
}

std::unique_ptr<Process> Process::find(net::Loop& loop, pid_t pid, const std::string& birth,
                                       Handlers handlers) {
    // The descriptor first: from then on the id cannot become another process's unseen.
    const int pid_fd = open_pid_fd(pid);
    if (pid_fd < 0) return nullptr;
    if (birth_of(pid) != birth) {
        close(pid_fd);
        return nullptr;
    }
    std::unique_ptr<Process> process(new Process(loop, pid, pid_fd, -1, std::move(handlers)));
    process->lasting_ = true;
    return process;
}

Process::Process(net::Loop& loop, pid_t pid, int pid_fd, int out, Handlers handlers)
    : loop_(loop), pid_(pid), pid_fd_(pid_fd), out_(out), handlers_(std::move(handlers)) {
    loop_.watch(pid_fd_, true, false, [this](net::Ready) { on_end(); });
    if (out_ >= 0) loop_.watch(out_, true, false, [this](net::Ready) { on_output(); });
}

Process::~Process() {
    close_output();
    if (gate_ >= 0) close(gate_);
    loop_.unwatch(pid_fd_);
    if (pid_ > 0 && !lasting_) {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    close(pid_fd_);
}

void Process::signal(int number) const {
    // By the descriptor: a found process is not our child, and its id may be another's by now.
    if (pid_ > 0) syscall(SYS_pidfd_send_signal, pid_fd_, number, nullptr, 0);
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
    if (pid_ <= 0) return;
    const auto waited = waitpid(pid_, &status, WNOHANG);
    // Not our child: its parent, or who inherited it, gets the status.
    const bool is_gone = waited == pid_ || (waited < 0 && errno == ECHILD);
    if (!is_gone) return;
    pid_ = -1;
    loop_.unwatch(pid_fd_);
    const auto on_exit = std::move(handlers_.on_exit);  // it may destroy this
    if (on_exit) on_exit(status);
}

}  // namespace aula::cloud
