// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdio>
#include <stdexcept>

#include <sys/socket.h>
#include <unistd.h>

#include "app/fleet_starter.hpp"
#include "app/hub_start.hpp"
#include "app/node_config.hpp"
#include "app/options.hpp"
#include "app/roles.hpp"
#include "app/secrets.hpp"
#include "base/encoding.hpp"
#include "base/log.hpp"
#include "cloud/process.hpp"
#include "cloud/server.hpp"
#include "crypto/random.hpp"

namespace aula::app {
namespace {

// Everything is gone within 5 s of a SIGTERM: the hub says goodbye at once, the cloud gives its
// nodes 1.5 s.
constexpr auto stop_limit = 4s;
constexpr std::uint16_t first_port = 8080;
constexpr std::uint16_t ports_tried = 100;

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
    void check_media_options() const;
    hub::HubOptions hub_options();
    void start_cloud();
    void on_cloud_ready(const std::string& url);
    void on_cloud_gone();
    void drop_fleet();
    std::string media_address() const;
    Expected<std::string, Error> user_data(const std::string& node) const;
    void on_ready();
    void on_part_stopped();

    net::Loop& loop_;
    UpRole role_;
    std::string cloud_user_;
    RunningHub hub_;
    std::unique_ptr<cloud::Process> cloud_;
    std::unique_ptr<gridscale::Connection> connection_;
    std::unique_ptr<gridscale::Servers> servers_;
    std::unique_ptr<FleetStarter> fleet_;
    bool ready_ = false;
    bool stopping_ = false;
    int parts_to_stop_ = 0;
};

void Installation::start() {
    const std::filesystem::path data = role_.data;
    check_media_options();
    if (role_.bbb_secret.empty()) {
        role_.bbb_secret = kept_secret(data / "bbb-secret", [] { return crypto::random_text(40); });
    }
    cloud_user_ = kept_secret(data / "cloud-user", [] {
        Buffer token(32);
        crypto::random_fill(token);
        return cloud::make_uuid() + ':' + hex(token);
    });
    hub_ = start_hub(loop_, hub_options());
    start_cloud();
}

void Installation::check_media_options() const {
    bool has_port = !role_.media.empty() && read_media_address("--media", role_.media).port() != 0;
    for (const auto& address : role_.advertise)
        has_port |= read_media_address("--advertise", address).port() != 0;
    if (has_port && role_.nodes > 1)
        throw std::runtime_error("--media or --advertise with a port is for one node only");
}

hub::HubOptions Installation::hub_options() {
    hub::HubOptions options;
    options.listen = listen_address(role_.listen);
    options.node_link =
        options.listen.is_ipv6() ? *net::Address::of("::1", 0) : *net::Address::of("127.0.0.1", 0);
    options.data_dir = role_.data;
    options.web_dir = web_folder(role_.web);
    options.public_url = role_.public_url;
    options.bbb_secret = role_.bbb_secret;
    options.livekit_keys = read_pairs("--livekit-key", role_.livekit_keys);
    options.webhook_urls = role_.webhook_urls;
    options.on_node_up = [this](const std::string& node) {
        if (fleet_) fleet_->on_node_up(node);
    };
    options.on_node_down = [this](const std::string& node) {
        if (fleet_ && !stopping_) fleet_->on_node_down(node);
    };
    return options;
}

void Installation::start_cloud() {
    const std::filesystem::path data = role_.data;
    // By environment: a command line can be read by everybody on the machine.
    setenv("AULA_CLOUD_USER", cloud_user_.c_str(), 1);
    const auto program = own_program().string();
    auto process = cloud::Process::start(
        loop_, {program, "cloud", "--listen", "127.0.0.1:0", "--data", (data / "cloud").string()},
        {[this](const std::string& line) {
             if (line.starts_with("ready ")) on_cloud_ready(line.substr(6));
         },
         [this](int) { on_cloud_gone(); }});
    if (!process) throw std::runtime_error(process.error().text);
    cloud_ = std::move(*process);
}

void Installation::on_cloud_ready(const std::string& url) {
    drop_fleet();
    gridscale::ConnectionOptions options;
    options.base_url = url;
    const auto [user, token] = read_pair("cloud-user", cloud_user_);
    options.credentials = {user, token};
    options.poll = 50ms;  // it is on this machine and has no rate limit
    connection_ =
        std::make_unique<gridscale::Connection>(loop_, hub_.hub->http_client(), std::move(options));
    servers_ = std::make_unique<gridscale::Servers>(*connection_);
    FleetStarter::Options fleet;
    fleet.nodes = role_.nodes;
    fleet.user_data = [this](const std::string& node) { return user_data(node); };
    fleet.all_up = [this] { on_ready(); };
    fleet_ = std::make_unique<FleetStarter>(loop_, *servers_, std::move(fleet));
    fleet_->start();
}

void Installation::on_cloud_gone() {
    cloud_.reset();
    if (stopping_) return on_part_stopped();
    log::error("the local cloud ended, it is started again");
    drop_fleet();
    loop_.after(1s, [this] {
        if (!stopping_) start_cloud();
    });
}

void Installation::drop_fleet() {
    connection_.reset();  // first: calls under way would answer to the fleet
    fleet_.reset();
    servers_.reset();
}

/// Pages on loopback are for this machine's own browsers, or stand behind a reverse proxy. Firefox
/// reaches no media on loopback, since it gathers only the addresses of its default route, and what
/// comes through the proxy is from elsewhere: so media is on all interfaces then. It answers none
/// but those who know a lesson's ICE password.
std::string Installation::media_address() const {
    if (!role_.media.empty()) return role_.media;
    const auto listen = hub_.hub->address();
    if (!listen.is_loopback() && role_.advertise.empty()) return listen.ip();
    const auto reached = role_.advertise.empty()
                             ? listen
                             : read_media_address("--advertise", role_.advertise.front());
    return reached.is_ipv6() ? "::" : "0.0.0.0";
}

Expected<std::string, Error> Installation::user_data(const std::string& node) const {
    const auto link = hub_.hub->node_link_address();
    auto invitation = hub_.hub->invite_node(node, link.ip());
    if (!invitation) return fail(invitation.error());
    NodeConfig config;
    config.link = std::move(*invitation);
    config.media = media_address();
    config.advertise = role_.advertise;
    if (role_.media.empty() && role_.advertise.empty() && hub_.hub->address().is_loopback())
        config.advertise = {config.media, hub_.hub->address().ip()};
    config.shards = role_.shards;
    config.metrics = "127.0.0.1:0";
    return to_json(config);
}

void Installation::on_ready() {
    if (std::exchange(ready_, true)) return;
    std::printf("admin %s\nready %s\n", hub_.hub->admin_link().c_str(),
                hub_.hub->public_url().c_str());
    std::fflush(stdout);
}

void Installation::stop() {
    if (std::exchange(stopping_, true)) return;
    drop_fleet();
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
