// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <memory>
#include <vector>

#include <boost/json.hpp>

#include "app/bench_key.hpp"
#include "app/bench_report.hpp"
#include "app/bench_seat.hpp"
#include "app/options.hpp"
#include "app/roles.hpp"
#include "crypto/random.hpp"
#include "http/client.hpp"

namespace aula::app {
namespace {

constexpr Duration step = 5ms;
constexpr Duration join_patience = 15s;
constexpr Duration report_delay = 1500ms;  // a node's figures reach its hub once a second
constexpr std::size_t most_leaving_a_step = 20;

/// A join storm is classes without cameras at the pace it asks for.
BenchRole as_classes(BenchRole role) {
    constexpr unsigned seats_a_class = 25;
    role.classes = (role.joins + seats_a_class - 1) / seats_a_class;
    role.pupils = seats_a_class - 1;
    role.cameras = 0;
    role.joins_a_second = static_cast<double>(role.joins) / role.seconds;
    return role;
}

/// A load test: everybody of the plan joins at a bounded pace, all stay for a while (or leave once
/// connected), and then the figures are written.
class Bench {
public:
    Bench(net::Loop& loop, const BenchRole& role) : loop_(loop), role_(role), http_(loop) {}

    void start();
    int exit_code() const { return exit_code_; }

private:
    void make_plan();
    void measure_empty();
    void read_metrics(std::function<void(const NodeFigures&)> then);
    void on_step();
    void join_due();
    void release_connected();
    bool all_settled() const;
    void settle(Seat& seat);
    void begin_window();
    void end_window();
    void leave_due();
    participant::Client::Figures received() const;
    void write_report(const NodeFigures& end);
    void finish(int code);

    enum class Phase { joining, staying, leaving };

    net::Loop& loop_;
    BenchRole role_;
    http::Client http_;
    dtls::Identity identity_;
    std::unique_ptr<BenchRoom> room_;
    std::vector<SeatPlan> plan_;
    std::vector<std::unique_ptr<Seat>> seats_;
    std::size_t next_ = 0;      // of plan_
    std::size_t released_ = 0;  // of seats_, when they leave at once
    Phase phase_ = Phase::joining;
    Time began_{}, last_join_{};
    NodeFigures empty_, begin_;
    participant::Client::Figures received_before_;
    Time window_began_{};
    double own_cpu_before_ = 0;
    Latencies join_, connected_, first_media_, first_picture_;
    std::uint64_t failed_ = 0;
    std::string first_failure_;
    int exit_code_ = 0;
};

void Bench::start() {
    raise_descriptor_limit();
    make_plan();
    const bool ipv6 = role_.hub.find("//[") != std::string::npos;
    room_ = std::make_unique<BenchRoom>(
        BenchRoom{loop_, identity_, role_.hub, *net::Address::parse(ipv6 ? "[::]:0" : "0.0.0.0:0"),
                  bench_key(role_)});
    measure_empty();
}

/// A node that has just come up has not reported yet.
void Bench::measure_empty() {
    read_metrics([this](const NodeFigures& figures) {
        if (figures.resident_bytes == 0) {
            loop_.after(report_delay, [this] { measure_empty(); });
            return;
        }
        empty_ = figures;
        began_ = loop_.now();
        loop_.every(step, [this] { on_step(); });
    });
}

/// Teachers first, so that every room is open before its pupils come.
void Bench::make_plan() {
    const std::string run = "bench-" + crypto::random_text(6) + "-";
    for (unsigned seat = 0; seat <= role_.pupils; ++seat) {
        for (unsigned number = 0; number < role_.classes; ++number) {
            SeatPlan plan;
            plan.room = run + std::to_string(number);
            plan.teacher = seat == 0;
            plan.identity = plan.teacher ? "teacher" : "pupil-" + std::to_string(seat);
            plan.camera = seat < role_.cameras;
            plan_.push_back(std::move(plan));
        }
    }
    if (role_.joins != 0) plan_.resize(role_.joins);
}

void Bench::read_metrics(std::function<void(const NodeFigures&)> then) {
    http::Call call;
    call.url = role_.hub + "/metrics";
    http_.start(std::move(call), [this, then](Expected<http::Response, Error> answer) {
        const auto figures =
            answer && answer->status == 200 ? node_figures(answer->body) : std::nullopt;
        if (figures) return then(*figures);
        std::fprintf(stderr, "aula bench: no figures at %s/metrics: %s\n", role_.hub.c_str(),
                     answer ? "no node is up" : answer.error().text.c_str());
        finish(1);
    });
}

void Bench::on_step() {
    if (phase_ == Phase::leaving) return leave_due();
    if (phase_ != Phase::joining) return;
    join_due();
    if (role_.joins != 0) release_connected();
    const bool all_joined = next_ == plan_.size();
    if (all_joined && (all_settled() || loop_.now() - last_join_ > join_patience)) begin_window();
}

void Bench::join_due() {
    const std::chrono::duration<double> passed = loop_.now() - began_;
    const auto due = static_cast<std::size_t>(passed.count() * role_.joins_a_second) + 1;
    for (; next_ < std::min(due, plan_.size()); ++next_) {
        seats_.push_back(std::make_unique<Seat>(*room_, plan_[next_]));
        last_join_ = loop_.now();
    }
}

/// A seat that got all it will get, or never will.
bool Bench::all_settled() const {
    return std::ranges::all_of(seats_, [this](const auto& seat) {
        if (!seat || seat->failure()) return true;
        const bool hears_somebody = role_.cameras > (seat->plan().camera ? 1u : 0u);
        const auto& client = *seat->client();
        return hears_somebody && role_.joins == 0
                   ? client.first_media_at() && client.first_picture_at()
                   : client.is_connected();
    });
}

void Bench::settle(Seat& seat) {
    if (seat.failure() || !seat.client()->connected_at()) {
        ++failed_;
        if (first_failure_.empty()) first_failure_ = seat.failure().value_or("not connected");
    }
    const participant::Client* client = seat.client();
    if (client == nullptr) return;
    const Time started = client->started_at();
    if (client->joined_at()) join_.add(*client->joined_at() - started);
    if (client->connected_at()) connected_.add(*client->connected_at() - started);
    // A teacher waits for the first pupil with a camera, which says nothing.
    if (seat.plan().teacher) return;
    if (client->first_media_at()) first_media_.add(*client->first_media_at() - started);
    if (client->first_picture_at()) first_picture_.add(*client->first_picture_at() - started);
}

/// Joins only: who is connected leaves, so that no more than a few hundred sit there at once.
void Bench::release_connected() {
    for (; released_ < seats_.size(); ++released_) {
        auto& seat = seats_[released_];
        const bool late =
            seat->client() != nullptr && loop_.now() - seat->client()->started_at() > join_patience;
        if (!seat->failure() && !seat->client()->is_connected() && !late) return;
        settle(*seat);
        seat->leave();
        // Frames may be on their way to it in this turn.
        loop_.after(100ms,
                    [gone = std::shared_ptr<Seat>(std::move(seat))]() mutable { gone.reset(); });
    }
}

void Bench::begin_window() {
    phase_ = Phase::staying;
    for (const auto& seat : seats_) {
        if (seat) settle(*seat);
    }
    if (role_.joins != 0) return end_window();
    loop_.after(report_delay, [this] {
        read_metrics([this](const NodeFigures& figures) {
            begin_ = figures;
            received_before_ = received();
            own_cpu_before_ = own_cpu_seconds();
            window_began_ = loop_.now();
            loop_.after(std::chrono::seconds(role_.seconds), [this] { end_window(); });
        });
    });
}

void Bench::end_window() {
    read_metrics([this](const NodeFigures& figures) { write_report(figures); });
}

participant::Client::Figures Bench::received() const {
    participant::Client::Figures sum;
    for (const auto& seat : seats_) {
        if (!seat || seat->client() == nullptr) continue;
        const auto figures = seat->client()->figures();
        sum.packets += figures.packets;
        sum.bytes += figures.bytes;
        sum.padding += figures.padding;
        sum.packets_sent += figures.packets_sent;
        sum.packets_resent += figures.packets_resent;
        sum.lost += figures.lost;
        sum.unknown += figures.unknown;
        sum.malformed += figures.malformed;
    }
    return sum;
}

void Bench::write_report(const NodeFigures& end) {
    const auto& from = role_.joins != 0 ? empty_ : begin_;
    const Time since = role_.joins != 0 ? began_ : window_began_;
    const double seconds = std::chrono::duration<double>(loop_.now() - since).count();
    const double cpu = end.cpu_seconds - from.cpu_seconds;
    boost::json::object report{{"joins", join_.size()},
                               {"joins_failed", failed_},
                               {"seconds", seconds},
                               {"join_ms", percentiles(join_)},
                               {"connected_ms", percentiles(connected_)},
                               {"node_cpu_seconds", cpu},
                               {"node_rss_bytes", end.resident_bytes},
                               {"node_rss_bytes_before", empty_.resident_bytes}};
    if (!first_failure_.empty()) report["first_failure"] = first_failure_;
    if (role_.joins != 0) {
        report["joins_a_second"] = static_cast<double>(join_.size()) / seconds;
        report["bench_cpu_seconds"] = own_cpu_seconds();
    } else {
        const auto now = received();
        const auto forwarded = end.packets_forwarded - from.packets_forwarded;
        const auto participants = static_cast<double>(std::max<std::size_t>(1, join_.size()));
        report["first_media_ms"] = percentiles(first_media_);
        report["first_picture_ms"] = percentiles(first_picture_);
        report["participants"] = join_.size();
        report["packets_forwarded"] = forwarded;
        report["packets_sent_by_node"] = end.packets_sent - from.packets_sent;
        report["packets_dropped_by_node"] = end.packets_dropped - from.packets_dropped;
        report["packets_received"] = now.packets - received_before_.packets;
        report["bytes_received"] = now.bytes - received_before_.bytes;
        report["packets_lost"] = now.lost - received_before_.lost;
        report["packets_published"] = now.packets_sent - received_before_.packets_sent;
        report["cpu_us_per_packet"] =
            forwarded == 0 ? 0 : 1e6 * cpu / static_cast<double>(forwarded);
        report["node_cpu_share"] = cpu / seconds;
        report["node_rss_bytes_per_participant"] =
            (static_cast<double>(end.resident_bytes) - static_cast<double>(empty_.resident_bytes)) /
            participants;
        report["bench_cpu_seconds"] = own_cpu_seconds() - own_cpu_before_;
    }
    if (!write_figures(role_.json, report)) exit_code_ = 1;
    if (failed_ != 0) exit_code_ = 1;
    phase_ = Phase::leaving;
}

void Bench::leave_due() {
    for (std::size_t i = 0; i < most_leaving_a_step; ++i) {
        while (!seats_.empty() && !seats_.back()) seats_.pop_back();
        if (seats_.empty()) return finish(exit_code_);
        seats_.back()->leave();
        loop_.after(100ms, [gone = std::shared_ptr<Seat>(std::move(seats_.back()))]() mutable {
            gone.reset();
        });
    }
}

void Bench::finish(int code) {
    exit_code_ = code;
    for (const auto& seat : seats_) {
        if (seat) seat->leave();
    }
    // The goodbyes go out first.
    loop_.after(300ms, [this] { loop_.stop(); });
    phase_ = Phase::staying;
}

}  // namespace

int run_bench(const BenchRole& role) {
    if (role.people) return run_bench_people(role);
    if (role.api) return run_bench_api(role);
    net::Loop loop;
    Bench bench(loop, role.joins == 0 ? role : as_classes(role));
    loop.on_signal(SIGTERM, [&] { loop.stop(); });
    loop.on_signal(SIGINT, [&] { loop.stop(); });
    bench.start();
    loop.run();
    return bench.exit_code();
}

}  // namespace aula::app
