// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/server.hpp"

namespace aula::http {

/// A server with its loop on a thread of its own, for clients that block.
class RunningServer {
public:
    explicit RunningServer(Server::Handler handler, ServerLimits limits = {}) {
        auto opened =
            Server::open(loop, *net::Address::of("127.0.0.1", 0), limits, std::move(handler));
        EXPECT_TRUE(opened);
        server = std::move(*opened);
        thread_ = std::thread([this] { loop.run(); });
    }
    ~RunningServer() { stop(); }
    RunningServer(const RunningServer&) = delete;
    RunningServer& operator=(const RunningServer&) = delete;

    /// After it the loop stands still, and what lives on it may be looked at.
    void stop() {
        if (!thread_.joinable()) return;
        loop.stop();
        thread_.join();
    }
    const net::Address& local() const { return server->local(); }
    std::string url(const std::string& scheme = "http") const {
        return scheme + "://" + local().text();
    }

    net::Loop loop;
    std::unique_ptr<Server> server;

private:
    std::thread thread_;
};

/// A client that writes and reads bytes as they are.
class RawClient {
public:
    explicit RawClient(const net::Address& to) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
        EXPECT_EQ(::connect(fd_, to.raw(), to.size()), 0);
    }
    ~RawClient() { ::close(fd_); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    void send(std::string_view text) {
        while (!text.empty()) {
            const ssize_t sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
            if (sent <= 0) return;
            text.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    void send(Bytes bytes) { send(text_of(bytes)); }
    void end() { ::shutdown(fd_, SHUT_WR); }

    /// All until that text has come (it stays in what is returned) or the server closes.
    std::string read_until(std::string_view last) {
        std::size_t end = std::string::npos;
        while ((end = read_.find(last)) == std::string::npos && read_more()) continue;
        const std::size_t size = end == std::string::npos ? read_.size() : end + last.size();
        std::string text = read_.substr(0, size);
        read_.erase(0, size);
        return text;
    }
    std::string read_bytes(std::size_t count) {
        while (read_.size() < count && read_more()) continue;
        std::string text = read_.substr(0, count);
        read_.erase(0, text.size());
        return text;
    }
    std::string read_all() {
        while (read_more()) continue;
        return std::exchange(read_, {});
    }

private:
    bool read_more() {
        pollfd readable{fd_, POLLIN, 0};
        if (::poll(&readable, 1, 20'000) != 1) {
            ADD_FAILURE() << "waited in vain after: " << read_;
            return false;
        }
        char room[4096];
        const ssize_t got = ::recv(fd_, room, sizeof(room), 0);
        if (got <= 0) return false;
        read_.append(room, static_cast<std::size_t>(got));
        return true;
    }

    int fd_;
    std::string read_;
};

/// What a command writes to its standard output.
inline std::string output_of(const std::string& command) {
    std::string text;
    FILE* pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) return text;
    char room[4096];
    for (std::size_t got = 0; (got = ::fread(room, 1, sizeof(room), pipe)) > 0;) {
        text.append(room, got);
    }
    ::pclose(pipe);
    return text;
}

}  // namespace aula::http
