// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "lesson/close_code.hpp"
#include "lesson/json.hpp"
#include "lesson/lesson.hpp"
#include "lesson/setup.hpp"
#include "room/allowance.hpp"
#include "room/client_socket.hpp"

namespace aula::room {

/// The lesson of a room and its /classroom sockets. Events go to the store first; people hear of
/// them, and commands are acknowledged, when they are stored. Lives in its room.
class Classroom {
public:
    struct Outlet {
        SocketOutlet sockets;
        std::function<void(std::uint64_t first_sequence, std::vector<std::string> events)> store;
        std::function<void(const lesson::Event&)>
            happened;  // for what the room carries out: mute, remove, end
    };

    /// stored_events: a lesson that goes on, oldest first, maybe a snapshot before them; those that
    /// do not read are left out.
    Classroom(std::string name, std::string title, const std::vector<std::string>& stored_events,
              lesson::Setup setup, Outlet outlet);

    const lesson::Lesson& lesson() const { return lesson_; }

    /// From the room itself: join, leave, close.
    Expected<void, lesson::Refusal> apply(const lesson::Command& command);

    struct Opening {
        SocketId socket = SocketId::none;
        std::string identity;
        std::string lesson_id;  // of the last welcome; empty: none
        std::uint64_t since = 0;
    };
    /// A participant's socket, after the participant joined. An older socket of the identity is
    /// closed.
    void open_socket(Opening opening);
    /// A guest's socket, after the guest knocked: hears nothing of the lesson until let_in.
    void open_at_door(Opening opening, lesson::command::Join once_admitted);
    /// The guest was admitted: who waited at the door joins.
    void let_in(std::string_view identity);
    /// The end that people shall expect.
    void foresee(std::optional<lesson::ForeseenEnd> end);
    /// Who sends far too many, or too many that nobody can read, loses the socket.
    void on_message(SocketId socket, std::string_view text, Time now);
    /// The identity whose last socket this was.
    std::optional<std::string> on_socket_closed(SocketId socket);
    bool has_socket(std::string_view identity) const;
    std::optional<std::string> identity_of(SocketId socket) const;
    void close_sockets(std::string_view identity, lesson::CloseCode code);
    void close_all(lesson::CloseCode code);

    void on_stored(std::uint64_t sequence);

private:
    struct Socket {
        std::string identity;
        std::uint64_t sent = 0;  // the last event that this client has seen
        bool welcomed = false;
        std::optional<lesson::command::Join> at_door;
        Allowance messages{30, 300};  // pings too; what is said is limited by the lesson
        Allowance mistakes{1, 20};
    };
    /// Something to be said once everything up to `after` is stored.
    struct Waiting {
        std::uint64_t after = 0;
        std::function<void()> say;
    };

    void take(const std::vector<lesson::Event>& events);
    void close_after(const lesson::Event& event);
    void when_stored(std::function<void()> say);
    void say_what_is_stored();
    void hang_up(SocketId socket, lesson::CloseCode code);
    void broadcast(std::uint64_t sequence, const std::string& json, const std::string& for_pupils);
    void send(SocketId socket, std::string text);
    void welcome(const Opening& opening);
    void tell_about(SocketId socket, std::string_view identity);
    void tell_those_at_door();

    lesson::Lesson lesson_;
    const lesson::Setup setup_;
    std::optional<lesson::ForeseenEnd> end_;
    Outlet outlet_;
    std::map<SocketId, Socket> sockets_;
    std::uint64_t stored_ = 0;
    std::deque<Waiting> waiting_;
};

}  // namespace aula::room
