// SPDX-License-Identifier: Apache-2.0
// Tomorrow and "what if": the simulator answers, with the lessons that were or will be.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include <boost/json.hpp>

#include "hub/demand.hpp"
#include "hub/demand_forecast.hpp"
#include "hub/keeper.hpp"
#include "hub/ledger_keeping.hpp"
#include "hub/lesson_trace.hpp"
#include "hub/operator_api.hpp"
#include "hub/operator_json.hpp"
#include "hub/timetables.hpp"
#include "simulation/trace.hpp"

namespace aula::hub {

namespace {

constexpr auto one_day = std::chrono::hours(24);
constexpr unsigned days_of_a_week = 7;
constexpr int most_points = 480;  // of a day three minutes, of a week 21
// People come a little before the bell, and the last of them a little after it.
constexpr auto early = std::chrono::minutes(2);
constexpr auto late = std::chrono::minutes(3);

/// By the city's calendar.
WallTime midnight_of(const timetable::Zone& zone, WallTime at, unsigned days_before) {
    return zone.midnight(zone.date(at) - std::chrono::days(days_before));
}

simulation::Lesson as_announced(fleet::LessonKey key, fleet::SchoolKey school, WallTime start,
                                WallTime end, fleet::Seats seats) {
    simulation::Lesson lesson;
    lesson.key = key;
    lesson.school = school;
    lesson.planned = simulation::Announcement{start, end, seats};
    lesson.start = start - early;
    lesson.filled = start + late;
    lesson.end = end;
    lesson.seats = seats;
    return lesson;
}

/// The most of each of equal stretches, so that no peak is thinned away, and a night without a
/// sample is no busier than its beginning.
boost::json::object curve_json(const std::vector<simulation::Sample>& samples, WallTime from,
                               WallTime until) {
    boost::json::array at, nodes, seats;
    const auto stretch = (until - from) / most_points;
    auto next = samples.begin();
    simulation::Sample now;
    for (WallTime begin = from; begin < until; begin += stretch) {
        for (; next != samples.end() && next->at <= begin; ++next) now = *next;
        auto most = now;
        for (; next != samples.end() && next->at < begin + stretch; ++next) {
            now = *next;
            most.nodes = std::max(most.nodes, now.nodes);
            most.seats = std::max(most.seats, now.seats);
        }
        at.push_back(unix_ms(begin));
        nodes.push_back(most.nodes);
        seats.push_back(most.seats);
    }
    return {{"at", std::move(at)}, {"nodes", std::move(nodes)}, {"seats", std::move(seats)}};
}

/// Starts that are ordered together for one reason are one line.
boost::json::array starts_json(const std::vector<OutlookRun::Ordered>& orders, WallTime from,
                               fleet::Language language, const timetable::Zone& zone) {
    boost::json::array starts;
    for (const auto& order : orders) {
        const bool is_start = order.action.kind == fleet::Action::Kind::start ||
                              order.action.kind == fleet::Action::Kind::make;
        if (!is_start || order.at < from) continue;
        const auto offset = duration_cast<std::chrono::minutes>(zone.offset(order.at));
        const auto words = fleet::in_words(order.action.reason, language, offset);
        if (!starts.empty()) {
            auto& last = starts.back().as_object();
            if (last.at("at").as_int64() == unix_ms(order.at) &&
                last.at("words").as_string() == words) {
                last["nodes"] = last.at("nodes").as_int64() + 1;
                continue;
            }
        }
        starts.push_back(
            boost::json::object{{"at", unix_ms(order.at)}, {"nodes", 1}, {"words", words}});
    }
    return starts;
}

boost::json::object figures_json(const OutlookRun& run, double euros_a_minute) {
    const auto sum = run.outcome.sum([](unsigned) { return true; });
    const double minutes = std::chrono::duration<double>(sum.node_time).count() / 60;
    return {{"node_minutes", minutes},
            {"cost_eur", minutes * euros_a_minute},
            {"most_nodes", run.outcome.most_nodes},
            {"lessons", sum.lessons},
            {"refused", sum.refused},
            {"delayed_over_30s", sum.delayed()},
            {"starts", sum.power_ons},
            {"wait_s",
             {{"p50", sum.waits.quantile(0.5)},
              {"p95", sum.waits.quantile(0.95)},
              {"p99", sum.waits.quantile(0.99)},
              {"max", sum.waits.longest()}}}};
}

/// "?fill=0.8&bell_spares=2" as an object of numbers; what is no number stays away.
boost::json::object numbers_of(const http::Parameters& parameters) {
    boost::json::object numbers;
    for (const auto& [name, text] : parameters) {
        double number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc() && end == text.data() + text.size()) numbers[name] = number;
    }
    return numbers;
}

simulation::BootTime boot_time(const fleet::BootTimes& measured) {
    simulation::BootTime boot;
    boot.median = measured.median;
    // A lognormal's p99 from its p95: the exponents are 2.326 and 1.645 deviations.
    const double ratio = std::chrono::duration<double>(measured.p95) / measured.median;
    boot.tail = std::clamp(std::pow(std::max(1.0, ratio), 2.326 / 1.645), 1.0, 20.0);
    return boot;
}

/// What the demand expects, as if it came so.
std::vector<simulation::Lesson> lessons_of(const std::vector<fleet::ExpectedLesson>& expected) {
    std::vector<simulation::Lesson> lessons;
    for (const auto& lesson : expected)
        lessons.push_back(
            as_announced(lesson.key, lesson.school, lesson.start, lesson.end, lesson.seats));
    return lessons;
}

/// As the timetables have it, which is what was known of it before.
std::vector<simulation::Lesson> lessons_between(const std::vector<Timetables::Entry>& schools,
                                                WallTime from, WallTime until,
                                                const Worker::Stopped& stopped) {
    std::vector<simulation::Lesson> lessons;
    for (const auto& school : schools) {
        if (stopped) break;
        for (const auto& lesson : timetable::expand(*school.school, school.zone, from, until))
            lessons.push_back(
                as_announced(lesson.key, school.key, lesson.start, lesson.end, lesson.size));
    }
    return lessons;
}

/// The coming day, to be reckoned and lived through.
struct Outlook {
    CityForecast demand;
    std::vector<fleet::ExpectedLesson> lessons;
    OutlookQuestion question;
    WallTime now;
    fleet::Language language = fleet::Language::english;
    timetable::Zone zone = timetable::Zone::utc();

    std::string reckon(const Worker::Stopped& stopped);
};

std::string Outlook::reckon(const Worker::Stopped& stopped) {
    question.lessons = lessons_of(lessons);
    const auto runs = live_through(question, stopped);
    if (!runs) return {};
    const auto& run = runs->front();
    return boost::json::serialize(
        boost::json::object{{"now", unix_ms(now)},
                            {"lessons", lessons.size()},
                            {"demand", boost::json::parse(forecast_json(demand))},
                            {"curve", curve_json(run.outcome.samples, now, now + one_day)},
                            {"starts", starts_json(run.orders, now, language, zone)}});
}

/// As they really were, known a day ahead as they were announced.
std::vector<simulation::Lesson> lessons_again(const std::vector<store::PastLesson>& recorded) {
    auto lessons = simulation::read_trace(
        trace_csv(recorded, [](fleet::SchoolKey key) { return std::to_string(key); }));
    return lessons ? std::move(*lessons) : std::vector<simulation::Lesson>();
}

/// The week that was, with the present policy and with another one.
struct WeekAgain {
    std::vector<store::PastLesson> recorded;
    std::vector<Timetables::Entry> schools;  // when nothing is recorded
    OutlookQuestion question;
    double euros_a_minute = 0;

    std::string reckon(const Worker::Stopped& stopped);
};

std::string WeekAgain::reckon(const Worker::Stopped& stopped) {
    const auto until = question.from + one_day * question.days;
    question.lessons = lessons_again(recorded);
    const bool is_recorded = !question.lessons.empty();
    if (!is_recorded) question.lessons = lessons_between(schools, question.from, until, stopped);
    const auto runs = live_through(question, stopped);
    if (!runs) return {};
    const auto& present = runs->at(0);
    const auto& asked = runs->at(1);
    return boost::json::serialize(boost::json::object{
        {"from", unix_ms(question.from)},
        {"days", question.days},
        {"lessons", question.lessons.size()},
        {"source", is_recorded ? "recorded" : "timetable"},
        {"present", figures_json(present, euros_a_minute)},
        {"asked", figures_json(asked, euros_a_minute)},
        {"present_curve", curve_json(present.outcome.samples, question.from, until)},
        {"asked_curve", curve_json(asked.outcome.samples, question.from, until)}});
}

}  // namespace

/// Of a node like those that are there.
double OperatorApi::euros_a_node_minute() const {
    if (wiring_.ledger == nullptr) return 0;
    const auto nodes = wiring_.keeper->view().nodes;
    const auto sized = std::find_if(nodes.begin(), nodes.end(),
                                    [](const NodeView& node) { return node.cores > 0; });
    if (sized == nodes.end()) {
        const PoolOptions usual;
        return wiring_.ledger->euros_a_minute(usual.cores, usual.memory_gb);
    }
    return wiring_.ledger->euros_a_minute(sized->cores, sized->memory_gb);
}

OutlookQuestion OperatorApi::question_of(WallTime from, unsigned days) const {
    OutlookQuestion question;
    question.from = from;
    question.days = days;
    const auto view = wiring_.keeper->view();
    question.world.standby_boot = boot_time(view.standby_boot);
    question.world.template_boot = boot_time(view.template_boot);
    question.world.standby_servers =
        static_cast<unsigned>(std::count_if(view.nodes.begin(), view.nodes.end(),
                                            [](const NodeView& node) { return node.is_standby; }));
    question.policies = {view.policy};
    return question;
}

template <class Question>
void OperatorApi::reckon(const Call& call, Question question) {
    const bool taken = outlook_.ask(
        [question = std::move(question)](const Worker::Stopped& stopped) mutable {
            return question.reckon(stopped);
        },
        [call](const std::string& json) { call.say_json(json); });
    if (!taken) call.say(fail(ApiError{503, "busy", "too many questions at once", 3}));
}

void OperatorApi::forecast(const Call& call) {
    if (wiring_.demand == nullptr || wiring_.keeper == nullptr)
        return call.say(fail(ApiError{503, "unavailable", "this hub knows no timetables", 5}));
    Outlook outlook;
    outlook.now = wiring_.clock.now();
    outlook.zone = wiring_.demand->zone();
    const auto until = outlook.now + one_day;
    outlook.demand = wiring_.demand->forecast(outlook.now, until);
    outlook.lessons = wiring_.demand->expected(outlook.now, until).lessons;
    outlook.question = question_of(midnight_of(outlook.zone, outlook.now, 0), 3);
    if (call.parameter("language") == "de") outlook.language = fleet::Language::german;
    reckon(call, std::move(outlook));
}

void OperatorApi::what_if(const Call& call) {
    if (wiring_.timetables == nullptr || wiring_.demand == nullptr || wiring_.keeper == nullptr)
        return call.say(fail(ApiError{503, "unavailable", "this hub knows no timetables", 5}));
    const auto present = wiring_.keeper->view().policy;
    const auto other = policy_in(numbers_of(call.parameters), present);
    if (!other) return call.say(fail(other.error()));
    const auto& zone = wiring_.demand->zone();
    const auto now = wiring_.clock.now();
    WeekAgain week;
    for (const auto& [id, entry] : wiring_.timetables->all()) week.schools.push_back(entry);
    week.question = question_of(midnight_of(zone, now, days_of_a_week), days_of_a_week);
    week.question.policies = {present, *other};
    week.euros_a_minute = euros_a_node_minute();
    const auto from = week.question.from;
    wiring_.demand->recorded(from, midnight_of(zone, now, 0),
                             [this, call, week = std::move(week)](
                                 Expected<std::vector<store::PastLesson>, Error> recorded) mutable {
                                 if (!recorded)
                                     return call.say(fail(api_error_of(recorded.error())));
                                 week.recorded = std::move(*recorded);
                                 reckon(call, std::move(week));
                             });
}

}  // namespace aula::hub
