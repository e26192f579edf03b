// SPDX-License-Identifier: Apache-2.0
#include "room/classroom.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace aula::room {

namespace command = lesson::command;

Classroom::Classroom(std::string name, std::string title,
                     const std::vector<std::string>& stored_events, lesson::Setup setup,
                     Outlet outlet)
    : setup_(std::move(setup)), outlet_(std::move(outlet)) {
    if (setup_.ends_at) end_ = lesson::ForeseenEnd{*setup_.ends_at, lesson::EndReason::time};
    for (const std::string& json : stored_events) {
        if (!lesson::take_stored(lesson_, json))
            log::warning("stored lesson event left out", {{"room", name}});
    }
    stored_ = lesson_.seq();
    if (lesson_.ended()) return;
    std::string shown = title.empty() ? name : std::move(title);
    [[maybe_unused]] const auto opened =
        apply({{}, command::Open{std::move(name), std::move(shown), setup_.settings}});
}

Expected<void, lesson::Refusal> Classroom::apply(const lesson::Command& what) {
    auto events = lesson_.apply(what, WallClock::now());
    if (!events) return fail(events.error());
    take(*events);
    return {};
}

void Classroom::take(const std::vector<lesson::Event>& events) {
    if (events.empty()) return;
    std::vector<std::string> texts;
    texts.reserve(events.size());
    for (const lesson::Event& event : events) {
        texts.push_back(lesson::to_json(event));
        waiting_.push_back({event.seq, [this, sequence = event.seq, json = texts.back(),
                                        for_pupils = lesson::to_json_for_pupils(event)] {
                                broadcast(sequence, json, for_pupils);
                            }});
    }
    outlet_.store(events.front().seq, std::move(texts));
    for (const lesson::Event& event : events) {
        outlet_.happened(event);
        close_after(event);
    }
    if (std::ranges::any_of(events, lesson::is_about_door))
        when_stored([this] { tell_those_at_door(); });
}

// Those who are sent away hear why first; a new teacher is welcomed again, with what teachers know.
void Classroom::close_after(const lesson::Event& event) {
    if (std::holds_alternative<lesson::event::Ended>(event.what)) {
        when_stored([this] { close_all(lesson::CloseCode::lesson_over); });
    } else if (const auto* removed = std::get_if<lesson::event::Removed>(&event.what)) {
        when_stored([this, identity = removed->identity] {
            close_sockets(identity, lesson::CloseCode::removed);
        });
    } else if (const auto* turned = std::get_if<lesson::event::TurnedAway>(&event.what)) {
        when_stored([this, identity = turned->identity] {
            close_sockets(identity, lesson::CloseCode::turned_away);
        });
    } else if (const auto* role = std::get_if<lesson::event::RoleGiven>(&event.what)) {
        when_stored([this, identity = role->identity] {
            const auto at = std::ranges::find_if(sockets_, [&](const auto& entry) {
                return entry.second.welcomed && entry.second.identity == identity;
            });
            if (at == sockets_.end()) return;
            if (lesson_.is_teacher(identity)) return welcome({at->first, identity, {}, 0});
            tell_about(at->first, identity);
        });
    }
}

void Classroom::when_stored(std::function<void()> say) {
    waiting_.push_back({lesson_.seq(), std::move(say)});
    say_what_is_stored();
}

void Classroom::say_what_is_stored() {
    while (!waiting_.empty() && waiting_.front().after <= stored_) {
        const auto say = std::move(waiting_.front().say);
        waiting_.pop_front();
        say();
    }
}

void Classroom::on_stored(std::uint64_t sequence) {
    stored_ = std::max(stored_, std::min(sequence, lesson_.seq()));
    say_what_is_stored();
}

void Classroom::broadcast(std::uint64_t sequence, const std::string& json,
                          const std::string& for_pupils) {
    for (auto& [id, socket] : sockets_) {
        if (!socket.welcomed || socket.sent >= sequence) continue;
        socket.sent = sequence;
        send(id, lesson_.is_teacher(socket.identity) ? json : for_pupils);
    }
}

void Classroom::send(SocketId socket, std::string text) {
    outlet_.sockets.send(socket, false, std::move(text));
}

void Classroom::open_socket(Opening opening) {
    close_sockets(opening.identity, lesson::CloseCode::replaced);
    sockets_[opening.socket].identity = opening.identity;
    // The welcome shows what is stored, never more.
    when_stored([this, opening = std::move(opening)] { welcome(opening); });
}

void Classroom::welcome(const Opening& opening) {
    const auto at = sockets_.find(opening.socket);
    if (at == sockets_.end()) return;
    const lesson::Participant* you = lesson_.find(opening.identity);
    if (you == nullptr) {
        return hang_up(opening.socket, lesson::CloseCode::removed);
    }
    if (lesson_.seq() > stored_) {  // others' commands came meanwhile
        when_stored([this, opening] { welcome(opening); });
        return;
    }
    std::optional<lesson::CatchUp> from;
    if (!opening.lesson_id.empty()) from = lesson::CatchUp{opening.lesson_id, opening.since};
    at->second.welcomed = true;
    at->second.sent = lesson_.seq();
    send(opening.socket, lesson::welcome(lesson_, *you, from, WallClock::now()));
    tell_about(opening.socket, opening.identity);
}

void Classroom::tell_about(SocketId socket, std::string_view identity) {
    const auto role = lesson_.is_teacher(identity) ? lesson::Role::teacher : lesson::Role::pupil;
    send(socket, lesson::about(setup_, role, end_));
}

void Classroom::foresee(std::optional<lesson::ForeseenEnd> end) {
    if (end == end_) return;
    end_ = end;
    for (const auto& [id, socket] : sockets_) {
        if (socket.welcomed) tell_about(id, socket.identity);
    }
}

void Classroom::open_at_door(Opening opening, command::Join once_admitted) {
    close_sockets(opening.identity, lesson::CloseCode::replaced);
    Socket& socket = sockets_[opening.socket];
    socket.identity = std::move(opening.identity);
    socket.at_door = std::move(once_admitted);
    when_stored([this] { tell_those_at_door(); });
}

void Classroom::tell_those_at_door() {
    for (const auto& [id, socket] : sockets_) {
        if (socket.at_door && lesson_.is_waiting(socket.identity))
            send(id, lesson::waiting(lesson_, socket.identity));
    }
}

void Classroom::let_in(std::string_view identity) {
    const auto at = std::ranges::find_if(sockets_, [&](const auto& entry) {
        return entry.second.at_door && entry.second.identity == identity;
    });
    if (at == sockets_.end()) return;  // comes back, and is not kept out then
    const auto join = *std::exchange(at->second.at_door, std::nullopt);
    const SocketId socket = at->first;
    if (!apply({{}, join})) return hang_up(socket, lesson::CloseCode::full);
    when_stored([this, opening = Opening{socket, join.identity, {}, 0}] { welcome(opening); });
}

void Classroom::hang_up(SocketId socket, lesson::CloseCode code) {
    outlet_.sockets.close(socket, static_cast<std::uint16_t>(code), "");
    sockets_.erase(socket);
}

void Classroom::on_message(SocketId socket, std::string_view text, Time now) {
    const auto at = sockets_.find(socket);
    if (at == sockets_.end()) return;
    if (!at->second.messages.take(1, now)) return hang_up(socket, lesson::CloseCode::bad_messages);
    const auto message = lesson::parse_message(text, at->second.identity);
    if (!message && !at->second.mistakes.take(1, now))
        return hang_up(socket, lesson::CloseCode::bad_messages);
    if (!message) {
        const auto [id, refusal] = message.error();
        when_stored([this, socket, id = id, refusal = refusal] {
            send(socket, lesson::refused(id, refusal));
        });
        return;
    }
    const std::uint64_t id = message->id;
    if (!message->command) {
        send(socket, lesson::pong(id, WallClock::now()));
        return;
    }
    const auto done = apply(*message->command);
    when_stored([this, socket, id, done, sequence = lesson_.seq()] {
        send(socket, done ? lesson::ok(id, sequence) : lesson::refused(id, done.error()));
    });
}

std::optional<std::string> Classroom::on_socket_closed(SocketId socket) {
    const auto node = sockets_.extract(socket);
    if (node.empty() || has_socket(node.mapped().identity)) return std::nullopt;
    return node.mapped().identity;
}

std::optional<std::string> Classroom::identity_of(SocketId socket) const {
    const auto at = sockets_.find(socket);
    return at == sockets_.end() ? std::nullopt : std::optional(at->second.identity);
}

bool Classroom::has_socket(std::string_view identity) const {
    return std::ranges::any_of(
        sockets_, [&](const auto& entry) { return entry.second.identity == identity; });
}

void Classroom::close_sockets(std::string_view identity, lesson::CloseCode code) {
    std::erase_if(sockets_, [&](const auto& entry) {
        if (entry.second.identity != identity) return false;
        outlet_.sockets.close(entry.first, static_cast<std::uint16_t>(code), "");
        return true;
    });
}

void Classroom::close_all(lesson::CloseCode code) {
    const auto& ended = lesson_.ended();
    const std::string why(ended ? lesson::name_of(ended->reason) : std::string_view{});
    for (const auto& [id, socket] : sockets_) {
        // Only the hub knows whether a lesson that was left by all is over for who waits for it.
        const bool comes_back = socket.at_door && !ended;
        const auto told = comes_back ? lesson::CloseCode::restart : code;
        outlet_.sockets.close(id, static_cast<std::uint16_t>(told), why);
    }
    sockets_.clear();
}

}  // namespace aula::room
