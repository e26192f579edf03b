// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/rate_limit.hpp"
#include "http/server.hpp"
#include "hub/access.hpp"
#include "hub/api_request.hpp"
#include "hub/lessons.hpp"
#include "hub/rooms.hpp"

namespace aula::hub {

/// The JSON API of the pages, docs/protocol/api.md. Lives on the hub's loop.
class Api {
public:
    struct Wiring {
        net::Loop* loop = nullptr;
        Lessons* lessons = nullptr;
        Rooms* rooms = nullptr;
        const Keys* keys = nullptr;
        std::string admin_token;
    };
    struct Counters {
        std::uint64_t joins = 0, lessons = 0, refused = 0, limited = 0;
    };

    explicit Api(Wiring wiring) : wiring_(std::move(wiring)) {}

    /// Everything below /api.
    void handle(http::Request request, http::Responder responder, const std::string& address);
    const Counters& counters() const { return counters_; }

private:
    using Answer = Expected<http::Response, ApiError>;

    Answer join(const http::Request& request, const std::string& address);
    Answer lesson_card(const http::Request& request, const std::string& address);
    Expected<Session, ApiError> session_for(const JoinBody& body, const std::string& address);
    Expected<std::pair<const LessonRecord*, Role>, ApiError> find_code(const std::string& code,
                                                                       const std::string& address);
    Answer admit(Session session);

    Expected<void, ApiError> check_admin(const http::Request& request, const std::string& address);
    Answer list_lessons() const;
    void create_lesson(const http::Request& request, http::Responder responder,
                       const std::string& address);
    void delete_lesson(const std::string& id, http::Responder responder);

    Wiring wiring_;
    Counters counters_;
    // A school of a thousand stands behind one address and comes in three minutes; whole-city load
    // tests come from one too.
    RateLimit joins_{4'000, std::chrono::milliseconds(2)};
    // Fifty random bits in a code: this keeps guessing out of the logs rather than out of the
    // lessons.
    RateLimit wrong_codes_{100, std::chrono::seconds(1)};
    RateLimit wrong_admins_{20, std::chrono::seconds(3)};
    RateLimit creations_{100, std::chrono::milliseconds(500)};
};

}  // namespace aula::hub
