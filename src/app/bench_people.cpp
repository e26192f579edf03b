// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#include <unistd.h>

#include "app/bench_key.hpp"
#include "app/bench_seat.hpp"
#include "app/roles.hpp"

namespace aula::app {
namespace {

constexpr Duration look = 50ms;
constexpr Duration between_tries = 300ms;
constexpr std::size_t longest_line = 512;
constexpr std::size_t most_people = 5'000;

/// People who come and go as standard input says, "join ROOM IDENTITY" or "leave ROOM IDENTITY" a
/// line, and say so on standard output: "in ROOM IDENTITY", "out ROOM IDENTITY WHY". Who cannot get
/// in tries again, as the classroom's page does; who was in and was put out does not.
class People {
public:
    People(net::Loop& loop, const BenchRole& role)
        : loop_(loop),
          room_{loop, identity_, role.hub, *net::Address::parse("0.0.0.0:0"), bench_key(role)} {}

    void start();

private:
    struct Person {
        SeatPlan plan;
        std::unique_ptr<Seat> seat;
        bool is_in = false;
        Time next_try{};
    };

    void on_input();
    void obey(const std::string& line);
    void on_look();
    void look_at(Person& person);
    void let_go(std::unique_ptr<Seat> seat);
    void everybody_leaves();

    net::Loop& loop_;
    dtls::Identity identity_;
    BenchRoom room_;
    std::map<std::string, Person> people_;  // by "ROOM IDENTITY"
    std::string input_;
};

void People::start() {
    loop_.watch(STDIN_FILENO, true, false, [this](net::Ready) { on_input(); });
    loop_.every(look, [this] { on_look(); });
}

void People::on_input() {
    char bytes[4096];
    const auto got = read(STDIN_FILENO, bytes, sizeof bytes);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) return everybody_leaves();
    input_.append(bytes, static_cast<std::size_t>(got));
    for (auto end = input_.find('\n'); end != std::string::npos; end = input_.find('\n')) {
        obey(input_.substr(0, end));
        input_.erase(0, end + 1);
    }
    if (input_.size() > longest_line)
        throw std::runtime_error("a line of standard input is too long");
}

void People::obey(const std::string& line) {
    const auto word = line.find(' ');
    const auto name = word == std::string::npos ? std::string() : line.substr(word + 1);
    const auto middle = name.find(' ');
    if (middle == std::string::npos || people_.size() >= most_people) {
        throw std::runtime_error("cannot obey: " + line);
    }
    if (line.starts_with("join ")) {
        SeatPlan plan;
        plan.room = name.substr(0, middle);
        plan.identity = name.substr(middle + 1);
        people_.try_emplace(name).first->second.plan = std::move(plan);
    } else if (const auto person = people_.find(name); person != people_.end()) {
        let_go(std::move(person->second.seat));
        people_.erase(person);
    }
}

void People::on_look() {
    for (auto& [name, person] : people_) look_at(person);
    std::erase_if(people_,
                  [](const auto& entry) { return entry.second.is_in && !entry.second.seat; });
    std::fflush(stdout);
}

void People::look_at(Person& person) {
    if (!person.seat) {
        if (loop_.now() >= person.next_try)
            person.seat = std::make_unique<Seat>(room_, person.plan);
        return;
    }
    const auto& [room, identity] = std::pair(person.plan.room, person.plan.identity);
    if (const auto& why = person.seat->failure()) {
        std::printf("%s %s %s %s\n", person.is_in ? "out" : "refused", room.c_str(),
                    identity.c_str(), why->c_str());
        person.next_try = loop_.now() + between_tries;
        let_go(std::move(person.seat));
    } else if (!person.is_in && person.seat->client()->is_connected()) {
        person.is_in = true;
        std::printf("in %s %s\n", room.c_str(), identity.c_str());
    }
}

/// Frames may be on their way to it in this turn.
void People::let_go(std::unique_ptr<Seat> seat) {
    if (!seat) return;
    seat->leave();
    loop_.after(100ms, [gone = std::shared_ptr<Seat>(std::move(seat))]() mutable { gone.reset(); });
}

void People::everybody_leaves() {
    loop_.unwatch(STDIN_FILENO);
    for (auto& [name, person] : people_) let_go(std::move(person.seat));
    people_.clear();
    loop_.after(300ms, [this] { loop_.stop(); });  // the goodbyes go out first
}

}  // namespace

int run_bench_people(const BenchRole& role) {
    raise_descriptor_limit();
    net::Loop loop;
    People people(loop, role);
    loop.on_signal(SIGTERM, [&] { loop.stop(); });
    loop.on_signal(SIGINT, [&] { loop.stop(); });
    people.start();
    loop.run();
    return 0;
}

}  // namespace aula::app
