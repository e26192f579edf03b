// SPDX-License-Identifier: Apache-2.0
#include "app/bench_report.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <fstream>

#include <boost/json.hpp>
#include <sys/resource.h>

namespace aula::app {
namespace {

/// The sum over all samples of one metric; none when there is no sample.
std::optional<double> sum_of(std::string_view metrics, std::string_view name) {
    std::optional<double> sum;
    while (!metrics.empty()) {
        const std::size_t end = std::min(metrics.find('\n'), metrics.size());
        const std::string_view line = metrics.substr(0, end);
        metrics.remove_prefix(std::min(end + 1, metrics.size()));
        if (!line.starts_with(name)) continue;
        const std::string_view rest = line.substr(name.size());
        if (!rest.starts_with('{') && !rest.starts_with(' ')) continue;
        const std::string_view value = line.substr(line.rfind(' ') + 1);
        double number = 0;
        const auto read = std::from_chars(value.data(), value.data() + value.size(), number);
        if (read.ec == std::errc()) sum = sum.value_or(0) + number;
    }
    return sum;
}

std::uint64_t count_of(std::string_view metrics, std::string_view name) {
    return static_cast<std::uint64_t>(sum_of(metrics, name).value_or(0));
}

}  // namespace

double Latencies::percentile(double share) const {
    if (milliseconds_.empty()) return 0;
    std::vector<double> sorted = milliseconds_;
    std::sort(sorted.begin(), sorted.end());
    const double rank = std::ceil(share * static_cast<double>(sorted.size()));
    const auto at = static_cast<std::size_t>(std::max(rank, 1.0)) - 1;
    return sorted[std::min(at, sorted.size() - 1)];
}

boost::json::object percentiles(const Latencies& latencies) {
    return {{"p50", latencies.percentile(0.50)},
            {"p95", latencies.percentile(0.95)},
            {"p99", latencies.percentile(0.99)},
            {"count", latencies.size()}};
}

bool write_figures(const std::string& file, const boost::json::object& figures) {
    const std::string text = boost::json::serialize(figures) + "\n";
    if (file.empty()) return std::fputs(text.c_str(), stdout) >= 0;
    // Flushed: a full disk shows only then.
    if (std::ofstream(file) << text << std::flush) return true;
    std::fprintf(stderr, "aula bench: cannot write %s\n", file.c_str());
    return false;
}

std::optional<NodeFigures> node_figures(std::string_view metrics) {
    const auto cpu = sum_of(metrics, "aula_hub_node_cpu_seconds_total");
    if (!cpu) return std::nullopt;
    NodeFigures figures;
    figures.cpu_seconds = *cpu;
    figures.resident_bytes = count_of(metrics, "aula_hub_node_resident_bytes");
    figures.packets_forwarded = count_of(metrics, "aula_hub_node_packets_forwarded_total");
    figures.packets_sent = count_of(metrics, "aula_hub_node_packets_sent_total");
    figures.packets_dropped = count_of(metrics, "aula_hub_node_packets_dropped_total");
    return figures;
}

double own_cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace aula::app
