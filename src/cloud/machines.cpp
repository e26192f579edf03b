// SPDX-License-Identifier: Apache-2.0
#include "cloud/machines.hpp"

#include <csignal>
#include <fstream>

#include "base/encoding.hpp"
#include "base/log.hpp"

namespace aula::cloud {
namespace {

namespace fs = std::filesystem;

/// The user data, decoded, in a file that only its owner may read: it holds the node's private key.
Expected<fs::path, Error> write_user_data(const fs::path& folder, const std::string& user_data) {
    const auto decoded = from_base64(user_data);
    if (!decoded) return fail(Error{ErrorCode::invalid, "user_data is not base64"});
    std::error_code ignored;
    fs::create_directories(folder, ignored);
    const auto file = folder / "user-data.json";
    std::ofstream out(file, std::ios::trunc);
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, ignored);
    out << text_of(*decoded);
    if (!out.flush()) return fail(Error{ErrorCode::internal, "cannot write " + file.string()});
    return file;
}

}  // namespace

Machines::Machines(net::Loop& loop, MachineOptions options, OnStopped on_stopped)
    : loop_(loop), options_(std::move(options)), on_stopped_(std::move(on_stopped)) {}

void Machines::boot(const Server& server, std::function<void(Expected<void, Error>)> booted) {
    loop_.after(options_.boot_time,
                [this, server, booted = std::move(booted)] { booted(start(server)); });
}

Expected<void, Error> Machines::start(const Server& server) {
    if (running_.contains(server.id)) return {};
    const auto file = write_user_data(options_.data_dir / server.id, server.user_data);
    if (!file) return fail(file.error());
    auto process =
        Process::start(loop_, {options_.program, "node", "--config", file->string()},
                       {{}, [this, id = server.id](int status) { on_exit(id, status); }});
    if (!process) return fail(process.error());
    log::info("machine started", {{"server", server.name}, {"pid", (*process)->id()}});
    running_[server.id].process = std::move(*process);
    return {};
}

void Machines::kill(const std::string& server, std::function<void()> gone) {
    const auto at = running_.find(server);
    if (at == running_.end()) return gone();
    at->second.gone = std::move(gone);
    at->second.process->signal(SIGKILL);
}

void Machines::press_power_button(const std::string& server) const {
    const auto at = running_.find(server);
    if (at != running_.end()) at->second.process->signal(SIGTERM);
}

void Machines::signal_all(int number) const {
    for (const auto& [server, running] : running_) running.process->signal(number);
}

void Machines::on_exit(const std::string& server, int status) {
    const auto at = running_.find(server);
    if (at == running_.end()) return;
    const auto gone = std::move(at->second.gone);
    running_.erase(at);
    log::info("machine stopped", {{"server", server}, {"status", status}});
    if (gone) return gone();
    on_stopped_(server);
}

}  // namespace aula::cloud
