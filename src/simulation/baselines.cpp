// SPDX-License-Identifier: Apache-2.0
#include "simulation/baselines.hpp"

#include <algorithm>
#include <cmath>
#include <deque>

#include "simulation/counting_scaler.hpp"

namespace aula::simulation {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr unsigned most_nodes_of_a_rule = 10'000;

bool is_working_day(WallTime now) {
    const std::chrono::weekday day(std::chrono::floor<std::chrono::days>(now));
    return day != std::chrono::Saturday && day != std::chrono::Sunday;
}

Duration time_of_day(WallTime now) { return now - std::chrono::floor<std::chrono::days>(now); }

unsigned nodes_for(double amount, double of_one) {
    return static_cast<unsigned>(std::ceil(std::clamp(amount / of_one, 0.0, 1e4)));
}

class OfficeHoursScaler : public CountingScaler {
public:
    explicit OfficeHoursScaler(const OfficeHours& rule)
        : CountingScaler(minutes(1), minutes(0), minutes(0)), rule_(rule) {}

private:
    unsigned wished(const Load&, const fleet::Demand&, WallTime now) override {
        if (rule_.always) return rule_.nodes;
        const auto time = time_of_day(now);
        const bool is_on = is_working_day(now) && time >= rule_.from && time < rule_.until;
        return is_on ? rule_.nodes : rule_.nodes_outside;
    }
    OfficeHours rule_;
};

class DivimsScaler : public CountingScaler {
public:
    explicit DivimsScaler(const DivimsRule& rule)
        : CountingScaler(minutes(5), rule.least_life, rule.counts_as_ready), rule_(rule) {}
    bool looks_ahead() const override { return rule_.has_calendar; }

private:
    unsigned wished(const Load& load, const fleet::Demand& demand, WallTime now) override {
        const bool grew = load.people > 1.2 * people_before_;
        people_before_ = load.people;
        const double factor = grew ? rule_.factor_when_growing : rule_.factor;
        const auto by_people = nodes_for(factor * load.people, people_on_one(load));
        const auto by_rooms = nodes_for(factor * load.rooms, rule_.meetings_a_server);
        const auto least = std::max({1u, by_people, by_rooms});
        return rule_.has_calendar ? std::max(least, by_calendar(load, demand, now)) : least;
    }

    double people_on_one(const Load& load) const {
        return std::min(rule_.participants_a_server, load.seats_of_one);
    }

    /// The calendar says how many users there will be; those who keep it well write it `lead` early
    /// and leave it until the lesson is over.
    unsigned by_calendar(const Load& load, const fleet::Demand& demand, WallTime now) const {
        fleet::Seats coming = 0;
        unsigned rooms = 0;
        for (const auto& lesson : demand.lessons) {
            if (lesson.start > now + rule_.lead) continue;
            coming += lesson.seats;
            ++rooms;
        }
        return std::max(nodes_for(load.people + coming, people_on_one(load)),
                        nodes_for(load.rooms + rooms, rule_.meetings_a_server));
    }

    DivimsRule rule_;
    double people_before_ = 0;
};

class JitsiScaler : public CountingScaler {
public:
    explicit JitsiScaler(const JitsiRule& rule)
        : CountingScaler(minutes(1), minutes(10), minutes(0)), rule_(rule) {}

private:
    unsigned wished(const Load& load, const fleet::Demand&, WallTime now) override {
        const double stress = load.stress();
        above_ = stress > rule_.up ? above_ + 1 : 0;
        below_ = stress < rule_.down ? below_ + 1 : 0;
        auto wish = std::max(load.nodes, rule_.least);
        if (now < paused_until_) return wish;
        if (above_ >= rule_.periods_up) wish += rule_.step;
        if (below_ >= rule_.periods_down) wish -= std::min(rule_.step, wish);
        wish = std::clamp(wish, rule_.least, most_nodes_of_a_rule);
        if (wish != load.nodes) {
            paused_until_ = now + rule_.pause;
            above_ = below_ = 0;
        }
        return wish;
    }
    JitsiRule rule_;
    unsigned above_ = 0;
    unsigned below_ = 0;
    WallTime paused_until_{};
};

class OneMoreScaler : public CountingScaler {
public:
    explicit OneMoreScaler(const OneMoreRule& rule)
        : CountingScaler(minutes(5), minutes(0), minutes(0)), rule_(rule) {}

private:
    unsigned wished(const Load& load, const fleet::Demand&, WallTime now) override {
        const auto time = time_of_day(now);
        const bool in_window =
            is_working_day(now) && time >= hours(7) && time < hours(12) + minutes(30);
        const auto least = in_window ? rule_.least_in_window : rule_.least;
        auto wish = load.nodes;
        if (load.stress() > rule_.threshold) {
            ++wish;
        } else if (load.nodes > 0 &&
                   load.stress() * load.nodes / std::max(1u, load.nodes - 1) < rule_.threshold) {
            --wish;
        }
        return std::clamp(wish, least, most_nodes_of_a_rule);
    }
    OneMoreRule rule_;
};

class TargetScaler : public CountingScaler {
public:
    explicit TargetScaler(const TargetRule& rule)
        : CountingScaler(tick, minutes(0), minutes(0)), rule_(rule) {}

private:
    static constexpr auto tick = std::chrono::seconds(15);

    unsigned wished(const Load& load, const fleet::Demand&, WallTime now) override {
        const double of_one = rule_.target * load.seats_of_one;
        const auto needed = nodes_for(load.people, of_one);
        const auto most = std::max(load.nodes * 2, load.nodes + 4);
        const auto wish = std::clamp(needed, rule_.least, std::max(rule_.least, most));
        wishes_.push_back({now, wish});
        while (wishes_.front().first < now - rule_.window) wishes_.pop_front();
        if (wish >= load.nodes) return wish;
        unsigned highest = 0;
        for (const auto& [at, one] : wishes_) highest = std::max(highest, one);
        return std::min(highest, load.nodes);
    }
    TargetRule rule_;
    std::deque<std::pair<WallTime, unsigned>> wishes_;
};

}  // namespace

std::unique_ptr<Scaler> make_scaler(const OfficeHours& rule) {
    return std::make_unique<OfficeHoursScaler>(rule);
}
std::unique_ptr<Scaler> make_scaler(const DivimsRule& rule) {
    return std::make_unique<DivimsScaler>(rule);
}
std::unique_ptr<Scaler> make_scaler(const JitsiRule& rule) {
    return std::make_unique<JitsiScaler>(rule);
}
std::unique_ptr<Scaler> make_scaler(const OneMoreRule& rule) {
    return std::make_unique<OneMoreScaler>(rule);
}
std::unique_ptr<Scaler> make_scaler(const TargetRule& rule) {
    return std::make_unique<TargetScaler>(rule);
}

}  // namespace aula::simulation
