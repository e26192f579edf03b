// SPDX-License-Identifier: Apache-2.0
#include "room/classroom.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace aula::room {

namespace command = lesson::command;

Classroom::Classroom(std::string name, std::string title,
                     const std::vector<std::string>& stored_events, Outlet outlet)
    : outlet_(std::move(outlet)) {
    for (const std::string& json : stored_events) {
        if (!lesson::take_stored(lesson_, json))
            log::warning("stored lesson event left out", {{"room", name}});
    }
    stored_ = lesson_.seq();
    if (lesson_.ended()) return;
    std::string shown = title.empty() ? name : std::move(title);
    [[maybe_unused]] const auto opened =
        apply({{}, command::Open{std::move(name), std::move(shown), {}}});
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
        waiting_.push_back({event.seq, [this, sequence = event.seq, json = texts.back()] {
                                broadcast(sequence, json);
                            }});
    }
    outlet_.store(events.front().seq, std::move(texts));
    for (const lesson::Event& event : events) {
        outlet_.happened(event);
        close_after(event);
    }
}

// Those who are sent away hear why first.
void Classroom::close_after(const lesson::Event& event) {
    if (std::holds_alternative<lesson::event::Ended>(event.what)) {
        when_stored([this] { close_all(lesson::CloseCode::lesson_over); });
    } else if (const auto* removed = std::get_if<lesson::event::Removed>(&event.what)) {
        when_stored([this, identity = removed->identity] {
            close_sockets(identity, lesson::CloseCode::removed);
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

void Classroom::broadcast(std::uint64_t sequence, const std::string& json) {
    for (auto& [id, socket] : sockets_) {
        if (!socket.welcomed || socket.sent >= sequence) continue;
        socket.sent = sequence;
        send(id, json);
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
    for (const auto& [id, socket] : sockets_) {
        outlet_.sockets.close(id, static_cast<std::uint16_t>(code), "");
    }
    sockets_.clear();
}

}  // namespace aula::room
