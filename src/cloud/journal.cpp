// SPDX-License-Identifier: Apache-2.0
#include "cloud/journal.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace aula::cloud {
namespace {

Error journal_error(const char* what, const std::filesystem::path& file) {
    return {ErrorCode::internal,
            std::string("cannot ") + what + ' ' + file.string() + ": " + std::strerror(errno)};
}

/// Only its owner may read it: user data holds nodes' private keys.
int open_private(const std::filesystem::path& file, int flags) {
    return ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
}

bool write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

std::string whole_text(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return std::move(text).str();
}

}  // namespace

Expected<Journal, Error> Journal::open(const std::filesystem::path& file, const OnLine& on_line) {
    const int fd = open_private(file, O_APPEND);
    if (fd < 0) return fail(journal_error("open", file));
    Journal journal(file, fd, 0);
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0)
        return fail(Error{ErrorCode::conflict, file.string() + " is in use by another cloud"});
    const auto text = whole_text(file);
    std::string_view rest = text;
    for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
        try {
            on_line(rest.substr(0, end));
        } catch (const std::exception& why) {
            return fail(Error{ErrorCode::internal, file.string() + ": " + why.what()});
        }
        rest.remove_prefix(end + 1);
    }
    journal.size_ = text.size() - rest.size();
    if (::ftruncate(fd, static_cast<off_t>(journal.size_)) != 0)
        return fail(journal_error("cut", file));
    return journal;
}

Journal::Journal(Journal&& other) noexcept
    : file_(std::move(other.file_)), fd_(std::exchange(other.fd_, -1)), size_(other.size_) {}

Journal::~Journal() {
    if (fd_ >= 0) ::close(fd_);
}

Expected<void, Error> Journal::append(const std::string& line) {
    if (!write_all(fd_, line + '\n')) {
        const auto error = journal_error("write", file_);
        // Half a line in the middle would make the whole file unreadable.
        [[maybe_unused]] const int cut = ::ftruncate(fd_, static_cast<off_t>(size_));
        return fail(error);
    }
    size_ += line.size() + 1;
    return {};
}

Expected<void, Error> Journal::replace(const std::string& lines) {
    auto fresh = file_;
    fresh += ".new";
    const int fd = open_private(fresh, O_APPEND | O_TRUNC);
    if (fd < 0) return fail(journal_error("open", fresh));
    if (!write_all(fd, lines) || ::flock(fd, LOCK_EX | LOCK_NB) != 0 ||
        ::rename(fresh.c_str(), file_.c_str()) != 0) {
        const auto error = journal_error("replace", file_);
        ::close(fd);
        return fail(error);
    }
    ::close(std::exchange(fd_, fd));
    size_ = lines.size();
    return {};
}

}  // namespace aula::cloud
