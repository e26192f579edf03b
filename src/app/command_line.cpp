// SPDX-License-Identifier: Apache-2.0
#include "app/command_line.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/command_line_measuring.hpp"
#include "app/roles.hpp"
#include "base/log.hpp"

namespace aula::app {
namespace {

constexpr int unreadable = 2;

struct Logging {
    std::string level = "info";
    std::string format = "text";
};

void set_up_logging(const std::string& role, const Logging& logging) {
    static const std::map<std::string, log::Level> levels = {{"debug", log::Level::debug},
                                                             {"info", log::Level::info},
                                                             {"warning", log::Level::warning},
                                                             {"error", log::Level::error}};
    // Children get the same by their environment.
    setenv("AULA_LOG_LEVEL", logging.level.c_str(), 1);
    setenv("AULA_LOG_FORMAT", logging.format.c_str(), 1);
    log::configure(role, levels.at(logging.level),
                   logging.format == "json" ? log::Format::json : log::Format::text);
}

void add_hub(CLI::App& app, HubRole& role) {
    auto* hub = app.add_subcommand("hub", "The control plane: pages, API, signalling, placement");
    hub->add_option("--listen", role.listen, "Address of pages and API, plain HTTP")
        ->capture_default_str();
    hub->add_option("--node-link", role.node_link, "Address where nodes dial in, TLS")
        ->capture_default_str();
    hub->add_option("--node-host", role.node_host,
                    "Name or IP by which nodes dial; that of --node-link if absent");
    hub->add_option("--data", role.data, "Folder of the database and of secrets")
        ->capture_default_str();
    hub->add_option("--web", role.web, "Folder of the built pages");
    hub->add_option("--public-url", role.public_url, "What people type; http://LISTEN if absent");
    hub->add_option("--bbb-secret", role.bbb_secret,
                    "Secret of the BigBlueButton API; absent: no such API")
        ->envname("AULA_BBB_SECRET");
    hub->add_option("--livekit-key", role.livekit_keys, "KEY:SECRET of the LiveKit API, repeatable")
        ->envname("AULA_LIVEKIT_KEY");
    hub->add_option("--webhook", role.webhook_urls, "URL that gets LiveKit webhooks, repeatable");
    hub->add_option("--trusted-proxy", role.trusted_proxies,
                    "IP whose X-Forwarded-For counts, repeatable");
    hub->add_option("--cloud", role.cloud,
                    "URL of gridscale's API: nodes are started and stopped there");
    hub->add_option("--cloud-credentials", role.cloud_credentials,
                    R"(File with {"user_id", "token"}; absent: AULA_CLOUD_CREDENTIALS)");
    hub->add_option("--policy", role.policy,
                    "JSON file of the fleet's policy, until it is changed on the page");
    hub->add_option("--prices", role.prices,
                    "JSON file of what the cloud costs; absent: example prices");
    hub->add_option("--pool", role.pool, "Servers with the label aula-pool:NAME are this hub's")
        ->capture_default_str();
    hub->add_option("--node-template", role.node_template, "Template of new servers, its id");
    hub->add_option("--node-cores", role.node_cores, "Of a new server")
        ->capture_default_str()
        ->check(CLI::Range(1, 256));
    hub->add_option("--node-memory", role.node_memory, "GB of a new server")
        ->capture_default_str()
        ->check(CLI::Range(1, 1024));
    hub->add_option("--node-storage", role.node_storage, "GB of its disk")
        ->capture_default_str()
        ->check(CLI::Range(1, 4096));
    hub->add_flag("--node-ipv6", role.node_ipv6, "New servers get an IPv6 address, too");
    hub->add_option("--clock", role.clock,
                    "REAL,SHOWN,SPEED: at Unix second REAL it shows SHOWN and runs SPEED times");
    hub->add_option("--zone", role.zone, "Time zone of the city: its days, habits and bills")
        ->capture_default_str();
}

void add_invite(CLI::App& app, InviteRole& role) {
    auto* invite =
        app.add_subcommand("invite", "Prints the configuration of a node for `aula node --config`");
    invite->add_option("name", role.name, "The node's name")->required();
    invite->add_option("--hub", role.hub, "HOST:PORT where it reaches the hub's node link")
        ->required();
    invite->add_option("--data", role.data, "The hub's data folder")->capture_default_str();
}

void add_node(CLI::App& app, NodeRole& role) {
    auto* node = app.add_subcommand("node", "A conference node; dials its hub");
    node->add_option("--config", role.config,
                     "JSON file (a server's user data) in place of the options below");
    node->add_option("--hub", role.hub, "HOST:PORT of the hub's node link");
    node->add_option("--authority", role.authority, "PEM file of the hub's authority");
    node->add_option("--certificate", role.certificate, "PEM file of this node's certificate");
    node->add_option("--key", role.key, "PEM file of its private key");
    node->add_option("--media", role.media, "IP[:PORT] for media; no port: free ones")
        ->capture_default_str();
    node->add_option("--advertise", role.advertise,
                     "IP[:PORT] where browsers reach it behind 1:1 NAT, repeatable");
    node->add_option("--shards", role.shards, "Threads for media; 0: one a core")
        ->capture_default_str();
    node->add_option("--seats", role.seats, "Participants it means to carry")
        ->capture_default_str();
    node->add_option("--metrics", role.metrics, "Address of Prometheus metrics");
}

void add_cloud(CLI::App& app, CloudRole& role) {
    auto* cloud = app.add_subcommand("cloud", "A gridscale-compatible cloud on this machine");
    cloud->add_option("--listen", role.listen, "Address of its API")->capture_default_str();
    cloud->add_option("--data", role.data, "Folder of its state")->capture_default_str();
    cloud->add_option("--user", role.users, "UUID:TOKEN of a user, repeatable")
        ->envname("AULA_CLOUD_USER")
        ->required();
    cloud
        ->add_option("--admin-token", role.admin_token,
                     "Of /aula/faults, where faults are ordered; absent: off")
        ->envname("AULA_CLOUD_ADMIN_TOKEN");
    cloud->add_option("--clock", role.clock,
                      "REAL,SHOWN,SPEED: at Unix second REAL it shows SHOWN and runs SPEED times");
    cloud->add_option("--boot-median", role.boot_median, "Seconds from power-on to a running node")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 86'400.0));
    cloud->add_option("--boot-tail", role.boot_tail, "Its 99th percentile over its median")
        ->capture_default_str()
        ->check(CLI::Range(1.0, 1000.0));
    cloud->add_option("--boot-milliseconds", role.boot_milliseconds,
                      "In place of --boot-median, finer");
    cloud->add_option("--job-milliseconds", role.job_milliseconds, "How long a change is pending")
        ->capture_default_str();
    cloud
        ->add_option("--rate-limit", role.rate_limit,
                     "Calls of a user in a minute, as gridscale's; 0: no limit")
        ->capture_default_str();
}

void add_up(CLI::App& app, UpRole& role) {
    auto* up = app.add_subcommand("up", "Everything on this machine: hub, cloud and nodes");
    up->add_option("--listen", role.listen,
                   "Address of pages and API; absent: 127.0.0.1:8080 or the next free port");
    up->add_option("--data", role.data, "Folder of everything that is kept")->capture_default_str();
    up->add_option("--web", role.web, "Folder of the built pages");
    up->add_option("--public-url", role.public_url, "What people type, behind a reverse proxy");
    up->add_option("--bbb-secret", role.bbb_secret,
                   "Secret of the BigBlueButton API; absent: one is made and kept")
        ->envname("AULA_BBB_SECRET");
    up->add_option("--livekit-key", role.livekit_keys, "KEY:SECRET of the LiveKit API, repeatable")
        ->envname("AULA_LIVEKIT_KEY");
    up->add_option("--webhook", role.webhook_urls, "URL that gets LiveKit webhooks, repeatable");
    up->add_option("--media", role.media,
                   "IP[:PORT] for media; absent: that of --listen, or all if that is loopback");
    up->add_option("--advertise", role.advertise,
                   "IP[:PORT] where browsers reach it, if another, repeatable; 0.0.0.0: this "
                   "machine's addresses");
    up->add_option("--nodes", role.nodes,
                   "Conference nodes that are always on; 0: none when nobody needs one")
        ->capture_default_str()
        ->check(CLI::Range(0, 64));
    up->add_option("--most-nodes", role.most_nodes, "Conference nodes at most")
        ->capture_default_str()
        ->check(CLI::Range(1, 64));
    up->add_option("--seats", role.seats, "Participants that a node means to carry")
        ->capture_default_str()
        ->check(CLI::Range(1, 10'000));
    up->add_option("--policy", role.policy,
                   "JSON file of the fleet's policy, until it is changed on the page");
    up->add_option("--prices", role.prices,
                   "JSON file of what the cloud costs; absent: example prices");
    up->add_option("--clock", role.clock,
                   "REAL,SHOWN,SPEED: at Unix second REAL it shows SHOWN and runs SPEED times");
    up->add_option("--zone", role.zone, "Time zone of the city: its days, habits and bills")
        ->capture_default_str();
    up->add_option("--boot-median", role.boot_median, "Seconds a node takes to boot")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 86'400.0));
    up->add_option("--boot-tail", role.boot_tail, "Its 99th percentile over its median")
        ->capture_default_str()
        ->check(CLI::Range(1.0, 1000.0));
    up->add_option("--shards", role.shards, "Media threads of each node; 0: one a core")
        ->capture_default_str();
}

const CLI::App* subcommand_named(const CLI::App& app, const std::string& name) {
    const auto is_it = [&](const CLI::App* one) { return one->get_name() == name; };
    const auto found = app.get_subcommands(is_it);
    return found.empty() ? nullptr : found.front();
}

/// `aula help [role]`, `aula help bench classes`
int print_help(const CLI::App& app, const std::vector<std::string>& roles) {
    const CLI::App* about = &app;
    std::string name = "aula";
    for (const std::string& role : roles) {
        about = subcommand_named(*about, role);
        if (about == nullptr) {
            std::fprintf(stderr, "%s: there is no role %s; see `aula help`\n", name.c_str(),
                         role.c_str());
            return unreadable;
        }
        name += ' ' + role;
    }
    // App::help() would tell of the subcommand that was given, which is "help".
    const auto text = app.get_formatter()->make_help(about, name, CLI::AppFormatMode::Normal);
    std::fputs(text.c_str(), stdout);
    return 0;
}

/// Why a command line cannot be read, and where it is said how one is.
std::string refusal(const CLI::App* cli, const CLI::Error& error) {
    std::string role;
    for (auto given = cli->get_subcommands(); !given.empty();
         given = given.front()->get_subcommands())
        role += ' ' + given.front()->get_name();
    // CLI11 misses a subcommand before it minds words that it does not know.
    const auto unknown = cli->remaining(true);
    const auto why =
        unknown.empty() ? std::string(error.what()) : unknown.front() + " is not known here";
    return "aula" + role + ": " + why + "; see `aula help" + role + "`\n";
}

}  // namespace

int run_command_line(int argc, const char* const* argv) {
    CLI::App cli(
        "Virtual classrooms on a pool of conference nodes that grows and shrinks by itself.",
        "aula");
    cli.set_version_flag("--version", "aula " AULA_VERSION);
    cli.require_subcommand(1);
    cli.failure_message(refusal);
    cli.fallthrough();  // the log options may stand after the role
    Logging logging;
    cli.add_option("--log-level", logging.level, "debug, info, warning or error")
        ->envname("AULA_LOG_LEVEL")
        ->check(CLI::IsMember({"debug", "info", "warning", "error"}));
    cli.add_option("--log-format", logging.format, "text or json")
        ->envname("AULA_LOG_FORMAT")
        ->check(CLI::IsMember({"text", "json"}));

    HubRole hub;
    InviteRole invite;
    NodeRole node;
    CloudRole cloud;
    UpRole up;
    BenchRole bench;
    SimulateRole simulate;
    std::vector<std::string> help_about;
    add_up(cli, up);
    add_hub(cli, hub);
    add_invite(cli, invite);
    add_node(cli, node);
    add_cloud(cli, cloud);
    add_bench(cli, bench);
    add_simulate(cli, simulate);
    cli.add_subcommand("help", "What a role is and takes")
        ->add_option("role", help_about, "up, hub, invite, node, cloud, bench or simulate");
    const std::map<std::string, std::function<int()>> roles = {
        {"up", [&] { return run_up(up); }},
        {"hub", [&] { return run_hub(hub); }},
        {"invite", [&] { return run_invite(invite); }},
        {"node", [&] { return run_node(node); }},
        {"cloud", [&] { return run_cloud(cloud); }},
        {"bench", [&] { return run_bench(bench); }},
        {"simulate", [&] { return run_simulate(simulate); }},
        {"help", [&] { return print_help(cli, help_about); }},
    };

    try {
        cli.parse(argc, argv);
    } catch (const CLI::ParseError& why) {
        return cli.exit(why) == 0 ? 0 : unreadable;  // 0: --help, --version
    }
    const auto role = cli.get_subcommands().front()->get_name();
    try {
        if (role != "help") set_up_logging(role, logging);
        return roles.at(role)();
    } catch (const std::exception& why) {
        std::fprintf(stderr, "aula %s: %s\n", role.c_str(), why.what());
        return 1;
    }
}

}  // namespace aula::app
