// SPDX-License-Identifier: Apache-2.0
#include "cloud/inventory.hpp"

#include <fstream>
#include <sstream>

#include <boost/json.hpp>

namespace aula::cloud {
namespace {

namespace json = boost::json;

json::object stored_server(const Server& server) {
    return {{"id", server.id},
            {"owner", server.owner},
            {"name", server.name},
            {"cores", server.cores},
            {"memory_gb", server.memory_gb},
            {"labels", json::value_from(server.labels)},
            {"user_data", server.user_data},
            {"auto_recovery", server.auto_recovery},
            {"created", unix_ms(server.created)},
            {"changed", unix_ms(server.changed)}};
}

Server server_of_stored(const json::object& stored) {
    const auto time = [&](const char* name) {
        return WallTime(std::chrono::milliseconds(stored.at(name).as_int64()));
    };
    Server server;
    server.id = stored.at("id").as_string().c_str();
    server.owner = stored.at("owner").as_string().c_str();
    server.name = stored.at("name").as_string().c_str();
    server.cores = stored.at("cores").as_int64();
    server.memory_gb = stored.at("memory_gb").as_int64();
    server.labels = json::value_to<std::vector<std::string>>(stored.at("labels"));
    server.user_data = stored.at("user_data").as_string().c_str();
    server.auto_recovery = stored.at("auto_recovery").as_bool();
    server.created = time("created");
    server.changed = time("changed");
    return server;
}

}  // namespace

Expected<Inventory, Error> Inventory::open(const std::filesystem::path& file) try {
    Inventory inventory;
    inventory.file_ = file;
    std::ifstream in(file);
    if (!in) return inventory;
    std::stringstream text;
    text << in.rdbuf();
    const auto whole = json::parse(text.str());
    for (const auto& stored : whole.as_object().at("servers").as_array()) {
        inventory.add(server_of_stored(stored.as_object()));
    }
    return inventory;
} catch (const std::exception&) {
    return fail(Error{ErrorCode::internal, "cannot read " + file.string()});
}

Server& Inventory::add(Server server) {
    auto id = server.id;
    return servers_.insert_or_assign(std::move(id), std::move(server)).first->second;
}

Server* Inventory::find(std::string_view id, std::string_view owner) {
    const auto at = servers_.find(std::string(id));
    return at == servers_.end() || at->second.owner != owner ? nullptr : &at->second;
}

void Inventory::remove(const std::string& id) { servers_.erase(id); }

Expected<void, Error> Inventory::save() const {
    json::array servers;
    for (const auto& [id, server] : servers_) servers.push_back(stored_server(server));
    auto fresh = file_;
    fresh += ".new";
    {
        std::ofstream out(fresh, std::ios::trunc);
        // User data holds a node's private key.
        std::error_code ignored;
        std::filesystem::permissions(
            fresh, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
            ignored);
        out << json::serialize(json::object{{"servers", std::move(servers)}});
        if (!out.flush()) return fail(Error{ErrorCode::internal, "cannot write " + fresh.string()});
    }
    std::error_code error;
    std::filesystem::rename(fresh, file_, error);
    if (error) return fail(Error{ErrorCode::internal, "cannot write " + file_.string()});
    return {};
}

}  // namespace aula::cloud
