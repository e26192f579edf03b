// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

/// What gridscale's API answers, read from its JSON. Pure; anything unexpected is an Error, never a
/// guess.
namespace aula::gridscale {

struct Server {
    std::string id;
    std::string name;
    std::string status;  // "active", "in-provisioning"
    bool power = false;
    std::int64_t cores = 0;
    std::int64_t memory_gb = 0;
    std::vector<std::string> labels;
    std::string user_data;  // base64
    bool auto_recovery = false;
    std::int64_t core_minutes = 0;  // cores times minutes on, ever
    std::int64_t memory_minutes = 0;
    WallTime created;
    WallTime changed;                   // also by going on or off
    WallTime deleted;                   // of one in the list of the deleted
    std::vector<std::string> storages;  // ids of what hangs on it
    std::vector<std::string> networks;
    std::vector<std::string> addresses;
};

Expected<std::vector<Server>, Error> parse_servers(
    std::string_view json);  // {"servers":{uuid:{...}}}
Expected<std::vector<Server>, Error> parse_deleted_servers(
    std::string_view json);                                   // {"deleted_servers":{uuid:{...}}}
Expected<Server, Error> parse_server(std::string_view json);  // {"server":{...}}

struct Created {
    std::string object_id;
    std::string request_id;
};
Expected<Created, Error> parse_created(std::string_view json);

enum class RequestStatus : std::uint8_t { pending, done, failed };
struct RequestState {
    RequestStatus status = RequestStatus::pending;
    std::string message;
};
/// {"<request uuid>":{"status":...,"message":...}}
Expected<RequestState, Error> parse_request(std::string_view json, std::string_view request_id);

/// "2026-01-05T07:40:00Z", the API's one layout of times; UTC.
std::optional<WallTime> parse_time(std::string_view text);
std::string time_text(WallTime time);

/// The words of an error answer: {"title","description"}, or of a 429 {"id","message"}. Empty when
/// there are none.
std::string error_text(std::string_view json);

}  // namespace aula::gridscale
