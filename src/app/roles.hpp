// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

/// What main() has read from the command line, as text; each role reads its own and says what is
/// wrong with it. A role throws std::runtime_error when its start-up cannot go on, and returns the
/// exit code.
namespace aula::app {

struct HubRole {
    std::string listen = "127.0.0.1:8080";
    std::string node_link = "127.0.0.1:7880";
    std::string node_host;  // empty: the IP of node_link
    std::string data = "data";
    std::string web;         // empty: beside the program
    std::string public_url;  // empty: http://LISTEN
    std::string bbb_secret;
    std::vector<std::string> livekit_keys;  // "KEY:SECRET"
    std::vector<std::string> webhook_urls;
    std::vector<std::string> trusted_proxies;
    std::string cloud;              // URL of its API; empty: nodes are somebody else's affair
    std::string cloud_credentials;  // file; empty: the environment
    std::string policy;             // JSON file; an operator's change wins
    std::string prices;             // JSON file; empty: example prices
    std::string pool = "rooms";
    std::string node_template;  // id
    unsigned node_cores = 4;
    unsigned node_memory = 8;    // GB
    unsigned node_storage = 20;  // GB
    bool node_ipv6 = false;
    std::string clock;  // "REAL,SHOWN,SPEED"
    std::string zone = "Europe/Berlin";
};
int run_hub(const HubRole& role);

/// Makes the configuration of a node that shall dial in to the hub with this data folder.
struct InviteRole {
    std::string name;
    std::string hub;  // "HOST:PORT"
    std::string data = "data";
};
int run_invite(const InviteRole& role);

struct NodeRole {
    std::string config;  // a JSON file in place of all others
    std::string hub;
    std::string authority, certificate, key;  // PEM files
    std::string media = "0.0.0.0:0";
    std::vector<std::string> advertise;
    unsigned shards = 0;  // 0: one a core
    unsigned seats = 200;
    std::string metrics;
};
int run_node(const NodeRole& role);

struct CloudRole {
    std::string listen = "127.0.0.1:8480";
    std::string data = "cloud-data";
    std::vector<std::string> users;  // "UUID:TOKEN"
    std::string admin_token;         // empty: no faults can be ordered
    std::string clock;               // "REAL,SHOWN,SPEED"; empty: the usual one
    double boot_median = 0;          // seconds
    double boot_tail = 1;            // 99th percentile over the median
    unsigned boot_milliseconds = 0;  // not 0: the median, finer
    unsigned job_milliseconds = 0;
    unsigned rate_limit = 210;  // 0: none
};
int run_cloud(const CloudRole& role);

struct UpRole {
    std::string listen;  // empty: 127.0.0.1:8080, or the next free port
    std::string data = "data";
    std::string web;
    std::string public_url;
    std::string bbb_secret;
    std::vector<std::string> livekit_keys;
    std::vector<std::string> webhook_urls;
    std::string media;  // empty: by --listen
    std::vector<std::string> advertise;
    unsigned nodes = 1;       // always on
    unsigned most_nodes = 8;  // ever
    unsigned seats = 200;     // of each
    unsigned shards = 0;
    std::string policy;  // JSON file; an operator's change wins
    std::string prices;  // JSON file; empty: example prices
    std::string clock;   // "REAL,SHOWN,SPEED"
    std::string zone = "Europe/Berlin";
    double boot_median = 0;  // seconds of the city's clock
    double boot_tail = 1;    // 99th percentile over the median
};
int run_up(const UpRole& role);

struct BenchRole {
    std::string hub = "http://127.0.0.1:8080";
    std::string livekit_key;  // "KEY:SECRET"; empty: that which the hub of `data` made
    std::string data = "data";
    unsigned classes = 1;
    unsigned pupils = 24;  // of each class, beside its teacher
    unsigned cameras = 1;  // of each class, the teacher's first
    unsigned joins = 0;    // not 0: so many join, and leave when connected
    unsigned seconds = 20;
    double joins_a_second = 100;
    std::string json;     // empty: standard output
    bool people = false;  // who comes and goes is said on standard input
    bool api = false;     // as a learning platform: BigBlueButton calls alone
    std::string bbb_secret;
};
int run_bench(const BenchRole& role);
int run_bench_api(const BenchRole& role);
int run_bench_people(const BenchRole& role);

struct SimulateRole {
    std::string json;  // files to write
    std::string html;
    unsigned pupils = 12'000;
    unsigned days = 365;
    unsigned seeds = 1;
    unsigned first_seed = 1;
    double online = 0.1;  // of class hours, on ordinary days
    std::string trace;    // a file of recorded lessons in place of a city
    unsigned seats_per_node = 200;
    double boot_seconds = 90;  // median
    double boot_tail = 2;      // p99 over median
    std::string faults;        // none, ordinary, hard; empty: ordinary, none with a trace
    unsigned most_nodes = 0;   // 0: as many as the city may need
    unsigned search_rounds = 1000;
    bool plain = false;  // nothing but the default policy
};
int run_simulate(const SimulateRole& role);

}  // namespace aula::app
