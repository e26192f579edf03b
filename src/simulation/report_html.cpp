// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/xml.hpp"
#include "simulation/chance.hpp"
#include "simulation/chart.hpp"
#include "simulation/report.hpp"
#include "simulation/report_style.hpp"

namespace aula::simulation {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

struct Family {
    const char* name;
    const char* title;
    const char* colour;
};
constexpr std::array families = {
    Family{"aula", "Aula", "ours"},
    Family{"always_on", "Always on", "c0"},
    Family{"office_hours", "Office hours", "c1"},
    Family{"divims", "DiViM-S, by load", "c2"},
    Family{"divims_calendar", "DiViM-S with calendar", "c3"},
    Family{"jitsi", "Jitsi's rule", "c4"},
    Family{"one_more", "One more every five minutes", "c5"},
    Family{"target_utilisation", "Target utilisation, 300 s window", "c6"},
};

const Family& family(const std::string& name) {
    const auto found = std::find_if(families.begin(), families.end(),
                                    [&](const Family& one) { return one.name == name; });
    return found == families.end() ? families.front() : *found;
}

class Page {
public:
    Page(const Study& study, const About& about) : study_(study), about_(about) {}
    std::string html();

private:
    std::string cards() const;
    std::string day_charts() const;
    std::string small_multiples() const;
    std::string frontier() const;
    std::string table(Part part) const;
    std::string row(const PolicyReport& policy, Part part) const;
    std::string assumptions() const;
    LoadChart chart(WallTime from, Duration length) const;
    const PolicyReport& ours() const { return study_.policies.front(); }

    const Study& study_;
    const About& about_;
};

std::string number(double value) {
    const auto text = fmt::format("{:.0f}", value);
    std::string grouped;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i != 0 && (text.size() - i) % 3 == 0) grouped += "&#8239;";
        grouped += text[i];
    }
    return grouped;
}

std::string card(const std::string& figure, const std::string& text) {
    return fmt::format("<div class=\"card\"><b>{}</b><span>{}</span></div>", figure, text);
}

std::string Page::cards() const {
    const auto all = summary(study_, ours(), Part::judged);
    const auto ordinary = summary(study_, ours(), Part::ordinary);
    auto html = card(fmt::format("{:.2f} &times;", ordinary.to_packing()),
                     "the node-minutes of the best packing found with full knowledge, in ordinary "
                     "weeks");
    html += card(number(double(ordinary.figures.delayed())),
                 fmt::format("of {} lessons in ordinary weeks waited over 30 s for a seat",
                             number(double(ordinary.figures.lessons))));
    const auto always = std::find_if(study_.policies.begin(), study_.policies.end(),
                                     [](const auto& one) { return one.name == "always_on"; });
    if (always != study_.policies.end()) {
        const auto theirs = summary(study_, *always, Part::judged);
        html += card(fmt::format("&minus;{:.0f} %", 100 * (1 - all.cost_eur / theirs.cost_eur)),
                     "cost against nodes that are always on");
    }
    html += card(number(all.cost_eur) + " &euro;", "for all lessons, at example prices");
    return "<div class=\"cards\">" + html + "</div>";
}

LoadChart Page::chart(WallTime from, Duration length) const {
    LoadChart chart;
    chart.from = from;
    chart.until = from + length;
    chart.seats_per_node = about_.world.seats_per_node;
    chart.marks_weekdays = length > hours(48);
    chart.step = chart.marks_weekdays ? minutes(20) : minutes(2);
    chart.mark_every = chart.marks_weekdays ? hours(24) : hours(2);
    return chart;
}

std::string Page::day_charts() const {
    const auto tuesday = study_.drawn_from + hours(24) * std::min(1u, study_.days - 1);
    auto day = chart(tuesday + hours(about_.is_trace ? 0 : 6), hours(about_.is_trace ? 24 : 14));
    day.title = "Aula, one day";
    day.caption = "line: nodes that are on; area: seats in use, in full nodes";
    auto html = load_chart(day, ours().samples, "ours");
    if (study_.lockdown_from) {
        auto lockdown = chart(*study_.lockdown_from, hours(24 * 7));
        lockdown.title = "Aula, the lockdown week";
        lockdown.caption = "everything tenfold from Monday on";
        html += load_chart(lockdown, ours().samples, "ours");
    }
    return html;
}

std::string Page::small_multiples() const {
    auto week = chart(study_.drawn_from, hours(24 * std::min(7u, study_.days)));
    for (const auto& policy : study_.policies) {
        week.highest = std::max(week.highest, highest_of(policy.samples, week));
    }
    std::string html = "<div class=\"charts\">";
    for (const auto& policy : study_.policies) {
        week.title = family(policy.name).title;
        week.caption = policy.knobs;
        html += load_chart(week, policy.samples, family(policy.name).colour);
    }
    return html + "</div>";
}

/// Cost to the right, on a logarithmic scale from the best packing to ten times it; who waits
/// upwards, in lessons of a thousand, on one that also shows none.
std::string Page::frontier() const {
    double packing = 0;
    for (unsigned n = 0; n < study_.tuning_seeds; ++n) {
        packing += study_.bounds[n].ordinary.packing_minutes;
    }
    if (packing <= 0) return "";
    const auto place_x = [](double ratio) { return std::clamp(std::log10(ratio), 0.0, 1.2) / 1.2; };
    const auto place_y = [](double share) {
        return std::clamp(std::log10(1 + share * 1e4) / 4, 0.0, 1.0);
    };
    ScatterChart chart;
    chart.caption =
        "Ordinary weeks, every setting that was tried; large: the one chosen on "
        "the "
        "other weeks. The line: ours, as its headroom grows.";
    chart.x_axis = "node-minutes, in best packings";
    chart.y_axis = "lessons of 1000 that waited over 30 s or were refused";
    for (const double ratio : {1.0, 1.5, 2.0, 3.0, 5.0, 10.0}) {
        chart.x_marks.push_back({place_x(ratio), fmt::format("{:g}&times;", ratio)});
    }
    for (const double per_thousand : {0.0, 0.1, 1.0, 10.0, 100.0, 1000.0}) {
        chart.y_marks.push_back({place_y(per_thousand / 1000), fmt::format("{:g}", per_thousand)});
    }
    std::vector<std::pair<double, ScatterPoint>> line;
    for (const auto& tried : study_.tried) {
        const double lessons = std::max<double>(1, double(tried.ordinary.lessons));
        const double bad = double(tried.ordinary.delayed() + tried.ordinary.refused) / lessons;
        const double ratio = in_minutes(tried.ordinary.node_time) / packing;
        const auto& kind = family(tried.family);
        ScatterPoint point{place_x(ratio), place_y(bad), kind.colour,
                           fmt::format("{}: {}; {:.2f} x, {:.2f} of 1000 wait", kind.title,
                                       tried.knobs, ratio, bad * 1000),
                           tried.is_chosen};
        if (tried.frontier_knob >= 0) line.emplace_back(tried.frontier_knob, point);
        chart.points.push_back(std::move(point));
    }
    std::sort(line.begin(), line.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& [knob, point] : line) chart.line.push_back(std::move(point));
    std::string html = scatter_chart(chart) + "<ul class=\"legend\">";
    for (const auto& one : families) {
        html += fmt::format("<li class=\"{}\"><i></i><span>{}</span></li>", one.colour, one.title);
    }
    return html + "</ul>";
}

std::string Page::row(const PolicyReport& policy, Part part) const {
    const auto sum = summary(study_, policy, part);
    const auto ratio = ratio_over_seeds(study_, policy, part);
    const auto margin =
        ratio.count > 1 ? fmt::format(" &plusmn; {:.3f}", ratio.margin) : std::string();
    const auto& waits = sum.figures.waits;
    return fmt::format(
        "<tr{}><td>{}<small>{}</small></td><td>{}</td><td>{:.3f}{}</td><td>{:.3f}</td><td>{}</td>"
        "<td>{}</td><td>{}</td><td>{}</td><td>{:.0f}</td><td>{:.0f}</td></tr>\n",
        policy.name == "aula" ? " class=\"ours\"" : "", family(policy.name).title,
        xml_escaped(policy.knobs), number(sum.node_minutes), sum.to_packing(), margin,
        sum.to_lower_bound(), number(sum.cost_eur), number(double(sum.figures.lessons)),
        number(double(sum.figures.delayed())), number(double(sum.figures.refused)),
        waits.quantile(0.99), waits.longest());
}

std::string Page::table(Part part) const {
    std::string html =
        "<div class=\"table\" tabindex=\"0\"><table><thead><tr><th>Policy</th><th>Node-minutes</th>"
        "<th>to best<br>packing</th><th>to lower<br>bound</th><th>&euro;</th><th>Lessons</th>"
        "<th>waited<br>over 30 s</th><th>refused</th><th>Wait p99,<br>s</th><th>longest,<br>s</th>"
        "</tr></thead><tbody>";
    for (const auto& policy : study_.policies) html += row(policy, part);
    return html + "</tbody></table></div>";
}

std::string Page::assumptions() const {
    std::string html = "<dl>";
    for (const auto& [name, text] : about_.assumed) {
        html += fmt::format("<dt>{}</dt><dd>{}</dd>", xml_escaped(name), xml_escaped(text));
    }
    return html + "</dl>";
}

std::string Page::html() {
    const std::string what =
        about_.is_trace
            ? fmt::format("Recorded lessons of {} days, lived through again.", about_.days)
            : fmt::format("{} days of an example city of {} pupils, {} {}.", about_.days,
                          number(about_.pupils), about_.seeds,
                          about_.seeds == 1 ? "seed" : "seeds");
    const std::string judged =
        about_.is_tuned ? "Every rule, ours too, was given its best setting on the even weeks; the "
                          "figures are those of the uneven ones."
                        : "Every rule was given its best setting for these very days.";
    std::string html =
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\"><title>Aula: the simulated fleet</title>"
        "<style>";
    html += report_style;
    html += fmt::format(
        "</style></head><body><main><span class=\"badge\">{}</span><h1>What the "
        "fleet costs, and who has to wait</h1><p class=\"soft\">{} {}</p>{}",
        about_.is_trace ? "Recorded lessons" : "Example city", what, judged, cards());
    html += "<h2>Load and nodes</h2>" + day_charts();
    html +=
        "<h2>One week, by policy</h2><p class=\"soft\">The same week under every rule, drawn to "
        "one scale.</p>" +
        small_multiples();
    html += "<h2>Cost against waiting</h2>" + frontier();
    html += "<h2>All policies</h2>" + table(Part::judged);
    if (study_.lockdown_from) {
        html += "<h2>Ordinary weeks alone</h2>" + table(Part::ordinary);
        html += "<h2>The lockdown week alone</h2>" + table(Part::lockdown);
    }
    html += "<h2>What was assumed</h2>" + assumptions();
    return html + "</main></body></html>\n";
}

}  // namespace

std::string to_html(const Study& study, const About& about) { return Page(study, about).html(); }

}  // namespace aula::simulation
