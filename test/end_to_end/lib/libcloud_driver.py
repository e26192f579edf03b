# SPDX-License-Identifier: Apache-2.0
"""Drives a cloud by Apache Libcloud's gridscale driver: PORT USER TOKEN [slow]."""
import sys
import time

from libcloud.common.types import InvalidCredsError
from libcloud.compute.base import NodeSize
from libcloud.compute.providers import get_driver
from libcloud.compute.types import NodeState, Provider

port, user, token = int(sys.argv[1]), sys.argv[2], sys.argv[3]


def driver_of(secret):
    driver = get_driver(Provider.GRIDSCALE)(user, secret, secure=False, host="127.0.0.1", port=port)
    driver.connection.poll_interval = 0.02
    return driver


def refused(call, *arguments):
    """What the driver raises; for anything but 401 and 404 that is the answer's body."""
    try:
        call(*arguments)
    except Exception as error:
        return error
    raise AssertionError("not refused")


cloud = driver_of(token)


def node_of(node):
    return next(one for one in cloud.list_nodes() if one.id == node.id)


def switch_off(node):
    # The driver has no call of its own for it; this is the first half of its reboot.
    cloud._sync_request(data={"power": False}, endpoint=f"objects/servers/{node.id}/power", method="PATCH")


def names(things):
    return [thing.name for thing in things]


def eventually(condition):
    """The driver follows its creations until they are done, but no other change."""
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


def has_state(node, state):
    return node_of(node).state == state


def volumes_of(node):
    return sorted(names(cloud.ex_list_volumes_for_node(node)))


# Who does not belong here.
assert isinstance(refused(driver_of("wrong").list_nodes), InvalidCredsError)

# What is there for everybody.
[location] = cloud.list_locations()
assert cloud.list_nodes() == [] and cloud.list_volumes() == [] and cloud.ex_list_ips() == []
[public] = cloud.ex_list_networks()
debian = next(image for image in cloud.list_images() if image.name == "Debian 12")
assert cloud.get_image(debian.id).extra["ostype"] == "Linux"

# Keys.
key = cloud.import_key_pair_from_string("teacher", "ssh-ed25519 AAAAC3 teacher@school")
assert [(one.name, one.public_key) for one in cloud.list_key_pairs()] == [("teacher", "ssh-ed25519 AAAAC3 teacher@school")]

# A node with all that belongs to it.
size = NodeSize(id="1", name="small", ram=4096, disk=10, bandwidth=0, price=0, driver=cloud, extra={"cores": 2})
node = cloud.create_node("conf-01", size, debian, location, ex_ssh_key_ids=[key.fingerprint])
assert node.extra["cores"] == 2 and node.extra["memory"] == 4096
eventually(lambda: has_state(node, NodeState.RUNNING))
[address] = cloud.ex_list_ips_for_node(node)
assert node_of(node).public_ips == [address.ip_address] and address.family == 4
[disk] = cloud.ex_list_volumes_for_node(node)
assert disk.size == 10 and names(cloud.list_nodes()) == ["conf-01"]
assert cloud.ex_rename_node(node, "conf-02")
eventually(lambda: node_of(node).name == "conf-02")

# Its image: the driver counts on the first disk being what the node boots from.
golden = cloud.create_image(node_of(node), "golden")
assert golden.name == "golden" and golden.extra["private"] is True and golden.extra["capacity"] == 10
eventually(lambda: cloud.list_volume_snapshots(disk) == [])  # the driver has taken it away
second = cloud.create_node("conf-03", size, golden, location)
eventually(lambda: has_state(second, NodeState.RUNNING))
assert len(cloud.list_nodes()) == 2

# Power.
assert cloud.reboot_node(node_of(node), ex_sleep_interval=0.3)
eventually(lambda: has_state(node, NodeState.RUNNING))
assert "already in the requested power state" in str(refused(cloud.start_node, node))
switch_off(node)
eventually(lambda: has_state(node, NodeState.STOPPED))
assert cloud.start_node(node)
eventually(lambda: has_state(node, NodeState.RUNNING))

# Volumes and snapshots. The driver says False to a 202, so what counts is what is there then.
volume = cloud.create_volume(20, "recordings", location)
cloud.attach_volume(node, volume)
eventually(lambda: volumes_of(node) == ["Linux", "recordings"])
attached = next(one for one in cloud.list_volumes() if one.id == volume.id)
assert attached.extra["relations"]["servers"][0]["bootdevice"] is False
assert "linked" in str(refused(cloud.destroy_volume, attached))
cloud.detach_volume(attached)
eventually(lambda: volumes_of(node) == ["Linux"])
assert cloud.ex_rename_volume(volume, "archive")
eventually(lambda: "archive" in names(cloud.list_volumes()))
snapshot = cloud.create_volume_snapshot(volume, "before")
assert snapshot.size == 20 and names(cloud.list_volume_snapshots(volume)) == ["before"]
cloud.ex_storage_rollback(volume, snapshot, True)
assert cloud.destroy_volume_snapshot(snapshot)
eventually(lambda: cloud.list_volume_snapshots(volume) == [])
assert cloud.destroy_volume(volume)
eventually(lambda: "archive" not in names(cloud.list_volumes()))
assert "not been found" in str(refused(cloud.destroy_volume, volume))

# Addresses.
spare = cloud.ex_create_ip(6, location, "spare")
assert spare.family == 6 and ":" in spare.ip_address
cloud.ex_link_ip_to_node(node, spare)
eventually(lambda: sorted(node_of(node).public_ips) == sorted([address.ip_address, spare.ip_address]))
cloud.ex_unlink_ip_from_node(node, spare)
eventually(lambda: node_of(node).public_ips == [address.ip_address])
assert cloud.ex_destroy_ip(spare)
eventually(lambda: len(cloud.ex_list_ips()) == 2)

# Networks. The driver makes one, and then looks for it under /objects/network, which is not there.
assert "not been found" in str(refused(cloud.ex_create_networks, "inside", location))
inside = next(network for network in cloud.ex_list_networks() if network.name == "inside")


def networks_of(node):
    return sorted(one["object_name"] for one in node_of(node).extra["relations"]["networks"])


cloud.ex_link_network_to_node(node, inside)
eventually(lambda: networks_of(node) == ["Public Network", "inside"])
cloud.ex_unlink_network_from_node(node, inside)
eventually(lambda: networks_of(node) == ["Public Network"])
assert cloud.ex_rename_network(inside, "within")
eventually(lambda: "within" in names(cloud.ex_list_networks()))
assert cloud.ex_destroy_network(inside)
eventually(lambda: names(cloud.ex_list_networks()) == [public.name])

# The end. A node's disk can go once it is no longer linked.
assert "must be off" in str(refused(cloud.destroy_node, node))
for one in cloud.list_nodes():
    switch_off(one)
    eventually(lambda: has_state(one, NodeState.STOPPED))
    disks, addresses = cloud.ex_list_volumes_for_node(one), cloud.ex_list_ips_for_node(one)
    assert cloud.destroy_node(one)
    eventually(lambda: one.id not in [left.id for left in cloud.list_nodes()])
    assert all([cloud.destroy_volume(each) for each in disks] + [cloud.ex_destroy_ip(each) for each in addresses])
last = cloud.create_node("conf-04", size, golden, location)
eventually(lambda: has_state(last, NodeState.RUNNING))
switch_off(last)
eventually(lambda: has_state(last, NodeState.STOPPED))
assert cloud.delete_image(golden)
eventually(lambda: "golden" not in names(cloud.list_images()))
if len(sys.argv) == 4:
    # In one go, as the driver can where changes are made at once.
    assert cloud.destroy_node(last, ex_destroy_associated_resources=True)
    assert cloud.list_nodes() == [] and cloud.list_volumes() == [] and cloud.ex_list_ips() == []
print("ok")
