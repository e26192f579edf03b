// SPDX-License-Identifier: Apache-2.0
#include "cloud/snapshots.hpp"

#include <array>

#include "cloud/formats.hpp"
#include "cloud/handlers.hpp"
#include "cloud/presets.hpp"
#include "cloud/resource.hpp"

namespace aula::cloud {
namespace {

constexpr std::array snapshot_fields = {
    Field{.name = "name", .most = 64},
    Field{.name = "labels", .type = FieldType::texts, .preset = "[]"},
};
constexpr std::int64_t a_year = 365 * 24 * 60;  // minutes
constexpr std::array snapshot_schedule_fields = {
    Field{.name = "name", .required = true, .least = 1, .most = 64},
    Field{.name = "labels", .type = FieldType::texts, .preset = "[]"},
    Field{.name = "run_interval",
          .type = FieldType::whole,
          .required = true,
          .least = 60,
          .most = a_year},
    Field{.name = "keep_snapshots",
          .type = FieldType::whole,
          .required = true,
          .least = 1,
          .most = 10'000},
    Field{.name = "next_runtime", .type = FieldType::time},
};
constexpr std::array backup_schedule_fields = {
    Field{.name = "name", .required = true, .least = 1, .most = 64},
    Field{.name = "labels", .type = FieldType::texts, .preset = "[]"},
    Field{.name = "run_interval",
          .type = FieldType::whole,
          .required = true,
          .least = 60,
          .most = a_year},
    Field{.name = "keep_backups",
          .type = FieldType::whole,
          .required = true,
          .least = 1,
          .most = 10'000},
    Field{.name = "next_runtime", .type = FieldType::time},
    Field{.name = "active", .type = FieldType::boolean, .preset = "true"},
    Field{.name = "backup_location_uuid"},
};

void show_schedule(const Datacenter& datacenter, const Object& schedule, json::object& into) {
    const auto* storage = datacenter.inventory().find(schedule.text("storage_uuid"));
    into["storage_uuid"] = schedule.text("storage_uuid");
    into["storage_name"] = storage ? storage->text("name") : "";
    if (schedule.kind == Kind::snapshot_schedule) {
        into["relations"] = {{"snapshots", json::array{}}};
        return;
    }
    // Clients disagree on the name.
    into["relations"] = {{"storage_backups", json::array{}}, {"storages_backups", json::array{}}};
    if (schedule.text("backup_location_uuid").empty()) into["backup_location_uuid"] = location_id;
    into["backup_location_name"] = location_name;
}

/// The storage that a call's path names first and what of it is named next.
struct OfStorage {
    const Object* storage = nullptr;
    const Object* object = nullptr;
};
Expected<OfStorage, Answer> named_of_storage(const Datacenter& datacenter, const Call& call) {
    const auto storage = named(datacenter, call, Kind::storage);
    if (!storage) return fail(storage.error());
    const auto* object = datacenter.inventory().find(call.ids[1], call.kind, call.owner);
    const auto* parent = call.kind == Kind::snapshot ? "parent_uuid" : "storage_uuid";
    if (!object || object->text(parent) != (*storage)->id) return fail(not_found(call.ids[1]));
    return OfStorage{*storage, object};
}

std::vector<const Object*> all_of_storage(const Datacenter& datacenter, const Object& storage,
                                          Kind kind) {
    auto objects = datacenter.inventory().all(kind, storage.owner);
    const auto* parent = kind == Kind::snapshot ? "parent_uuid" : "storage_uuid";
    std::erase_if(objects, [&](const auto* object) { return object->text(parent) != storage.id; });
    return objects;
}

/// The same call to the object alone, for the handlers of all kinds.
Call alone(const Call& call) {
    auto inner = call;
    inner.ids = {call.ids[1]};
    return inner;
}

}  // namespace

Resource snapshot_resource() { return {Kind::snapshot, "snapshots", "snapshot", snapshot_fields}; }
Resource snapshot_schedule_resource() {
    return {Kind::snapshot_schedule, "snapshot_schedules", "snapshot_schedule",
            snapshot_schedule_fields, show_schedule};
}
Resource backup_schedule_resource() {
    return {Kind::backup_schedule, "schedule_storage_backups", "schedule_storage_backup",
            backup_schedule_fields, show_schedule};
}

json::array snapshots_of(const Datacenter& datacenter, const Object& storage) {
    json::array snapshots;
    for (const auto* snapshot : all_of_storage(datacenter, storage, Kind::snapshot)) {
        snapshots.push_back({{"object_uuid", snapshot->id},
                             {"object_name", snapshot->text("name")},
                             {"object_capacity", snapshot->whole("capacity")},
                             {"storage_uuid", storage.id},
                             {"last_used_template", storage.text("last_used_template")},
                             {"schedules_snapshot_name", ""},
                             {"schedules_snapshot_uuid", ""},
                             {"create_time", time_text(snapshot->created)}});
    }
    return snapshots;
}

json::array schedules_of(const Datacenter& datacenter, const Object& storage, Kind kind) {
    json::array schedules;
    for (const auto* schedule : all_of_storage(datacenter, storage, kind)) {
        auto out = schedule->fields;
        out["object_uuid"] = schedule->id;
        out["object_name"] = schedule->text("name");
        out["create_time"] = time_text(schedule->created);
        schedules.push_back(std::move(out));
    }
    return schedules;
}

std::vector<const Object*> hanging_on(const Datacenter& datacenter, const Object& storage) {
    std::vector<const Object*> hanging;
    for (const auto kind : {Kind::snapshot, Kind::snapshot_schedule, Kind::backup_schedule}) {
        const auto objects = all_of_storage(datacenter, storage, kind);
        hanging.insert(hanging.end(), objects.begin(), objects.end());
    }
    return hanging;
}

Answer list_of_storage(Datacenter& datacenter, const Call& call) {
    const auto storage = named(datacenter, call, Kind::storage);
    if (!storage) return storage.error();
    std::vector<json::object> objects;
    for (const auto* object : all_of_storage(datacenter, **storage, call.kind))
        objects.push_back(shown(datacenter, *object));
    return shown_list(call, resource_of(call.kind).collection, std::move(objects));
}

Answer get_of_storage(Datacenter& datacenter, const Call& call) {
    const auto found = named_of_storage(datacenter, call);
    return found ? get_object(datacenter, alone(call)) : found.error();
}

Answer change_of_storage(Datacenter& datacenter, const Call& call) {
    const auto found = named_of_storage(datacenter, call);
    return found ? change_object(datacenter, alone(call)) : found.error();
}

Answer delete_of_storage(Datacenter& datacenter, const Call& call) {
    const auto found = named_of_storage(datacenter, call);
    return found ? delete_object(datacenter, alone(call)) : found.error();
}

Answer create_snapshot(Datacenter& datacenter, const Call& call) {
    const auto storage = named(datacenter, call, Kind::storage);
    if (!storage) return storage.error();
    auto fields = new_fields(call, snapshot_resource());
    if (!fields) return fields.error();
    (*fields)["parent_uuid"] = (*storage)->id;
    (*fields)["parent_name"] = (*storage)->text("name");
    (*fields)["capacity"] = (*storage)->whole("capacity");
    (*fields)["license_product_no"] = 0;
    return created(datacenter, call, datacenter.add(Kind::snapshot, call.owner, *fields));
}

Answer roll_back(Datacenter& datacenter, const Call& call) {
    const auto found = named_of_storage(datacenter, call);
    if (!found) return found.error();
    const auto body = body_of(call);
    if (!body || !bool_member(*body, "rollback")) return error_answer(400, "rollback must be true");
    return datacenter.accept(
        call, {204, found->storage, "rollback", {{Effect::What::touch, found->storage->id}}});
}

Answer create_schedule(Datacenter& datacenter, const Call& call) {
    const auto storage = named(datacenter, call, Kind::storage);
    if (!storage) return storage.error();
    auto fields = new_fields(call, resource_of(call.kind));
    if (!fields) return fields.error();
    (*fields)["storage_uuid"] = (*storage)->id;
    if (text_member(*fields, "next_runtime").empty()) {
        const auto interval = std::chrono::minutes(whole_member(*fields, "run_interval"));
        (*fields)["next_runtime"] = time_text(datacenter.now() + interval);
    }
    return created(datacenter, call, datacenter.add(call.kind, call.owner, *fields));
}

/// Schedules are kept but make no backups.
Answer list_backups(Datacenter& datacenter, const Call& call) {
    const auto storage = named(datacenter, call, Kind::storage);
    if (!storage) return storage.error();
    return shown_list(call, "backups", {});
}

Answer no_such_backup(Datacenter& datacenter, const Call& call) {
    const auto storage = named(datacenter, call, Kind::storage);
    return storage ? not_found(call.ids[1]) : storage.error();
}

}  // namespace aula::cloud
