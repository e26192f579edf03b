// SPDX-License-Identifier: Apache-2.0
#include "app/command_line_measuring.hpp"

#include <CLI/CLI.hpp>

#include "app/roles.hpp"

namespace aula::app {
namespace {

void add_bench_place(CLI::App& bench, BenchRole& role) {
    bench.add_option("--hub", role.hub, "URL of the hub")->capture_default_str();
    bench
        .add_option("--livekit-key", role.livekit_key,
                    "KEY:SECRET of the LiveKit API; absent: that of the hub with --data")
        ->envname("AULA_LIVEKIT_KEY");
    bench.add_option("--data", role.data, "Data folder of a hub on this machine")
        ->capture_default_str();
}

void add_bench_options(CLI::App& bench, BenchRole& role) {
    add_bench_place(bench, role);
    bench.add_option("--json", role.json, "File for the figures; absent: standard output");
}

void add_bench_api(CLI::App& bench, BenchRole& role) {
    auto* api = bench.add_subcommand(
        "api",
        "A learning platform before the bell: creates all meetings, then sends all people in");
    api->add_option("--hub", role.hub, "URL of the hub")->capture_default_str();
    api->add_option("--bbb-secret", role.bbb_secret, "Secret of the BigBlueButton API")
        ->required()
        ->envname("AULA_BBB_SECRET");
    api->add_option("--json", role.json, "File for the figures; absent: standard output");
    api->add_option("--meetings", role.classes, "How many")
        ->required()
        ->check(CLI::Range(1, 100000));
    api->add_option("--pupils", role.pupils, "In each, beside the teacher")
        ->capture_default_str()
        ->check(CLI::Range(0, 1000));
    api->add_option("--seconds", role.seconds, "For the creates, and again for the joins")
        ->capture_default_str()
        ->check(CLI::Range(1, 3600));
    api->callback([&role] { role.api = true; });
}

void add_simulated_city(CLI::App& simulate, SimulateRole& role) {
    simulate.add_option("--pupils", role.pupils, "Of the generated city")
        ->capture_default_str()
        ->check(CLI::Range(1, 5'000'000));
    simulate.add_option("--days", role.days, "From the last Monday of August on")
        ->capture_default_str()
        ->check(CLI::Range(1, 3'650));
    simulate.add_option("--seeds", role.seeds, "Cities of this kind")
        ->capture_default_str()
        ->check(CLI::Range(1, 1'000));
    simulate.add_option("--first-seed", role.first_seed, "The first one's")->capture_default_str();
    simulate.add_option("--online", role.online, "Share of class hours online on ordinary days")
        ->capture_default_str()
        ->check(CLI::Range(0.001, 1.0));
    simulate.add_option("--trace", role.trace,
                        "CSV of recorded lessons in place of a city, Unix seconds: "
                        "lesson,school,planned_start,planned_end,planned_seats,start,end,seats");
}

}  // namespace

void add_bench(CLI::App& app, BenchRole& role) {
    auto* bench = app.add_subcommand("bench", "Load tests with native participants");
    bench->require_subcommand(1);
    auto* classes = bench->add_subcommand("classes", "Fills lessons and counts what arrives");
    add_bench_options(*classes, role);
    classes->add_option("--classes", role.classes, "Lessons at once")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    classes->add_option("--pupils", role.pupils, "In each, beside the teacher")
        ->capture_default_str()
        ->check(CLI::Range(0, 1000));
    classes->add_option("--cameras", role.cameras, "In each, with microphone; the teacher's first")
        ->capture_default_str()
        ->check(CLI::Range(0, 1001));
    classes->add_option("--seconds", role.seconds, "How long is measured, once all are inside")
        ->capture_default_str()
        ->check(CLI::Range(1, 3600));
    classes->add_option("--joins-per-second", role.joins_a_second, "Pace of joining")
        ->capture_default_str()
        ->check(CLI::Range(1.0, 1000.0));
    auto* people = bench->add_subcommand(
        "people", "People who come and go as standard input says: join|leave ROOM IDENTITY");
    add_bench_place(*people, role);
    people->callback([&role] { role.people = true; });
    auto* joins = bench->add_subcommand("joins", "Joins as fast as told; who is inside leaves");
    add_bench_options(*joins, role);
    joins->add_option("--joins", role.joins, "How many")->required()->check(CLI::Range(1, 100000));
    joins->add_option("--seconds", role.seconds, "Over which time")
        ->capture_default_str()
        ->check(CLI::Range(1, 3600));
    add_bench_api(*bench, role);
}

void add_simulate(CLI::App& app, SimulateRole& role) {
    auto* simulate = app.add_subcommand(
        "simulate", "A year of a city in virtual time: what the fleet costs, and who has to wait");
    simulate->add_option("--json", role.json, "File for the figures");
    simulate->add_option("--html", role.html, "File for the report");
    add_simulated_city(*simulate, role);
    simulate->add_option("--seats-per-node", role.seats_per_node, "Participants a node carries")
        ->capture_default_str()
        ->check(CLI::Range(1, 100'000));
    simulate->add_option("--boot-seconds", role.boot_seconds, "From power-on to ready, the median")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 36'000.0));
    simulate->add_option("--boot-tail", role.boot_tail, "Its 99th percentile over its median")
        ->capture_default_str()
        ->check(CLI::Range(1.0, 100.0));
    simulate
        ->add_option("--faults", role.faults,
                     "none, ordinary or hard; absent: ordinary, with a trace none")
        ->check(CLI::IsMember({"none", "ordinary", "hard"}));
    simulate->add_option("--most-nodes", role.most_nodes, "Ceiling; 0: all that may be needed")
        ->capture_default_str()
        ->check(CLI::Range(0, 100'000));
    simulate
        ->add_option("--search-rounds", role.search_rounds,
                     "Of improving the packing with full knowledge, a hundred lessons")
        ->capture_default_str()
        ->check(CLI::Range(0, 1'000'000));
    simulate->add_flag("--plain", role.plain,
                       "The default policy only: no other setting, nobody else's rule");
}

}  // namespace aula::app
