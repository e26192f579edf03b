// SPDX-License-Identifier: Apache-2.0
#include "cloud/object.hpp"

namespace aula::cloud {
namespace {

WallTime time_of(const json::value& stored) {
    return WallTime(std::chrono::milliseconds(stored.as_int64()));
}

json::value stored_time(const std::optional<WallTime>& time) {
    return time ? json::value(unix_ms(*time)) : json::value(nullptr);
}

json::array stored_spans(const Meter& meter) {
    json::array spans;
    for (const auto& span : meter.spans()) {
        spans.push_back(
            {unix_ms(span.from), stored_time(span.to), span.amounts[0], span.amounts[1]});
    }
    return spans;
}

Meter meter_of(const json::array& stored_spans) {
    std::vector<Span> spans;
    for (const auto& entry : stored_spans) {
        const auto& parts = entry.as_array();
        Span span{
            time_of(parts.at(0)), std::nullopt, {parts.at(2).as_int64(), parts.at(3).as_int64()}};
        if (!parts.at(1).is_null()) span.to = time_of(parts.at(1));
        spans.push_back(span);
    }
    return Meter(std::move(spans));
}

Guest guest_of(const json::object& stored_guest) {
    return {time_of(stored_guest.at("boot_at")),
            static_cast<BootFate>(stored_guest.at("fate").to_number<std::uint8_t>()),
            stored_guest.at("pid").to_number<int>(), text_member(stored_guest, "birth")};
}

}  // namespace

json::object stored(const Object& object) {
    json::object out{{"id", object.id},
                     {"owner", object.owner},
                     {"kind", static_cast<int>(object.kind)},
                     {"status", object.status},
                     {"created", unix_ms(object.created)},
                     {"changed", unix_ms(object.changed)},
                     {"deleted", stored_time(object.deleted)},
                     {"fields", object.fields},
                     {"spans", stored_spans(object.meter)}};
    if (object.guest) {
        out["guest"] = {{"boot_at", unix_ms(object.guest->boot_at)},
                        {"fate", static_cast<int>(object.guest->fate)},
                        {"pid", object.guest->pid},
                        {"birth", object.guest->birth}};
    }
    return out;
}

Object object_of(const json::object& stored_object) {
    Object object;
    object.id = stored_object.at("id").as_string().c_str();
    object.owner = stored_object.at("owner").as_string().c_str();
    object.kind = static_cast<Kind>(stored_object.at("kind").to_number<std::uint8_t>());
    object.status = stored_object.at("status").as_string().c_str();
    object.created = time_of(stored_object.at("created"));
    object.changed = time_of(stored_object.at("changed"));
    if (!stored_object.at("deleted").is_null())
        object.deleted = time_of(stored_object.at("deleted"));
    object.fields = stored_object.at("fields").as_object();
    object.meter = meter_of(stored_object.at("spans").as_array());
    if (const auto* guest = stored_object.if_contains("guest"))
        object.guest = guest_of(guest->as_object());
    return object;
}

}  // namespace aula::cloud
