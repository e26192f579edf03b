// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <boost/json.hpp>

#include "simulation/chance.hpp"
#include "simulation/report.hpp"

namespace aula::simulation {
namespace {

namespace json = boost::json;

json::object waits(const Waits& waits) {
    return {{"p50", waits.quantile(0.5)},
            {"p95", waits.quantile(0.95)},
            {"p99", waits.quantile(0.99)},
            {"max", waits.longest()}};
}

void put_summary(json::object& out, const Summary& summary) {
    out["node_minutes"] = summary.node_minutes;
    out["ratio_to_lower_bound"] = summary.to_lower_bound();
    out["ratio_to_best_packing"] = summary.to_packing();
    out["cost_eur"] = summary.cost_eur;
    out["lessons"] = summary.figures.lessons;
    out["delayed_over_30s"] = summary.figures.delayed();
    out["delayed_over_30s_announced"] = summary.figures.delayed_announced;
    out["refused"] = summary.figures.refused;
    out["power_ons"] = summary.figures.power_ons;
    out["wait_s"] = waits(summary.figures.waits);
}

json::object estimate_object(const Estimate& estimate) {
    return {{"mean", estimate.mean}, {"plus_minus_95", estimate.margin}, {"seeds", estimate.count}};
}

double microseconds(Duration span) { return in_seconds(span) * 1e6; }

json::object plan_time(const Stopwatch& watch) {
    const auto count = std::max<std::uint64_t>(1, watch.count);
    return {{"ticks", watch.count},
            {"mean_us", microseconds(watch.total) / static_cast<double>(count)},
            {"max_us", microseconds(watch.longest)},
            {"total_s", in_seconds(watch.total)}};
}

json::object policy_object(const Study& study, const PolicyReport& policy) {
    json::object out{{"name", policy.name}, {"settings", policy.knobs}};
    put_summary(out, summary(study, policy, Part::judged));
    unsigned calls = 0, nodes = 0, contradictions = 0;
    Stopwatch planning;
    Duration ledger{}, meter{};
    for (const auto& trial : policy.trials) {
        calls = std::max(calls, trial.api_calls_max_per_min);
        nodes = std::max(nodes, trial.most_nodes);
        contradictions += trial.orders_refused_by_us;
        planning.add(trial.planning);
        ledger += trial.ledger;
        meter += trial.meter;
    }
    out["api_calls_max_per_min"] = calls;
    out["most_nodes"] = nodes;
    out["orders_that_contradict"] = contradictions;
    out["plan_time"] = plan_time(planning);
    out["ledger_node_minutes"] = in_minutes(ledger);
    out["meter_node_minutes"] = in_minutes(meter);
    out["confidence"] = json::object{
        {"ratio_to_best_packing", estimate_object(ratio_over_seeds(study, policy, Part::judged))},
        {"ratio_to_best_packing_ordinary",
         estimate_object(ratio_over_seeds(study, policy, Part::ordinary))}};
    for (const auto& [name, part] :
         {std::pair("ordinary_weeks", Part::ordinary), std::pair("lockdown_week", Part::lockdown),
          std::pair("all_weeks", Part::all)}) {
        json::object figures;
        put_summary(figures, summary(study, policy, part));
        out[name] = std::move(figures);
    }
    return out;
}

json::object tried_object(const TriedSetting& tried) {
    return {{"policy", tried.family},
            {"settings", tried.knobs},
            {"chosen", tried.is_chosen},
            {"tuned_on_node_minutes", in_minutes(tried.tuned_on.node_time)},
            {"tuned_on_delayed_over_30s", tried.tuned_on.delayed()},
            {"tuned_on_refused", tried.tuned_on.refused},
            {"ordinary_node_minutes", in_minutes(tried.ordinary.node_time)},
            {"ordinary_delayed_over_30s", tried.ordinary.delayed()},
            {"ordinary_refused", tried.ordinary.refused}};
}

}  // namespace

std::string to_json(const Study& study, const About& about) {
    json::array policies, tried, seeds;
    for (const auto& policy : study.policies) policies.push_back(policy_object(study, policy));
    for (const auto& one : study.tried) tried.push_back(tried_object(one));
    double fluid = 0, packing = 0;
    for (std::size_t i = 0; i < study.bounds.size(); ++i) {
        const auto& judged = study.bounds[i].judged;
        seeds.push_back(json::object{{"seed", about.first_seed + i},
                                     {"lower_bound_node_minutes", judged.fluid_minutes},
                                     {"best_packing_node_minutes", judged.packing_minutes}});
        fluid += judged.fluid_minutes;
        packing += judged.packing_minutes;
    }
    json::object assumed;
    for (const auto& [name, text] : about.assumed) assumed[name] = text;
    const json::object out{
        {"is_example", true},
        {"source", about.is_trace ? "trace" : "generated city"},
        {"figures_of", about.is_tuned ? "the weeks that policies were not tuned on" : "all weeks"},
        {"pupils", about.pupils},
        {"days", about.days},
        {"seeds", std::move(seeds)},
        {"seeds_tuned_on", study.tuning_seeds},
        {"lower_bound_node_minutes", fluid},
        {"best_packing_node_minutes", packing},
        {"best_packing_to_lower_bound", Summary::ratio(packing, fluid)},
        {"policies", std::move(policies)},
        {"settings_tried", std::move(tried)},
        {"assumed", std::move(assumed)},
        {"took_s", in_seconds(study.took)}};
    return json::serialize(out) + "\n";
}

}  // namespace aula::simulation
