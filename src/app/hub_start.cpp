// SPDX-License-Identifier: Apache-2.0
#include "app/hub_start.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <sys/file.h>

namespace aula::app {

void lock_data_folder(const std::filesystem::path& folder) {
    std::error_code ignored;
    std::filesystem::create_directories(folder, ignored);
    const auto file = folder / "lock";
    const int fd = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        throw std::runtime_error("cannot write " + file.string() + ": " + std::strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        throw std::runtime_error("another hub is running with the data folder " + folder.string());
    }
}

RunningHub start_hub(net::Loop& loop, hub::HubOptions options) {
    const auto secret = options.bbb_secret;
    auto hub = hub::Hub::start(loop, std::move(options));
    if (!hub) throw std::runtime_error(hub.error().text);
    RunningHub running{std::move(*hub), nullptr};
    if (secret.empty()) return running;
    auto& h = *running.hub;
    running.bbb = std::make_unique<hub::BbbFront>(loop, h.lessons(), h.store(), h.http_client(),
                                                  hub::BbbFront::Options{secret, h.public_url()});
    h.mount("/bigbluebutton",
            [front = running.bbb.get()](const http::Request& request, http::Responder responder) {
                front->answer(request, std::move(responder));
            });
    return running;
}

void print_links(const hub::Hub& hub) {
    const auto setup = hub.setup_link();
    if (!setup.empty()) std::printf("setup %s\n", setup.c_str());
    std::printf("admin %s\nready %s\n", hub.admin_link().c_str(), hub.public_url().c_str());
    std::fflush(stdout);
}

}  // namespace aula::app
