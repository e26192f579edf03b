// SPDX-License-Identifier: Apache-2.0
#include "cloud/machines.hpp"

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

bool configures_node(std::string_view user_data) {
    const auto decoded = from_base64(user_data);
    if (!decoded) return false;
    const auto config = read_object(text_of(*decoded));
    return config && config->contains("hub");
}

Expected<void, Error> Machines::prepare(const Object& server, Guest& guest) {
    const auto file = write_user_data(folder_ / server.id, server.text("user_data"));
    if (!file) return fail(file.error());
    const auto bounds = Bounds::of(server.id, server.whole("cores"), server.whole("memory"));
    auto process = Process::prepare(loop_, {program_, "node", "--config", file->string()}, bounds,
                                    handlers(server.id));
    if (!process) return fail(process.error());
    guest.pid = (*process)->id();
    guest.birth = birth_of(guest.pid);
    log::info("machine started", {{"server", server.text("name")},
                                  {"pid", guest.pid},
                                  {"cores", server.whole("cores")},
                                  {"memory_gb", server.whole("memory")},
                                  {"bounds", bounds.description()}});
    running_[server.id] = std::move(*process);
    return {};
}

void Machines::begin(const std::string& server) const {
    const auto at = running_.find(server);
    if (at != running_.end()) at->second->release();
}

bool Machines::find_again(const std::string& server, const Guest& guest) {
    auto process = Process::find(loop_, guest.pid, guest.birth, handlers(server));
    if (!process) return false;
    log::info("machine found again", {{"server", server}, {"pid", guest.pid}});
    running_[server] = std::move(process);
    return true;
}

Process::Handlers Machines::handlers(const std::string& server) {
    return {{}, [this, server](int status) { on_exit(server, status); }};
}

void Machines::signal(const std::string& server, int number) const {
    const auto at = running_.find(server);
    if (at != running_.end()) at->second->signal(number);
}

void Machines::signal_all(int number) const {
    for (const auto& [server, process] : running_) process->signal(number);
}

void Machines::on_exit(const std::string& server, int status) {
    running_.erase(server);
    Bounds::remove(server);
    log::info("machine stopped", {{"server", server}, {"status", status}});
    on_stopped_(server);
}

void Machines::clear_away(const std::string& server) const {
    std::error_code ignored;
    fs::remove_all(folder_ / server, ignored);
}

}  // namespace aula::cloud
