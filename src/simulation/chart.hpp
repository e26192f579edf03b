// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "simulation/figures.hpp"

namespace aula::simulation {

/// Load (an area) and nodes (a line) over time. Its lines are SVG that stretches with the page, its
/// words are HTML that does not.
struct LoadChart {
    std::string title;
    std::string caption;
    WallTime from;
    WallTime until;
    Duration step{};        // of the drawing
    Duration mark_every{};  // on the time axis
    bool marks_weekdays = false;
    double seats_per_node = 200;
    double highest = 0;  // in nodes; 0: as the values need
};
/// `colour` is a class of the page's style.
std::string load_chart(const LoadChart& chart, std::span<const Sample> samples,
                       std::string_view colour);
/// Highest number of nodes or of full nodes' load, for charts that are to be compared.
double highest_of(std::span<const Sample> samples, const LoadChart& chart);

/// Points at places from 0 to 1, and a line through some of them.
struct ScatterPoint {
    double x = 0;
    double y = 0;
    std::string colour;
    std::string title;
    bool is_large = false;
};
struct Mark {
    double at = 0;
    std::string text;
};
struct ScatterChart {
    std::string caption;
    std::string x_axis, y_axis;
    std::vector<Mark> x_marks, y_marks;
    std::vector<ScatterPoint> points;
    std::vector<ScatterPoint> line;  // in order
};
std::string scatter_chart(const ScatterChart& chart);

}  // namespace aula::simulation
