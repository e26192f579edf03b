// SPDX-License-Identifier: Apache-2.0
// Disks and addresses: what they cost, and those that belong to nothing any more.
#include <set>

#include "base/log.hpp"
#include "hub/keeper_state.hpp"

namespace aula::hub {

namespace {

// What is being made has no server for a while; a job may take minutes.
constexpr Duration orphan_age = 15min;

}  // namespace

void Keeper::State::tidy() {
    wiring.cloud->storages.list(
        [weak = weak_from_this()](const Expected<std::vector<gridscale::Storage>, Error>& all) {
            if (const auto self = weak.lock()) self->on_storages(all);
        },
        gridscale::Urgency::tidy);
}

void Keeper::State::on_storages(const Expected<std::vector<gridscale::Storage>, Error>& storages) {
    if (!storages) return;
    orphans.clear();
    const WallTime now = wiring.clock.now();
    std::set<std::string> there;
    for (const auto& storage : *storages) {
        if (!is_ours(storage.labels)) continue;
        there.insert(storage.id);
        if (wiring.ledger)
            wiring.ledger->held(ledger::HoldingKind::storage, storage.id, storage.name,
                                static_cast<std::uint32_t>(storage.capacity_gb));
        if (storage.servers.empty() && storage.created + orphan_age < now)
            drop_orphan("storage", storage.name, storage.id);
    }
    if (wiring.ledger) {
        for (const auto* holding : wiring.ledger->book().open_holdings())
            if (holding->kind == ledger::HoldingKind::storage && !there.contains(holding->object))
                wiring.ledger->released(std::string(holding->object));
    }
    wiring.cloud->addresses.list(
        [weak = weak_from_this()](const Expected<std::vector<gridscale::IpAddress>, Error>& all) {
            if (const auto self = weak.lock()) self->on_addresses(all);
        },
        gridscale::Urgency::tidy);
}

void Keeper::State::on_addresses(
    const Expected<std::vector<gridscale::IpAddress>, Error>& addresses) {
    if (!addresses) return;
    const WallTime now = wiring.clock.now();
    std::set<std::string> there;
    for (const auto& address : *addresses) {
        if (!is_ours(address.labels)) continue;
        there.insert(address.id);
        if (wiring.ledger && address.family == 4)
            wiring.ledger->held(ledger::HoldingKind::ipv4, address.id, address.name, 1);
        if (address.servers.empty() && address.created + orphan_age < now)
            drop_orphan("address", address.name, address.id);
    }
    if (!wiring.ledger) return;
    for (const auto* holding : wiring.ledger->book().open_holdings())
        if (holding->kind == ledger::HoldingKind::ipv4 && !there.contains(holding->object))
            wiring.ledger->released(std::string(holding->object));
}

/// It has our label, so it was made by us; it hangs on nothing and costs.
void Keeper::State::drop_orphan(const std::string& kind, const std::string& name,
                                const std::string& id) {
    orphans.push_back(kind + ' ' + name);
    const auto row =
        log.begin("tidy", name, {}, std::nullopt, "a " + kind + " belongs to no server any more",
                  [](const Expected<void, Error>&) {});
    const auto gone = [weak = weak_from_this(), row](const Expected<void, Error>& outcome) {
        if (const auto self = weak.lock())
            self->log.finish(row, outcome ? "done" : outcome.error().text);
    };
    if (kind == "storage")
        wiring.cloud->storages.remove(id, gone);
    else
        wiring.cloud->addresses.remove(id, gone);
}

}  // namespace aula::hub
