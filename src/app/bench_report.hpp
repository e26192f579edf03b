// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/fwd.hpp>

#include "base/time.hpp"

/// The figures of a load test: how they are gathered and written down.
namespace aula::app {

/// Durations of one kind of event.
class Latencies {
public:
    void add(Duration duration) { milliseconds_.push_back(to_ms(duration)); }
    std::size_t size() const { return milliseconds_.size(); }
    /// The smallest value that this share of all is not above; 0 when there are none.
    double percentile(double share) const;

private:
    static double to_ms(Duration duration) {
        return std::chrono::duration<double, std::milli>(duration).count();
    }
    std::vector<double> milliseconds_;
};

/// {"p50", "p95", "p99", "count"}, in milliseconds.
boost::json::object percentiles(const Latencies& latencies);
/// Writes them as one line of JSON, to standard output when no file is named. False, and a word on
/// standard error, when the file cannot be written.
bool write_figures(const std::string& file, const boost::json::object& figures);

/// What the hub's metrics say of all its nodes together.
struct NodeFigures {
    double cpu_seconds = 0;
    std::uint64_t resident_bytes = 0;
    std::uint64_t packets_forwarded = 0;
    std::uint64_t packets_sent = 0;
    std::uint64_t packets_dropped = 0;
};
/// From Prometheus text; none when the hub says nothing about nodes.
std::optional<NodeFigures> node_figures(std::string_view metrics);

/// User and system time of this process.
double own_cpu_seconds();

}  // namespace aula::app
