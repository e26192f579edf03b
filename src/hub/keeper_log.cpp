// SPDX-License-Identifier: Apache-2.0
#include "hub/keeper_log.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/json.hpp>

#include "base/log.hpp"
#include "store/fleet_tables.hpp"
#include "store/store.hpp"

namespace aula::hub {

namespace {

constexpr std::array<std::string_view, 15> why_names = {
    "lessons_ahead", "spare_for_bell", "room_waits",     "headroom",     "replaces_silent",
    "boot_failed",   "silent",         "idle",           "gap_too_long", "night",
    "struck_out",    "pool_too_small", "pool_too_large", "drained",      "least_nodes"};
static_assert(static_cast<std::size_t>(fleet::Why::least_nodes) + 1 == why_names.size());

WallTime wall_time(std::int64_t milliseconds) {
    return WallTime(std::chrono::milliseconds(milliseconds));
}

ActionView view_of(const store::FleetActionRow& row) {
    ActionView view{.id = row.id,
                    .at = wall_time(row.at),
                    .kind = row.kind,
                    .server = row.server,
                    .who = row.who,
                    .reason = parse_reason(row.reason),
                    .words = row.words,
                    .outcome = row.outcome,
                    .finished = {}};
    if (row.finished != 0) view.finished = wall_time(row.finished);
    return view;
}

}  // namespace

std::string reason_json(const fleet::Reason& reason) {
    const auto why = why_names.at(static_cast<std::size_t>(reason.why));
    return boost::json::serialize(boost::json::object{
        {"why", boost::json::string_view(why.data(), why.size())},
        {"lessons", reason.lessons},
        {"seats", reason.seats},
        {"at", unix_ms(reason.at)},
        {"span_ms", duration_cast<std::chrono::milliseconds>(reason.span).count()}});
}

std::optional<fleet::Reason> parse_reason(std::string_view text) try {
    if (text.empty()) return std::nullopt;
    const auto value = boost::json::parse({text.data(), text.size()});
    const auto& object = value.as_object();
    const auto& name = object.at("why").as_string();
    const auto at = std::find(why_names.begin(), why_names.end(), std::string_view(name));
    if (at == why_names.end()) return std::nullopt;
    fleet::Reason reason;
    reason.why = static_cast<fleet::Why>(at - why_names.begin());
    reason.lessons = object.at("lessons").to_number<std::uint32_t>();
    reason.seats = object.at("seats").to_number<fleet::Seats>();
    reason.at = wall_time(object.at("at").to_number<std::int64_t>());
    reason.span = std::chrono::milliseconds(object.at("span_ms").to_number<std::int64_t>());
    return reason;
} catch (const std::exception&) {
    return std::nullopt;
}

FleetLog::Row FleetLog::begin(std::string_view kind, const std::string& server,
                              const std::string& who, const std::optional<fleet::Reason>& reason,
                              std::string words, Stored stored) {
    store::FleetActionRow row;
    row.at = unix_ms(clock_.now());
    row.kind = kind;
    row.server = server;
    row.who = who;
    if (reason) {
        row.reason = reason_json(*reason);
        const auto offset = duration_cast<std::chrono::minutes>(zone_.offset(reason->at));
        if (words.empty()) words = fleet::in_words(*reason, fleet::Language::english, offset);
    }
    row.words = std::move(words);
    row.outcome = "ordered";
    log::info("fleet", {{"action", row.kind},
                        {"server", server},
                        {"who", who.empty() ? "keeper" : who},
                        {"why", row.words}});
    auto number = std::make_shared<std::int64_t>(0);
    store_.ask([row = std::move(row), number](
                   soci::session& session) { *number = store::add_fleet_action(session, row); },
               std::move(stored));
    return number;
}

void FleetLog::finish(const Row& row, const std::string& outcome) {
    store_.ask(
        [row, outcome, at = unix_ms(clock_.now())](soci::session& session) {
            store::finish_fleet_action(session, *row, outcome, at);
        },
        [](const Expected<void, Error>&) {});
}

void FleetLog::finish_all(const std::string& outcome) {
    store_.ask([outcome, at = unix_ms(clock_.now())](
                   soci::session& session) { store::finish_fleet_actions(session, outcome, at); },
               [](const Expected<void, Error>&) {});
}

void FleetLog::list(std::int64_t before, std::size_t most,
                    std::function<void(Expected<std::vector<ActionView>, Error>)> answered) const {
    store_.ask(
        [before, most](soci::session& session) {
            return store::load_fleet_actions(session, before, most);
        },
        [answered =
             std::move(answered)](const Expected<std::vector<store::FleetActionRow>, Error>& rows) {
            if (!rows) return answered(fail(rows.error()));
            std::vector<ActionView> views;
            for (const auto& row : *rows) views.push_back(view_of(row));
            answered(std::move(views));
        });
}

}  // namespace aula::hub
