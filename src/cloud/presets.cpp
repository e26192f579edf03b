// SPDX-License-Identifier: Apache-2.0
#include "cloud/presets.hpp"

namespace aula::cloud {
namespace {

Object preset(Kind kind, const char* id, WallTime now, json::object fields) {
    Object object;
    object.id = id;
    object.kind = kind;
    object.created = object.changed = now;
    object.fields = std::move(fields);
    return object;
}

json::object template_fields(const char* name, const char* distro, const char* version) {
    return {{"name", name},           {"labels", json::array{}}, {"ostype", "Linux"},
            {"distro", distro},       {"version", version},      {"description", name},
            {"private", false},       {"published", true},       {"capacity", 10},
            {"license_product_no", 0}};
}

}  // namespace

void show_location(json::object& into) {
    into["location_uuid"] = location_id;
    into["location_name"] = location_name;
    into["location_country"] = "local";
    into["location_iata"] = "one";
}

json::object location() {
    return {{"object_uuid", location_id},
            {"name", location_name},
            {"iata", "one"},
            {"country", "local"},
            {"status", "active"},
            {"labels", json::array{}},
            {"active", true},
            {"public", true},
            {"product_no", 0},
            {"cpunode_count", 1},
            {"features",
             {{"hardware_profiles", "default,q35,nested,legacy"},
              {"has_rocket_storage", "false"},
              {"has_server_provisioning", "true"},
              {"has_gpu", "false"},
              {"object_storage_region", ""}}},
            {"location_information",
             {{"certification_list", ""},
              {"city", "here"},
              {"data_protection_agreement", ""},
              {"geo_location", ""},
              {"green_energy", ""},
              {"operator_certification_list", ""},
              {"owner", "Aula"},
              {"owner_website", ""},
              {"site_name", "this machine"}}}};
}

std::vector<Object> preset_objects(WallTime now) {
    std::vector<Object> objects;
    objects.push_back(preset(Kind::network, "1b5e2a1c-90d7-4a2b-8f3e-6d8c0b7a1f01", now,
                             {{"name", "Public Network"},
                              {"labels", json::array{}},
                              {"l2security", true},
                              {"network_type", "network_high"},
                              {"public_net", true},
                              {"delete_block", true},
                              {"dhcp_active", false},
                              {"dhcp_range", ""},
                              {"dhcp_gateway", ""},
                              {"dhcp_dns", ""},
                              {"dhcp_reserved_subnet", json::array{}}}));
    objects.push_back(preset(Kind::os_template, "1b5e2a1c-90d7-4a2b-8f3e-6d8c0b7a1f02", now,
                             template_fields("Debian 12", "Debian", "12")));
    objects.push_back(preset(Kind::os_template, "1b5e2a1c-90d7-4a2b-8f3e-6d8c0b7a1f03", now,
                             template_fields("Debian 11", "Debian", "11")));
    objects.push_back(preset(Kind::os_template, "1b5e2a1c-90d7-4a2b-8f3e-6d8c0b7a1f04", now,
                             template_fields("Ubuntu 22.04 LTS", "Ubuntu", "22.04 LTS")));
    return objects;
}

}  // namespace aula::cloud
