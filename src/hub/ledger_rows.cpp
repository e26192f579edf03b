// SPDX-License-Identifier: Apache-2.0
#include "hub/ledger_rows.hpp"

#include <boost/json.hpp>

namespace aula::hub {

namespace {

using boost::json::array;
using boost::json::object;

array reason_array(const fleet::Reason& reason) {
    return {static_cast<int>(reason.why), reason.lessons, reason.seats, unix_ms(reason.at),
            duration_cast<std::chrono::milliseconds>(reason.span).count()};
}

fleet::Reason reason_in(const boost::json::value& value) {
    const auto& parts = value.as_array();
    fleet::Reason reason;
    reason.why = static_cast<fleet::Why>(parts.at(0).to_number<std::uint8_t>());
    reason.lessons = parts.at(1).to_number<std::uint32_t>();
    reason.seats = parts.at(2).to_number<std::uint32_t>();
    reason.at = WallTime(std::chrono::milliseconds(parts.at(3).to_number<std::int64_t>()));
    reason.span = std::chrono::milliseconds(parts.at(4).to_number<std::int64_t>());
    return reason;
}

std::int64_t member_number(const object& json, const char* name) {
    return json.at(name).to_number<std::int64_t>();
}

}  // namespace

store::LedgerRow row_of(const ledger::PowerInterval& interval) {
    array busy;
    for (const auto& span : interval.busy) busy.push_back(array{span.from, span.until});
    object detail{{"name", interval.name},
                  {"cores", interval.cores},
                  {"memory_gb", interval.memory_gb},
                  {"price", interval.price},
                  {"reason", reason_array(interval.reason)},
                  {"found", interval.was_found},
                  {"ordered", interval.ordered},
                  {"on", interval.on},
                  {"ready", interval.ready},
                  {"off_ordered", interval.off_ordered},
                  {"off_seen", interval.off_seen},
                  {"off_told", interval.is_off_told},
                  {"busy", std::move(busy)}};
    if (interval.end_reason) detail["end_reason"] = reason_array(*interval.end_reason);
    return {interval.id, interval.server, interval.begin(), interval.off,
            boost::json::serialize(detail)};
}

store::LedgerRow row_of(const ledger::Holding& holding) {
    const object detail{{"kind", static_cast<int>(holding.kind)},
                        {"name", holding.name},
                        {"amount", holding.amount},
                        {"price", holding.price}};
    return {holding.id, holding.object, holding.from, holding.until,
            boost::json::serialize(detail)};
}

std::optional<ledger::PowerInterval> interval_of(const store::LedgerRow& row) try {
    const auto value = boost::json::parse(row.detail);
    const auto& json = value.as_object();
    ledger::PowerInterval interval;
    interval.id = row.id;
    interval.server = row.subject;
    interval.name = std::string(json.at("name").as_string());
    interval.cores = json.at("cores").to_number<std::uint32_t>();
    interval.memory_gb = json.at("memory_gb").to_number<std::uint32_t>();
    interval.price = member_number(json, "price");
    interval.reason = reason_in(json.at("reason"));
    interval.was_found = json.at("found").as_bool();
    interval.ordered = member_number(json, "ordered");
    interval.on = member_number(json, "on");
    interval.ready = member_number(json, "ready");
    interval.off_ordered = member_number(json, "off_ordered");
    interval.off_seen = member_number(json, "off_seen");
    if (const auto* told = json.if_contains("off_told")) interval.is_off_told = told->as_bool();
    interval.off = row.ended;
    if (const auto* reason = json.if_contains("end_reason"))
        interval.end_reason = reason_in(*reason);
    for (const auto& span : json.at("busy").as_array()) {
        interval.busy.push_back({span.as_array().at(0).to_number<std::int64_t>(),
                                 span.as_array().at(1).to_number<std::int64_t>()});
    }
    return interval;
} catch (const std::exception&) {
    return std::nullopt;
}

std::optional<ledger::Holding> holding_of(const store::LedgerRow& row) try {
    const auto value = boost::json::parse(row.detail);
    const auto& json = value.as_object();
    ledger::Holding holding;
    holding.id = row.id;
    holding.kind =
        member_number(json, "kind") == 0 ? ledger::HoldingKind::storage : ledger::HoldingKind::ipv4;
    holding.object = row.subject;
    holding.name = std::string(json.at("name").as_string());
    holding.amount = json.at("amount").to_number<std::uint32_t>();
    holding.price = member_number(json, "price");
    holding.from = row.began;
    holding.until = row.ended;
    return holding;
} catch (const std::exception&) {
    return std::nullopt;
}

}  // namespace aula::hub
