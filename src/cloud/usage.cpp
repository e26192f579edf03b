// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <map>

#include "cloud/formats.hpp"
#include "cloud/handlers.hpp"
#include "cloud/metering.hpp"
#include "cloud/resource.hpp"
#include "http/message.hpp"

namespace aula::cloud {
namespace {

constexpr std::size_t most_intervals = 1'000;

/// A branch of the usage tree.
struct Branch {
    std::string_view name;
    std::optional<Kind> kind;       // none: a product that this cloud does not have
    std::string_view variant = {};  // of storages
};
constexpr std::array branches = {
    Branch{"servers", Kind::server},
    Branch{"rocket_storages", Kind::storage, "local"},
    Branch{"distributed_storages", Kind::storage, "distributed"},
    Branch{"storage_backups", std::nullopt},
    Branch{"snapshots", Kind::snapshot},
    Branch{"templates", Kind::os_template},
    Branch{"iso_images", Kind::isoimage},
    Branch{"ip_addresses", Kind::ip},
    Branch{"load_balancers", std::nullopt},
    Branch{"paas_services", std::nullopt},
};

/// What the query asks for.
struct Question {
    std::vector<Window> intervals;
    bool without_deleted = false;
};

/// A calendar month later, on the same day or the month's last.
WallTime next_month(WallTime time) {
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date{day};
    auto later = date + months(1);
    if (!later.ok()) later = later.year() / later.month() / last;
    return WallTime(sys_days(later)) + (time - day);
}

WallTime next_interval(WallTime from, std::string_view variable) {
    if (variable == "H") return from + 1h;
    if (variable == "D") return from + 24h;
    if (variable == "W") return from + 7 * 24h;
    return next_month(from);
}

Expected<std::vector<Window>, std::string> split(const Window& whole, std::string_view variable) {
    if (variable.empty()) return std::vector<Window>{whole};
    if (variable != "H" && variable != "D" && variable != "W" && variable != "M")
        return fail(std::string("interval_variable must be H, D, W or M"));
    std::vector<Window> intervals;
    for (auto from = whole.from; from < whole.to;) {
        if (intervals.size() == most_intervals) return fail(std::string("too many intervals"));
        const auto to = std::min(next_interval(from, variable), whole.to);
        intervals.push_back({from, to});
        from = to;
    }
    return intervals;
}

Expected<Question, std::string> read_question(const Datacenter& datacenter, const Call& call) {
    const auto parameters = http::parse_parameters(call.query);
    if (!parameters) return fail(std::string("the query has a broken escape"));
    const auto value = [&](std::string_view name) {
        const auto* found = http::find_parameter(*parameters, name);
        return found ? *found : std::string();
    };
    const auto from = parse_time(value("from_time"));
    if (!from) return fail(std::string("from_time must be a time like 2026-01-05T07:40:00Z"));
    auto to = std::optional(datacenter.now());
    if (!value("to_time").empty()) to = parse_time(value("to_time"));
    if (!to || *to < *from) return fail(std::string("to_time must be a time after from_time"));
    // What is not used yet cannot be told.
    const Window whole{*from, std::max(*from, std::min(*to, datacenter.now()))};
    auto intervals = split(whole, value("interval_variable"));
    if (!intervals) return fail(intervals.error());
    return Question{std::move(*intervals), value("without_deleted") == "true"};
}

std::vector<const Object*> objects_of(const Datacenter& datacenter, const Call& call,
                                      const Branch& branch, const Question& question) {
    if (!branch.kind) return {};
    auto objects = datacenter.inventory().all(*branch.kind, call.owner);
    if (!question.without_deleted) {
        const auto deleted = datacenter.inventory().deleted(*branch.kind, call.owner);
        objects.insert(objects.end(), deleted.begin(), deleted.end());
    }
    std::erase_if(objects, [&](const Object* object) {
        return object->owner.empty() ||
               (!branch.variant.empty() && object->text("storage_variant") != branch.variant) ||
               object->created >= question.intervals.back().to ||
               (object->deleted && *object->deleted < question.intervals.front().from);
    });
    return objects;
}

json::array shown_intervals(const std::vector<Window>& intervals,
                            const std::function<json::array(const Window&)>& usage) {
    json::array out;
    for (const auto& window : intervals) {
        out.push_back({{"interval_start", time_text(window.from)},
                       {"interval_end", time_text(window.to)},
                       {"accumulated_usage", usage(window)}});
    }
    return out;
}

/// [{"product_number","value"}] of several objects, added up by product.
json::array sum(const std::vector<const Object*>& objects,
                const std::function<json::array(const Object&)>& usage) {
    std::map<std::int64_t, std::int64_t> by_product;
    for (const auto* object : objects) {
        for (const auto& entry : usage(*object)) {
            by_product[entry.at("product_number").as_int64()] += entry.at("value").as_int64();
        }
    }
    json::array out;
    for (const auto& [number, value] : by_product)
        out.push_back({{"product_number", number}, {"value", value}});
    return out;
}

json::object shown_use(const Datacenter& datacenter, const Object& object,
                       const Question& question) {
    auto out = shown(datacenter, object);
    out["deleted"] = object.deleted.has_value();
    out["current_usage_per_minute"] = usage_per_minute(object);
    out["usage_per_interval"] = shown_intervals(
        question.intervals, [&](const Window& window) { return usage_in(object, window); });
    return out;
}

}  // namespace

Answer get_usage(Datacenter& datacenter, const Call& call) {
    const auto question = read_question(datacenter, call);
    if (!question) return error_answer(400, question.error());
    json::object products;
    for (const auto& branch : branches) {
        const auto objects = objects_of(datacenter, call, branch, *question);
        products[{branch.name.data(), branch.name.size()}] = {
            {"current_usage_per_minute",
             sum(objects, [](const Object& object) { return usage_per_minute(object); })},
            {"usage_per_interval", shown_intervals(question->intervals, [&](const Window& window) {
                 return sum(objects,
                            [&](const Object& object) { return usage_in(object, window); });
             })}};
    }
    return json_answer(200, json::object{{"products", std::move(products)}});
}

Answer get_product_usage(Datacenter& datacenter, const Call& call) {
    for (const auto& branch : branches) {
        if (branch.name != call.ids.front()) continue;
        const auto question = read_question(datacenter, call);
        if (!question) return error_answer(400, question.error());
        json::array out;
        for (const auto* object : objects_of(datacenter, call, branch, *question))
            out.push_back(shown_use(datacenter, *object, *question));
        return json_answer(
            200, json::object{{{branch.name.data(), branch.name.size()}, std::move(out)}});
    }
    return error_answer(404, "No such path");
}

}  // namespace aula::cloud
