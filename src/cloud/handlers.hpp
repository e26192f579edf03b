// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cloud/answer.hpp"
#include "cloud/datacenter.hpp"

/// What the table of routes leads to, by the file that has it.
namespace aula::cloud {

// objects.cpp: the same for all kinds
Answer list_objects(Datacenter& datacenter, const Call& call);
Answer get_object(Datacenter& datacenter, const Call& call);
Answer change_object(Datacenter& datacenter, const Call& call);
Answer delete_object(Datacenter& datacenter, const Call& call);
Answer list_deleted(Datacenter& datacenter, const Call& call);
Answer list_in_location(Datacenter& datacenter, const Call& call);

// events.cpp
Answer list_events(Datacenter& datacenter, const Call& call);
Answer list_object_events(Datacenter& datacenter, const Call& call);
Answer get_request(Datacenter& datacenter, const Call& call);

// servers.cpp, server_power.cpp
Answer create_server(Datacenter& datacenter, const Call& call);
Answer get_power(Datacenter& datacenter, const Call& call);
Answer change_power(Datacenter& datacenter, const Call& call);
Answer shut_down(Datacenter& datacenter, const Call& call);
Answer get_server_metrics(Datacenter& datacenter, const Call& call);

// links.cpp: the relations of a server; the kind is the target's
Answer list_links(Datacenter& datacenter, const Call& call);
Answer create_link(Datacenter& datacenter, const Call& call);
Answer get_link(Datacenter& datacenter, const Call& call);
Answer change_link(Datacenter& datacenter, const Call& call);
Answer delete_link(Datacenter& datacenter, const Call& call);

// storages.cpp, snapshots.cpp
Answer create_storage(Datacenter& datacenter, const Call& call);
Answer clone_storage(Datacenter& datacenter, const Call& call);
Answer list_of_storage(Datacenter& datacenter, const Call& call);
Answer get_of_storage(Datacenter& datacenter, const Call& call);
Answer change_of_storage(Datacenter& datacenter, const Call& call);
Answer delete_of_storage(Datacenter& datacenter, const Call& call);
Answer create_snapshot(Datacenter& datacenter, const Call& call);
Answer roll_back(Datacenter& datacenter, const Call& call);
Answer create_schedule(Datacenter& datacenter, const Call& call);
Answer list_backups(Datacenter& datacenter, const Call& call);
Answer no_such_backup(Datacenter& datacenter, const Call& call);

// templates.cpp, networks.cpp, ips.cpp, firewalls.cpp, sshkeys.cpp, isoimages.cpp
Answer create_template(Datacenter& datacenter, const Call& call);
Answer create_network(Datacenter& datacenter, const Call& call);
Answer list_pinned_servers(Datacenter& datacenter, const Call& call);
Answer pin_server(Datacenter& datacenter, const Call& call);
Answer unpin_server(Datacenter& datacenter, const Call& call);
Answer create_ip(Datacenter& datacenter, const Call& call);
Answer create_firewall(Datacenter& datacenter, const Call& call);
Answer create_sshkey(Datacenter& datacenter, const Call& call);
Answer create_isoimage(Datacenter& datacenter, const Call& call);

// project.cpp: what belongs to no object
Answer list_labels(Datacenter& datacenter, const Call& call);
Answer get_label(Datacenter& datacenter, const Call& call);
Answer list_locations(Datacenter& datacenter, const Call& call);
Answer get_location(Datacenter& datacenter, const Call& call);
Answer validate_token(Datacenter& datacenter, const Call& call);
Answer list_backup_locations(Datacenter& datacenter, const Call& call);
Answer list_nothing(Datacenter& datacenter, const Call& call);
Answer list_nothing_as_array(Datacenter& datacenter, const Call& call);
Answer no_such_product(Datacenter& datacenter, const Call& call);
Answer refuse_product(Datacenter& datacenter, const Call& call);

// usage.cpp
Answer get_usage(Datacenter& datacenter, const Call& call);
Answer get_product_usage(Datacenter& datacenter, const Call& call);

}  // namespace aula::cloud
