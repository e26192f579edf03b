// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "bbb/reply.hpp"

/// The answers that are JSON: to the calls that a meeting's page makes with its session token, and
/// to those about text tracks.
namespace aula::bbb {

std::string json_refusal(const Refusal& refusal);
std::string session_refusal(const std::string& key, const std::string& message,
                            const std::string& session_token);
/// What somebody in the lobby is told; `place` counts from 1, 0: does not wait.
std::string guest_wait_reply(const Joined& joined, std::size_t place);
std::string join_url_reply(const std::string& url);

/// The parameters of the signed join call that brings this person in again: the query, without
/// checksum.
struct AgainAs {
    std::string user_id;  // internal
    std::string full_name;
    std::string meeting_id;
    std::string session_name;
    bool moderator = false;
};
std::string join_again_query(const AgainAs& who);

}  // namespace aula::bbb
