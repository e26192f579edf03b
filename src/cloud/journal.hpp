// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace aula::cloud {

/// A file of lines that only grows. A line is written by one system call before anybody hears of
/// what it tells, so it is there also when the process is killed in the next instant; a line that
/// was cut off is dropped when the file is opened. (It is not forced to the disk: when the whole
/// machine loses its power, the last lines may be lost, and the processes are gone anyway.)
class Journal {
public:
    using OnLine = std::function<void(std::string_view line)>;  // may throw: the file is damaged

    /// Reads all lines that are there.
    static Expected<Journal, Error> open(const std::filesystem::path& file, const OnLine& on_line);
    Journal(Journal&& other) noexcept;
    Journal& operator=(Journal&&) = delete;
    ~Journal();

    Expected<void, Error> append(const std::string& line);
    /// Puts these lines in the place of all, at once.
    Expected<void, Error> replace(const std::string& lines);
    std::size_t size() const { return size_; }

private:
    Journal(std::filesystem::path file, int fd, std::size_t size)
        : file_(std::move(file)), fd_(fd), size_(size) {}

    std::filesystem::path file_;
    int fd_;
    std::size_t size_;
};

}  // namespace aula::cloud
