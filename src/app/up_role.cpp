// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <sys/socket.h>
#include <unistd.h>

#include "app/fleet_setup.hpp"
#include "app/hub_start.hpp"
#include "app/options.hpp"
#include "app/roles.hpp"
#include "app/secrets.hpp"
#include "base/encoding.hpp"
#include "base/log.hpp"
#include "cloud/formats.hpp"
#include "cloud/process.hpp"
#include "crypto/random.hpp"

namespace aula::app {
namespace {

// Everything is gone within 5 s of a SIGTERM: the hub says goodbye at once, the cloud gives its
// nodes 1.5 s.
constexpr auto stop_limit = 4s;
constexpr std::uint16_t first_port = 8080;
constexpr std::uint16_t ports_tried = 100;
constexpr const char* link_port_file = "node-link-port";

bool is_free(const net::Address& address) {
    const int fd = socket(address.raw()->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const bool free = fd >= 0 && bind(fd, address.raw(), address.size()) == 0;
    if (fd >= 0) close(fd);
    return free;
}

net::Address listen_address(const std::string& given) {
    if (!given.empty()) return read_address("--listen", given);
    for (std::uint16_t i = 0; i < ports_tried; ++i) {
        const auto address =
            *net::Address::of("127.0.0.1", static_cast<std::uint16_t>(first_port + i));
        if (is_free(address)) return address;
    }
    throw std::runtime_error("no free port from 8080 on; give one with --listen");
}

/// One machine with everything on it: the hub in this process, the cloud in a child, nodes as the
/// cloud's servers.
class Installation {
public:
    Installation(net::Loop& loop, UpRole role) : loop_(loop), role_(std::move(role)) {}

    void start();
    void stop();

private:
    bool has_media_port() const;
    hub::HubOptions hub_options(const std::string& cloud_url);
    net::Address link_address() const;
    void keep_link_port() const;
    hub::FleetOptions fleet_options(const std::string& cloud_url);
    void start_cloud();
    void on_cloud_ready(const std::string& url);
    void on_cloud_gone();
    std::string media_address() const;
    NodeConfig node_config() const;
    void on_node_up();
    void on_part_stopped();

    net::Loop& loop_;
    UpRole role_;
    std::string cloud_user_;
    RunningHub hub_;
    std::unique_ptr<cloud::Process> cloud_;
    std::string cloud_listen_ = "127.0.0.1:0";  // the port of the first start ever after
    net::Address listen_;
    bool ready_ = false;
    bool stopping_ = false;
    int parts_to_stop_ = 0;
};

void Installation::start() {
    const std::filesystem::path data = role_.data;
    if (has_media_port() && role_.nodes > 1)
        throw std::runtime_error("--media or --advertise with a port is for one node only");
    listen_ = listen_address(role_.listen);
    lock_data_folder(data);
    if (role_.bbb_secret.empty()) {
        role_.bbb_secret = kept_secret(data / "bbb-secret", [] { return crypto::random_text(40); });
    }
    cloud_user_ = kept_secret(data / "cloud-user", [] {
        Buffer token(32);
        crypto::random_fill(token);
        return cloud::make_uuid() + ':' + hex(token);
    });
    start_cloud();
}

bool Installation::has_media_port() const {
    bool has_port = !role_.media.empty() && read_media_address("--media", role_.media).port() != 0;
    for (const auto& address : role_.advertise)
        has_port |= read_media_address("--advertise", address).port() != 0;
    return has_port;
}

hub::HubOptions Installation::hub_options(const std::string& cloud_url) {
    hub::HubOptions options;
    options.listen = listen_;
    options.node_link = link_address();
    options.data_dir = role_.data;
    options.web_dir = web_folder(role_.web);
    options.public_url = role_.public_url;
    options.bbb_secret = role_.bbb_secret;
    options.livekit_keys = read_pairs("--livekit-key", role_.livekit_keys);
    options.webhook_urls = role_.webhook_urls;
    options.clock = read_clock(role_.clock);
    options.zone = read_zone(role_.zone);
    options.fleet = fleet_options(cloud_url);
    options.on_node_up = [this](const std::string&) { on_node_up(); };
    return options;
}

/// The port of the last time, when it is free: nodes that live on after a crash dial that.
net::Address Installation::link_address() const {
    const auto* host = listen_.is_ipv6() ? "::1" : "127.0.0.1";
    std::uint16_t port = 0;
    std::ifstream(std::filesystem::path(role_.data) / link_port_file) >> port;
    const auto kept = *net::Address::of(host, port);
    return is_free(kept) ? kept : *net::Address::of(host, 0);
}

void Installation::keep_link_port() const {
    std::ofstream(std::filesystem::path(role_.data) / link_port_file)
        << hub_.hub->node_link_address().port() << '\n';
}

hub::FleetOptions Installation::fleet_options(const std::string& cloud_url) {
    hub::FleetOptions fleet;
    fleet.cloud.base_url = cloud_url;
    const auto [user, token] = read_pair("cloud-user", cloud_user_);
    fleet.cloud.credentials = {user, token};
    fleet.cloud.poll = 50ms;  // it is on this machine and has no rate limit
    fleet.cloud.longest_job = longest_job(read_clock(role_.clock));
    // Nodes share the machine; the local cloud keeps each within its server's size.
    fleet.pool.cores = std::max(1L, sysconf(_SC_NPROCESSORS_ONLN));
    fleet.pool.memory_gb =
        std::max(1L, sysconf(_SC_PHYS_PAGES) / ((1L << 30) / sysconf(_SC_PAGESIZE)));
    fleet.hub_id = "up";
    fleet.policy.least_nodes = role_.nodes;
    fleet.policy.most_nodes = has_media_port() ? 1 : std::max(role_.nodes, role_.most_nodes);
    fleet.policy.seats_per_node = role_.seats;
    fleet.policy = read_policy_file(role_.policy, fleet.policy);
    fleet.prices = read_price_file(role_.prices);
    const auto link_host = listen_.is_ipv6() ? "::1" : "127.0.0.1";
    set_user_data(
        fleet, node_config(), [this] { return hub_.hub.get(); }, link_host);
    return fleet;
}

void Installation::start_cloud() {
    const std::filesystem::path data = role_.data;
    // By environment: a command line can be read by everybody on the machine.
    setenv("AULA_CLOUD_USER", cloud_user_.c_str(), 1);
    std::vector<std::string> arguments = {
        own_program().string(),    "cloud",        "--listen", cloud_listen_, "--data",
        (data / "cloud").string(), "--rate-limit", "0"};
    if (!role_.clock.empty()) arguments.insert(arguments.end(), {"--clock", role_.clock});
    arguments.insert(arguments.end(), {"--boot-median", std::to_string(role_.boot_median),
                                       "--boot-tail", std::to_string(role_.boot_tail)});
    auto process = cloud::Process::start(loop_, arguments,
                                         {[this](const std::string& line) {
                                              if (line.starts_with("ready "))
                                                  on_cloud_ready(line.substr(6));
                                          },
                                          [this](int) { on_cloud_gone(); }});
    if (!process) throw std::runtime_error(process.error().text);
    cloud_ = std::move(*process);
}

void Installation::on_cloud_ready(const std::string& url) {
    cloud_listen_ = url.substr(url.find("//") + 2);
    if (hub_.hub || stopping_) return;
    hub_ = start_hub(loop_, hub_options(url));
    keep_link_port();
    if (role_.nodes == 0) on_node_up();
}

void Installation::on_cloud_gone() {
    cloud_.reset();
    if (stopping_) return on_part_stopped();
    log::error("the local cloud ended, it is started again");
    loop_.after(1s, [this] {
        if (!stopping_) start_cloud();
    });
}

/// Pages on loopback are for this machine's own browsers, or stand behind a reverse proxy. Firefox
/// reaches no media on loopback, since it gathers only the addresses of its default route, and what
/// comes through the proxy is from elsewhere: so media is on all interfaces then. It answers none
/// but those who know a lesson's ICE password.
std::string Installation::media_address() const {
    if (!role_.media.empty()) return role_.media;
    if (!listen_.is_loopback() && role_.advertise.empty()) return listen_.ip();
    const auto reached = role_.advertise.empty()
                             ? listen_
                             : read_media_address("--advertise", role_.advertise.front());
    return reached.is_ipv6() ? "::" : "0.0.0.0";
}

NodeConfig Installation::node_config() const {
    NodeConfig config;
    config.media = media_address();
    config.advertise = role_.advertise;
    if (role_.media.empty() && role_.advertise.empty() && listen_.is_loopback())
        config.advertise = {config.media, listen_.ip()};
    config.shards = role_.shards;
    config.seats = role_.seats;
    config.metrics = "127.0.0.1:0";
    return config;
}

/// Ready is when a lesson can be joined.
void Installation::on_node_up() {
    if (ready_ || !hub_.hub || hub_.hub->nodes().size() < role_.nodes) return;
    ready_ = true;
    print_links(*hub_.hub);
}

void Installation::stop() {
    if (std::exchange(stopping_, true)) return;
    loop_.after(stop_limit,
                [this] { loop_.stop(); });  // children that still live are killed with this object
    parts_to_stop_ = (hub_.hub ? 1 : 0) + (cloud_ ? 1 : 0);
    if (parts_to_stop_ == 0) return loop_.stop();
    if (cloud_) cloud_->signal(SIGTERM);
    if (hub_.hub) hub_.hub->stop([this] { on_part_stopped(); });
}

void Installation::on_part_stopped() {
    if (--parts_to_stop_ == 0) loop_.stop();
}

}  // namespace

int run_up(const UpRole& role) {
    net::Loop loop;
    Installation installation(loop, role);
    loop.on_signal(SIGTERM, [&] { installation.stop(); });
    loop.on_signal(SIGINT, [&] { installation.stop(); });
    installation.start();
    loop.run();
    return 0;
}

}  // namespace aula::app
