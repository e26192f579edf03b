// SPDX-License-Identifier: Apache-2.0
#include "simulation/chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/xml.hpp"

namespace aula::simulation {
namespace {

using std::chrono::hours;

constexpr double whole = 1000;  // of a drawing's own units, both ways

struct Cell {
    double nodes = 0;
    double load = 0;  // in full nodes
};

/// The highest of each stretch, so that no short peak is lost.
std::vector<Cell> cells_of(const LoadChart& chart, std::span<const Sample> samples) {
    const auto count = static_cast<std::size_t>((chart.until - chart.from) / chart.step);
    std::vector<Cell> cells(count);
    Cell now;
    auto sample = samples.begin();
    for (std::size_t i = 0; i < count; ++i) {
        const auto end = chart.from + chart.step * (static_cast<std::int64_t>(i) + 1);
        auto most = now;
        for (; sample != samples.end() && sample->at < end; ++sample) {
            now = {double(sample->nodes), double(sample->seats) / chart.seats_per_node};
            if (sample->at < chart.from) continue;
            most.nodes = std::max(most.nodes, now.nodes);
            most.load = std::max(most.load, now.load);
        }
        cells[i] = most;
    }
    return cells;
}

double nice_step(double highest) {
    for (const double step : {1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0}) {
        if (highest / step <= 6) return step;
    }
    return highest / 5;
}

std::string path(const std::vector<Cell>& cells, double Cell::*value, double highest) {
    std::string d;
    double before = -1;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const double y = whole * (1 - cells[i].*value / highest);
        if (y == before) continue;
        const double x = whole * double(i) / double(cells.size());
        d += before < 0 ? fmt::format("M{:.1f} {:.1f}", x, y) : fmt::format("H{:.1f}V{:.1f}", x, y);
        before = y;
    }
    return d + fmt::format("H{:.0f}", whole);
}

std::string time_marks(const LoadChart& chart) {
    static constexpr std::array<const char*, 7> days = {"Sun", "Mon", "Tue", "Wed",
                                                        "Thu", "Fri", "Sat"};
    std::string html;
    for (auto at = chart.from; at < chart.until; at += chart.mark_every) {
        const double share =
            double((at - chart.from).count()) / double((chart.until - chart.from).count());
        const auto day = std::chrono::floor<std::chrono::days>(at);
        const auto text = chart.marks_weekdays
                              ? std::string(days[std::chrono::weekday(day).c_encoding()])
                              : fmt::format("{:02}:00", duration_cast<hours>(at - day).count());
        html +=
            fmt::format("<span class=\"x\" style=\"left:{:.2f}%\">{}</span>", share * 100, text);
    }
    return html;
}

std::string figure(std::string_view caption, std::string_view inside, std::string_view kind) {
    return fmt::format("<figure class=\"{}\"><figcaption>{}</figcaption>{}</figure>\n", kind,
                       caption, inside);
}

}  // namespace

double highest_of(std::span<const Sample> samples, const LoadChart& chart) {
    double highest = 0;
    for (const auto& cell : cells_of(chart, samples)) {
        highest = std::max({highest, cell.nodes, cell.load});
    }
    return highest;
}

std::string load_chart(const LoadChart& chart, std::span<const Sample> samples,
                       std::string_view colour) {
    const auto cells = cells_of(chart, samples);
    const double most =
        std::max(1.0, chart.highest > 0 ? chart.highest : highest_of(samples, chart));
    const double step = nice_step(most);
    const double highest = most * 1.05;
    std::string lines, words;
    for (double value = 0; value <= highest; value += step) {
        const double y = whole * (1 - value / highest);
        lines += fmt::format("<path class=\"grid\" d=\"M0 {0:.1f}H{1:.0f}\"/>", y, whole);
        words += fmt::format("<span class=\"y\" style=\"bottom:{:.2f}%\">{:.0f}</span>",
                             100 * value / highest, value);
    }
    const auto area = path(cells, &Cell::load, highest) + fmt::format("V{0:.0f}H0Z", whole);
    const auto inside = fmt::format(
        "<div class=\"plot\"><svg viewBox=\"0 0 {0:.0f} {0:.0f}\" preserveAspectRatio=\"none\" "
        "role=\"img\" aria-label=\"{1}\">{2}<path class=\"load\" d=\"{3}\"/><path class=\"nodes "
        "{4}\" d=\"{5}\"/></svg>{6}{7}</div>",
        whole, xml_escaped(chart.title + ": " + chart.caption), lines, area, colour,
        path(cells, &Cell::nodes, highest), words, time_marks(chart));
    return figure(fmt::format("<b class=\"{}\">{}</b> {}", colour, xml_escaped(chart.title),
                              xml_escaped(chart.caption)),
                  inside, "chart");
}

std::string scatter_chart(const ScatterChart& chart) {
    std::string inside = "<div class=\"plot tall\">";
    std::string lines;
    for (const auto& mark : chart.y_marks) {
        const double y = whole * (1 - mark.at);
        lines += fmt::format("<path class=\"grid\" d=\"M0 {:.1f}H{:.0f}\"/>", y, whole);
        inside += fmt::format("<span class=\"y\" style=\"bottom:{:.2f}%\">{}</span>", mark.at * 100,
                              mark.text);
    }
    for (const auto& mark : chart.x_marks) {
        lines +=
            fmt::format("<path class=\"grid\" d=\"M{:.1f} 0V{:.0f}\"/>", whole * mark.at, whole);
        inside += fmt::format("<span class=\"x\" style=\"left:{:.2f}%\">{}</span>", mark.at * 100,
                              mark.text);
    }
    std::string d;
    for (const auto& point : chart.line) {
        d += fmt::format("{}{:.1f} {:.1f}", d.empty() ? "M" : "L", whole * point.x,
                         whole * (1 - point.y));
    }
    inside += fmt::format(
        "<svg viewBox=\"0 0 {0:.0f} {0:.0f}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{1}"
        "<path class=\"nodes ours\" d=\"{2}\"/></svg>",
        whole, lines, d);
    for (const auto& point : chart.points) {
        inside += fmt::format(
            "<i class=\"dot {}{}\" style=\"left:{:.2f}%;bottom:{:.2f}%\" title=\"{}\"></i>",
            point.colour, point.is_large ? " large" : "", point.x * 100, point.y * 100,
            xml_escaped(point.title));
    }
    inside += fmt::format("</div><p class=\"axes\">up: {} &middot; to the right: {}</p>",
                          xml_escaped(chart.y_axis), xml_escaped(chart.x_axis));
    return figure(xml_escaped(chart.caption), inside, "chart");
}

}  // namespace aula::simulation
