// SPDX-License-Identifier: Apache-2.0
#include "cloud/routes.hpp"

#include <algorithm>
#include <array>

#include "cloud/handlers.hpp"

namespace aula::cloud {
namespace {

struct Route {
    std::string_view method;
    std::string_view path;  // {}: an id
    Answer (*handler)(Datacenter&, const Call&);
    Kind kind = Kind::server;
};

/// Everything the API has.
constexpr Route routes[] = {
    {"GET", "/requests/{}", get_request},
    {"GET", "/validate_token", validate_token},

    {"GET", "/objects/servers", list_objects, Kind::server},
    {"POST", "/objects/servers", create_server, Kind::server},
    {"GET", "/objects/servers/{}", get_object, Kind::server},
    {"PATCH", "/objects/servers/{}", change_object, Kind::server},
    {"DELETE", "/objects/servers/{}", delete_object, Kind::server},
    {"GET", "/objects/servers/{}/power", get_power, Kind::server},
    {"PATCH", "/objects/servers/{}/power", change_power, Kind::server},
    {"PATCH", "/objects/servers/{}/shutdown", shut_down, Kind::server},
    {"GET", "/objects/servers/{}/events", list_object_events, Kind::server},
    {"GET", "/objects/servers/{}/metrics", get_server_metrics, Kind::server},

    {"GET", "/objects/servers/{}/storages", list_links, Kind::storage},
    {"POST", "/objects/servers/{}/storages", create_link, Kind::storage},
    {"GET", "/objects/servers/{}/storages/{}", get_link, Kind::storage},
    {"PATCH", "/objects/servers/{}/storages/{}", change_link, Kind::storage},
    {"DELETE", "/objects/servers/{}/storages/{}", delete_link, Kind::storage},
    {"GET", "/objects/servers/{}/networks", list_links, Kind::network},
    {"POST", "/objects/servers/{}/networks", create_link, Kind::network},
    {"GET", "/objects/servers/{}/networks/{}", get_link, Kind::network},
    {"PATCH", "/objects/servers/{}/networks/{}", change_link, Kind::network},
    {"DELETE", "/objects/servers/{}/networks/{}", delete_link, Kind::network},
    {"GET", "/objects/servers/{}/ips", list_links, Kind::ip},
    {"POST", "/objects/servers/{}/ips", create_link, Kind::ip},
    {"GET", "/objects/servers/{}/ips/{}", get_link, Kind::ip},
    {"DELETE", "/objects/servers/{}/ips/{}", delete_link, Kind::ip},
    {"GET", "/objects/servers/{}/isoimages", list_links, Kind::isoimage},
    {"POST", "/objects/servers/{}/isoimages", create_link, Kind::isoimage},
    {"GET", "/objects/servers/{}/isoimages/{}", get_link, Kind::isoimage},
    {"PATCH", "/objects/servers/{}/isoimages/{}", change_link, Kind::isoimage},
    {"DELETE", "/objects/servers/{}/isoimages/{}", delete_link, Kind::isoimage},

    {"GET", "/objects/storages", list_objects, Kind::storage},
    {"POST", "/objects/storages", create_storage, Kind::storage},
    {"POST", "/objects/storages/import", refuse_product, Kind::storage},
    {"GET", "/objects/storages/{}", get_object, Kind::storage},
    {"PATCH", "/objects/storages/{}", change_object, Kind::storage},
    {"DELETE", "/objects/storages/{}", delete_object, Kind::storage},
    {"GET", "/objects/storages/{}/events", list_object_events, Kind::storage},
    {"POST", "/objects/storages/{}/clone", clone_storage, Kind::storage},
    {"GET", "/objects/storages/{}/backups", list_backups, Kind::storage},
    {"PATCH", "/objects/storages/{}/backups/{}", no_such_backup, Kind::storage},
    {"DELETE", "/objects/storages/{}/backups/{}", no_such_backup, Kind::storage},
    {"PATCH", "/objects/storages/{}/backups/{}/rollback", no_such_backup, Kind::storage},
    {"GET", "/objects/storages/{}/snapshots", list_of_storage, Kind::snapshot},
    {"POST", "/objects/storages/{}/snapshots", create_snapshot, Kind::snapshot},
    {"GET", "/objects/storages/{}/snapshots/{}", get_of_storage, Kind::snapshot},
    {"PATCH", "/objects/storages/{}/snapshots/{}", change_of_storage, Kind::snapshot},
    {"DELETE", "/objects/storages/{}/snapshots/{}", delete_of_storage, Kind::snapshot},
    {"PATCH", "/objects/storages/{}/snapshots/{}/rollback", roll_back, Kind::snapshot},
    {"PATCH", "/objects/storages/{}/snapshots/{}/export_to_s3", refuse_product, Kind::snapshot},
    {"GET", "/objects/storages/{}/snapshot_schedules", list_of_storage, Kind::snapshot_schedule},
    {"POST", "/objects/storages/{}/snapshot_schedules", create_schedule, Kind::snapshot_schedule},
    {"GET", "/objects/storages/{}/snapshot_schedules/{}", get_of_storage, Kind::snapshot_schedule},
    {"PATCH", "/objects/storages/{}/snapshot_schedules/{}", change_of_storage,
     Kind::snapshot_schedule},
    {"DELETE", "/objects/storages/{}/snapshot_schedules/{}", delete_of_storage,
     Kind::snapshot_schedule},
    {"GET", "/objects/storages/{}/backup_schedules", list_of_storage, Kind::backup_schedule},
    {"POST", "/objects/storages/{}/backup_schedules", create_schedule, Kind::backup_schedule},
    {"GET", "/objects/storages/{}/backup_schedules/{}", get_of_storage, Kind::backup_schedule},
    {"PATCH", "/objects/storages/{}/backup_schedules/{}", change_of_storage, Kind::backup_schedule},
    {"DELETE", "/objects/storages/{}/backup_schedules/{}", delete_of_storage,
     Kind::backup_schedule},

    {"GET", "/objects/templates", list_objects, Kind::os_template},
    {"POST", "/objects/templates", create_template, Kind::os_template},
    {"GET", "/objects/templates/{}", get_object, Kind::os_template},
    {"PATCH", "/objects/templates/{}", change_object, Kind::os_template},
    {"DELETE", "/objects/templates/{}", delete_object, Kind::os_template},
    {"GET", "/objects/templates/{}/events", list_object_events, Kind::os_template},

    {"GET", "/objects/networks", list_objects, Kind::network},
    {"POST", "/objects/networks", create_network, Kind::network},
    {"GET", "/objects/networks/{}", get_object, Kind::network},
    {"PATCH", "/objects/networks/{}", change_object, Kind::network},
    {"DELETE", "/objects/networks/{}", delete_object, Kind::network},
    {"GET", "/objects/networks/{}/events", list_object_events, Kind::network},
    {"GET", "/objects/networks/{}/pinned_servers", list_pinned_servers, Kind::network},
    {"PATCH", "/objects/networks/{}/pinned_servers/{}", pin_server, Kind::network},
    {"DELETE", "/objects/networks/{}/pinned_servers/{}", unpin_server, Kind::network},

    {"GET", "/objects/ips", list_objects, Kind::ip},
    {"POST", "/objects/ips", create_ip, Kind::ip},
    {"GET", "/objects/ips/{}", get_object, Kind::ip},
    {"PATCH", "/objects/ips/{}", change_object, Kind::ip},
    {"DELETE", "/objects/ips/{}", delete_object, Kind::ip},
    {"GET", "/objects/ips/{}/events", list_object_events, Kind::ip},

    {"GET", "/objects/firewalls", list_objects, Kind::firewall},
    {"POST", "/objects/firewalls", create_firewall, Kind::firewall},
    {"GET", "/objects/firewalls/{}", get_object, Kind::firewall},
    {"PATCH", "/objects/firewalls/{}", change_object, Kind::firewall},
    {"DELETE", "/objects/firewalls/{}", delete_object, Kind::firewall},
    {"GET", "/objects/firewalls/{}/events", list_object_events, Kind::firewall},

    {"GET", "/objects/sshkeys", list_objects, Kind::sshkey},
    {"POST", "/objects/sshkeys", create_sshkey, Kind::sshkey},
    {"GET", "/objects/sshkeys/{}", get_object, Kind::sshkey},
    {"PATCH", "/objects/sshkeys/{}", change_object, Kind::sshkey},
    {"DELETE", "/objects/sshkeys/{}", delete_object, Kind::sshkey},
    {"GET", "/objects/sshkeys/{}/events", list_object_events, Kind::sshkey},

    {"GET", "/objects/isoimages", list_objects, Kind::isoimage},
    {"POST", "/objects/isoimages", create_isoimage, Kind::isoimage},
    {"GET", "/objects/isoimages/{}", get_object, Kind::isoimage},
    {"PATCH", "/objects/isoimages/{}", change_object, Kind::isoimage},
    {"DELETE", "/objects/isoimages/{}", delete_object, Kind::isoimage},
    {"GET", "/objects/isoimages/{}/events", list_object_events, Kind::isoimage},

    {"GET", "/objects/events", list_events},
    {"GET", "/objects/labels", list_labels},
    {"GET", "/objects/labels/{}", get_label},

    {"GET", "/objects/locations", list_locations},
    {"POST", "/objects/locations", refuse_product},
    {"GET", "/objects/locations/{}", get_location},
    {"GET", "/objects/locations/{}/servers", list_in_location, Kind::server},
    {"GET", "/objects/locations/{}/storages", list_in_location, Kind::storage},
    {"GET", "/objects/locations/{}/snapshots", list_in_location, Kind::snapshot},
    {"GET", "/objects/locations/{}/templates", list_in_location, Kind::os_template},
    {"GET", "/objects/locations/{}/networks", list_in_location, Kind::network},
    {"GET", "/objects/locations/{}/ips", list_in_location, Kind::ip},
    {"GET", "/objects/locations/{}/isoimages", list_in_location, Kind::isoimage},

    {"GET", "/objects/deleted/servers", list_deleted, Kind::server},
    {"GET", "/objects/deleted/storages", list_deleted, Kind::storage},
    {"GET", "/objects/deleted/snapshots", list_deleted, Kind::snapshot},
    {"GET", "/objects/deleted/templates", list_deleted, Kind::os_template},
    {"GET", "/objects/deleted/networks", list_deleted, Kind::network},
    {"GET", "/objects/deleted/ips", list_deleted, Kind::ip},
    {"GET", "/objects/deleted/isoimages", list_deleted, Kind::isoimage},
    {"GET", "/objects/deleted/loadbalancers", list_nothing},
    {"GET", "/objects/deleted/paas_services", list_nothing},

    {"GET", "/objects/loadbalancers", list_nothing},
    {"POST", "/objects/loadbalancers", refuse_product},
    {"GET", "/objects/loadbalancers/{}", no_such_product},
    {"PATCH", "/objects/loadbalancers/{}", no_such_product},
    {"DELETE", "/objects/loadbalancers/{}", no_such_product},
    {"GET", "/objects/certificates", list_nothing},
    {"POST", "/objects/certificates", refuse_product},
    {"GET", "/objects/certificates/{}", no_such_product},
    {"DELETE", "/objects/certificates/{}", no_such_product},
    {"GET", "/objects/marketplace/applications", list_nothing},
    {"POST", "/objects/marketplace/applications", refuse_product},
    {"GET", "/objects/marketplace/applications/{}", no_such_product},
    {"PATCH", "/objects/marketplace/applications/{}", no_such_product},
    {"DELETE", "/objects/marketplace/applications/{}", no_such_product},
    {"GET", "/objects/objectstorages/access_keys", list_nothing_as_array},
    {"POST", "/objects/objectstorages/access_keys", refuse_product},
    {"GET", "/objects/objectstorages/access_keys/{}", no_such_product},
    {"PATCH", "/objects/objectstorages/access_keys/{}", no_such_product},
    {"DELETE", "/objects/objectstorages/access_keys/{}", no_such_product},
    {"GET", "/objects/objectstorages/buckets", list_nothing_as_array},
    {"GET", "/objects/backup_locations", list_backup_locations},
    {"GET", "/objects/gpus", list_nothing},
    {"GET", "/objects/gpu_flavors", list_nothing},
    {"GET", "/objects/paas/services", list_nothing},
    {"POST", "/objects/paas/services", refuse_product},
    {"GET", "/objects/paas/services/{}", no_such_product},
    {"PATCH", "/objects/paas/services/{}", no_such_product},
    {"DELETE", "/objects/paas/services/{}", no_such_product},
    {"GET", "/objects/paas/service_templates", list_nothing},
    {"GET", "/objects/paas/security_zones", list_nothing},
    {"POST", "/objects/paas/security_zones", refuse_product},
    {"GET", "/objects/paas/security_zones/{}", no_such_product},

    {"GET", "/projects/usage", get_usage},
    {"GET", "/projects/usage/{}", get_product_usage},
    {"GET", "/contracts/usage", get_usage},
    {"GET", "/contracts/usage/{}", get_product_usage},
};

/// The first part of a path, taken off it.
std::string_view take_part(std::string_view& path) {
    path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
    const auto part = path.substr(0, path.find('/'));
    path.remove_prefix(part.size());
    return part;
}

bool fits(std::string_view pattern, std::string_view path, std::vector<std::string>& ids) {
    ids.clear();
    for (;;) {
        const auto wanted = take_part(pattern), part = take_part(path);
        if (wanted.empty() || part.empty()) return wanted.empty() && part.empty();
        if (wanted == "{}") {
            ids.emplace_back(part);
        } else if (wanted != part) {
            return false;
        }
    }
}

bool is_full_for(const Datacenter& datacenter, const Call& call) {
    return call.method == "POST" && datacenter.inventory().is_full();
}

}  // namespace

Answer route(Datacenter& datacenter, Call call) {
    std::string allowed;
    for (const auto& entry : routes) {
        if (!fits(entry.path, call.path, call.ids)) continue;
        allowed.append(entry.method == "GET" ? "GET, HEAD" : entry.method).append(", ");
        if (entry.method != call.method) continue;
        if (is_full_for(datacenter, call)) return error_answer(416, "This cloud is full");
        call.kind = entry.kind;
        return entry.handler(datacenter, call);
    }
    if (allowed.empty()) return error_answer(404, "No such path");
    auto answer = error_answer(405, "Method not allowed");
    answer.allowed_methods = allowed + "OPTIONS";
    return answer;
}

}  // namespace aula::cloud
