// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdio>
#include <string>

#include <boost/json.hpp>

#include "app/bench_key.hpp"
#include "app/bench_report.hpp"
#include "app/roles.hpp"
#include "base/encoding.hpp"
#include "crypto/hash.hpp"
#include "crypto/random.hpp"
#include "http/client.hpp"

namespace aula::app {
namespace {

constexpr Duration look_period = 5ms;

/// One kind of call, made at an even pace whether or not the earlier ones are answered.
struct Storm {
    Time began{};
    std::size_t made = 0, answered = 0, failed = 0;
    Latencies latencies;
    std::string first_failure;

    void note(Duration took, const std::string& failure) {
        ++answered;
        latencies.add(took);
        if (failure.empty()) return;
        ++failed;
        if (first_failure.empty()) first_failure = failure;
    }
};

/// A learning platform before the bell: it creates all meetings, then sends everybody in.
class Platform {
public:
    Platform(net::Loop& loop, const BenchRole& role)
        : loop_(loop), role_(role), http_(loop), run_("bench-" + crypto::random_text(6) + "-") {}

    void start() {
        loop_.every(look_period, [this] { on_step(); });
    }
    int exit_code() const { return exit_code_; }

private:
    std::string meeting(std::size_t number) const { return run_ + std::to_string(number); }
    std::size_t people() const { return role_.classes * (std::size_t{role_.pupils} + 1); }

    void on_step() {
        if (creates_.answered < role_.classes) {
            keep_pace(creates_, role_.classes, &Platform::create);
        } else if (joins_.answered < people()) {
            keep_pace(joins_, people(), &Platform::join);
        } else {
            finish();
        }
    }

    void create(std::size_t number) {
        const std::string id = meeting(number);
        call(creates_, "create",
             "meetingID=" + id + "&name=" + id + "&attendeePW=ap&moderatorPW=mp&maxParticipants=" +
                 std::to_string(role_.pupils + 1));
    }

    /// The teachers first.
    void join(std::size_t number) {
        const std::string person = std::to_string(number / role_.classes);
        call(joins_, "join",
             "meetingID=" + meeting(number % role_.classes) + "&fullName=Example%20" + person +
                 "&userID=" + person + "&password=" + (number < role_.classes ? "mp" : "ap") +
                 "&redirect=false");
    }

    void keep_pace(Storm& storm, std::size_t all, void (Platform::*make)(std::size_t)) {
        if (storm.made == 0) storm.began = loop_.now();
        const std::chrono::duration<double> passed = loop_.now() - storm.began;
        const double due = passed.count() / role_.seconds * static_cast<double>(all) + 1;
        for (; storm.made < all && static_cast<double>(storm.made + 1) <= due; ++storm.made) {
            (this->*make)(storm.made);
        }
    }

    void call(Storm& storm, const std::string& name, const std::string& query) {
        const auto sum =
            crypto::hash(crypto::HashKind::sha256, bytes_of(name + query + role_.bbb_secret));
        http::Call call;
        call.url = role_.hub + "/bigbluebutton/api/" + name + "?" + query + "&checksum=" + hex(sum);
        http_.start(std::move(call), [this, &storm, began = loop_.now()](
                                         const Expected<http::Response, Error>& answer) {
            std::string failure;
            if (!answer) {
                failure = answer.error().text;
            } else if (answer->body.find("<returncode>SUCCESS") == std::string::npos) {
                failure = answer->body.substr(0, 200);
            }
            storm.note(loop_.now() - began, failure);
        });
    }

    void finish() {
        boost::json::object report;
        for (const auto& [name, storm] : {std::pair("creates", &creates_), {"joins", &joins_}}) {
            report[name] = {{"count", storm->answered},
                            {"failed", storm->failed},
                            {"ms", percentiles(storm->latencies)}};
            if (storm->failed == 0) continue;
            report["first_failure"] = storm->first_failure;
            exit_code_ = 1;
        }
        if (!write_figures(role_.json, report)) exit_code_ = 1;
        loop_.stop();
    }

    net::Loop& loop_;
    BenchRole role_;
    http::Client http_;
    std::string run_;
    Storm creates_, joins_;
    int exit_code_ = 0;
};

}  // namespace

int run_bench_api(const BenchRole& role) {
    net::Loop loop;
    Platform platform(loop, role);
    loop.on_signal(SIGTERM, [&] { loop.stop(); });
    loop.on_signal(SIGINT, [&] { loop.stop(); });
    platform.start();
    loop.run();
    return platform.exit_code();
}

}  // namespace aula::app
