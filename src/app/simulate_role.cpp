// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

#include "app/roles.hpp"
#include "simulation/city.hpp"
#include "simulation/report.hpp"
#include "simulation/settings.hpp"
#include "simulation/trace.hpp"

namespace aula::app {
namespace {

using namespace simulation;

std::string read_trace_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path);
    std::error_code unknown;
    const auto size = std::filesystem::file_size(path, unknown);
    if (!unknown && size > most_trace_bytes) throw std::runtime_error(path + ": too large");
    std::ostringstream text;
    text << file.rdbuf();
    return std::move(text).str();
}

Lessons recorded(const std::string& path) {
    auto lessons = read_trace(read_trace_file(path));
    if (!lessons) throw std::runtime_error(path + ": " + in_words(lessons.error()));
    return replay(std::move(*lessons));
}

World world_of(const SimulateRole& role) {
    World world;
    world.seats_per_node = role.seats_per_node;
    world.standby_boot = {simulation::seconds(role.boot_seconds), role.boot_tail};
    // A recorded day has one kind of server; in the city a new one is copied from its template.
    world.template_boot = {simulation::seconds(role.boot_seconds * (role.trace.empty() ? 3 : 1)),
                           role.boot_tail};
    const auto faults =
        role.faults.empty() ? (role.trace.empty() ? "ordinary" : "none") : role.faults;
    if (faults == "ordinary") world.faults = ordinary_faults;
    if (faults == "hard") world.faults = hard_faults;
    return world;
}

using Lines = std::vector<std::pair<std::string, std::string>>;

void tell_of_world(const World& world, Lines& lines) {
    lines.emplace_back("Node", fmt::format("{} seats; 8 cores, 16 GB, 20 GB disk at example prices",
                                           world.seats_per_node));
    lines.emplace_back(
        "Boot", fmt::format("standby: median {:.0f} s, p99 {:.1f} times that, lognormal; from the "
                            "template: median {:.0f} s",
                            in_seconds(world.standby_boot.median), world.standby_boot.tail,
                            in_seconds(world.template_boot.median)));
    const auto& faults = world.faults;
    lines.emplace_back(
        "Faults",
        fmt::format("{:.0f} % of boots never report, {:.0f} % of power-on jobs fail, {:.0f} "
                    "outages a year of the cloud's API for 20 minutes from 07:40, {:.0f} % of "
                    "working mornings throttled to 20 calls a minute",
                    faults.dead_boots * 100, faults.failed_jobs * 100, faults.outages_a_year,
                    faults.throttled_days * 100));
    lines.emplace_back("Node-minutes",
                       "from power-on to power-off, boot minutes included, for "
                       "every policy alike");
    lines.emplace_back("Waiting",
                       "a lesson that finds no seat waits; after 10 minutes it is refused");
    lines.emplace_back("Other rules",
                       "place a room on the node with the fewest people, as they do in reality; "
                       "rooms cannot move. Each was tried with every setting of a grid over its "
                       "own knobs. In their favour: a new server boots as fast as a standby, and "
                       "their disks cost nothing");
}

void tell_of_city(const CityTraits& city, Lines& lines) {
    lines.emplace_back(
        "City", fmt::format("{} pupils in schools of {}, classes of about 25, lessons of 45 "
                            "minutes; {:.0f} % of class hours online, more in winter than in "
                            "summer; weekends, 14 weeks of holidays, five single days off",
                            city.pupils, city.pupils_a_school, city.online * 100));
    lines.emplace_back("Coming and going",
                       "from 4 minutes before to 6 after the bell, most 1 before, 5 % later; "
                       "ends 0 to 3 minutes after the bell, 8 % overrun by 6 minutes in the mean");
    lines.emplace_back("Unlike announced",
                       "2 % of announced lessons do not take place, 7 % of pupils are missing, 5 % "
                       "of rosters are wrong by up to 30 %, 2 % of lessons begin up to 10 minutes "
                       "early or late; each school announces 70 to 95 % of its rooms: of the "
                       "others half are lessons, half small rooms between 8:00 and 19:00");
    lines.emplace_back("Lockdown",
                       "one of the judged weeks: everything tenfold, at most all classes; one "
                       "school in ten does not announce its first day");
    lines.emplace_back("Size of a room",
                       "a room keeps the seats that habit expects until six minutes after the "
                       "bell, then what came; that more come than expected is known as it opens");
}

void write_file(const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

void print_summary(const Study& study) {
    for (const auto& policy : study.policies) {
        const auto all = summary(study, policy, Part::judged);
        const auto ordinary = summary(study, policy, Part::ordinary);
        std::fprintf(stderr,
                     "%-19s %9.0f node-minutes, %.3f x best packing (%.3f ordinary weeks), delayed "
                     "%llu (%llu), refused %llu; %s\n",
                     policy.name.c_str(), all.node_minutes, all.to_packing(), ordinary.to_packing(),
                     static_cast<unsigned long long>(all.figures.delayed()),
                     static_cast<unsigned long long>(ordinary.figures.delayed()),
                     static_cast<unsigned long long>(all.figures.refused), policy.knobs.c_str());
    }
}

}  // namespace

int run_simulate(const SimulateRole& role) {
    if (role.json.empty() && role.html.empty())
        throw std::runtime_error("--json or --html is needed");
    StudyTask task;
    About about;
    task.world = about.world = world_of(role);
    about.is_trace = !role.trace.empty();
    about.pupils = about.is_trace ? 0 : role.pupils;
    about.first_seed = task.first_seed = role.first_seed;
    about.seeds = task.seeds = role.seeds;
    if (about.is_trace) {
        task.lessons = [lessons = recorded(role.trace)](std::uint64_t) { return lessons; };
    } else {
        CityTraits city;
        city.pupils = role.pupils;
        city.days = role.days;
        city.online = role.online;
        task.lessons = [city](std::uint64_t seed) mutable {
            city.seed = seed;
            return simulation::city(city);
        };
        tell_of_city(city, about.assumed);
    }
    about.days = task.lessons(role.first_seed).days;
    // Halves of less than two weeks each are no halves.
    task.is_tuned = about.is_tuned = !about.is_trace && about.days >= 28;
    tell_of_world(task.world, about.assumed);
    task.search_rounds = role.search_rounds;
    task.progress = [](const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); };

    SettingsTask grid;
    grid.seats_per_node = role.seats_per_node;
    grid.is_tuned = grid.has_others = !role.plain;
    grid.most_nodes = role.most_nodes != 0 ? role.most_nodes
                                           : std::max(100u, role.pupils / role.seats_per_node * 2);
    const auto result = study(task, [&](unsigned peak) { return settings(grid, peak); });
    if (!role.json.empty()) write_file(role.json, to_json(result, about));
    if (!role.html.empty()) write_file(role.html, to_html(result, about));
    print_summary(result);
    return 0;
}

}  // namespace aula::app
