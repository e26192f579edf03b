// SPDX-License-Identifier: Apache-2.0
#include "app/secrets.hpp"

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <unistd.h>

#include "app/options.hpp"

namespace aula::app {

std::string kept_secret(const std::filesystem::path& file,
                        const std::function<std::string()>& make) {
    std::error_code ignored;
    std::filesystem::create_directories(file.parent_path(), ignored);
    const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST) {
        auto secret = read_file(file);
        if (secret.empty()) throw std::runtime_error(file.string() + " is empty");
        return secret;
    }
    if (fd < 0)
        throw std::runtime_error("cannot write " + file.string() + ": " + std::strerror(errno));
    auto secret = make();
    const auto written = write(fd, secret.data(), secret.size());
    close(fd);
    if (written != static_cast<ssize_t>(secret.size()))
        throw std::runtime_error("cannot write " + file.string());
    return secret;
}

}  // namespace aula::app
