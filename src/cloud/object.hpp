// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "cloud/json.hpp"
#include "cloud/meter.hpp"

namespace aula::cloud {

enum class Kind : std::uint8_t {
    server,
    storage,
    snapshot,
    snapshot_schedule,
    backup_schedule,
    os_template,
    network,
    ip,
    firewall,
    sshkey,
    isoimage,
    link,  // of a server to a storage, network, IP or ISO image
};

/// What becomes of a boot; decided at power-on.
enum class BootFate : std::uint8_t { runs, fails, freezes };

/// The guest of a server that is on and whose user data configures a node.
struct Guest {
    WallTime boot_at{};  // when its process starts
    BootFate fate = BootFate::runs;
    int pid = 0;        // 0: not started yet
    std::string birth;  // of the process: with the pid it names it for ever
};

/// Anything in the cloud that has a UUID. What clients may set stands in fields under its API name.
struct Object {
    std::string id;
    std::string owner;  // the user's UUID; empty: everybody's, nobody may change it
    Kind kind = Kind::server;
    std::string status = "active";
    WallTime created{};
    WallTime changed{};
    std::optional<WallTime> deleted;
    json::object fields;
    Meter meter;
    std::optional<Guest> guest;

    std::string text(std::string_view name) const { return text_member(fields, name); }
    std::int64_t whole(std::string_view name) const { return whole_member(fields, name); }
    bool flag(std::string_view name) const { return bool_member(fields, name); }
};

/// As the journal keeps it.
json::object stored(const Object& object);
/// Throws what JSON throws when a member is missing or wrong.
Object object_of(const json::object& stored);

}  // namespace aula::cloud
