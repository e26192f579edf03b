// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gridscale/project.hpp"
#include "hub/keeper.hpp"
#include "hub/keeper_boots.hpp"
#include "hub/keeper_log.hpp"
#include "hub/keeper_server.hpp"
#include "hub/ledger_keeping.hpp"
#include "hub/rooms.hpp"

namespace aula::hub {

/// keeper.cpp: the tick. keeper_list.cpp: what the cloud says. keeper_work.cpp: what is done.
/// keeper_tidy.cpp: what nobody owns. keeper_orders.cpp, keeper_wishes.cpp:
/// operators. keeper_view.cpp: what they see.
struct Keeper::State : std::enable_shared_from_this<Keeper::State> {
    explicit State(Wiring w) : wiring(std::move(w)), log(*wiring.store, wiring.clock, wiring.zone) {
        policy = wiring.policy;
    }
    ~State();

    // keeper.cpp
    static constexpr const char* fleet_documents = "fleet";
    using Documents = std::vector<std::pair<std::string, std::string>>;
    struct Stored {
        Documents flags;
        Documents fleet;
    };
    void start();
    void stop();
    void on_loaded(Expected<Stored, Error> stored);
    void tick();
    void renew_lease();
    void on_lease(Time asked, const Expected<bool, Error>& got);
    void begin_to_keep(const Expected<void, Error>& has_ledger);
    void look();
    void look_soon();
    void plan_and_act();
    fleet::Snapshot snapshot();
    fleet::Server server_for_fleet(const KeptServer& server) const;
    bool is_cloud_known() const;
    Duration real_tick() const;
    void on_node_up(const std::string& node);
    void on_node_down(const std::string& node);
    void note_busy();

    // keeper_wishes.cpp
    void read_wishes();
    bool take_wishes(const Documents& stored);
    void save_wish(const std::string& key, const std::string& json, Done done);

    // keeper_list.cpp
    /// When the cloud was asked: in real time, and as the city's clock showed it.
    struct Asked {
        Time at;
        WallTime shown;
    };
    void on_list(Asked asked, const Expected<std::vector<gridscale::Server>, Error>& list);
    void merge(const gridscale::Server& seen, Asked asked);
    KeptServer& adopt(const gridscale::Server& seen, WallTime asked);
    void book(const KeptServer& server, WallTime asked);
    void see_power(KeptServer& server, bool power);
    void close_books_of_missing(const std::vector<gridscale::Server>& list);
    void on_deleted(std::set<std::string> gone,
                    const Expected<std::vector<gridscale::Server>, Error>& deleted);
    void forget_missing(const std::vector<gridscale::Server>& list, Time asked);
    KeptServer* find(const std::string& name);
    KeptServer* find(fleet::ServerKey key);
    KeptServer& add(const std::string& name);
    void forget(std::string name);
    LedgerKeeping::Machine machine(const KeptServer& server) const;

    // keeper_work.cpp
    /// What is to be done to a server, and for whom.
    struct Order {
        Doing doing = Doing::nothing;
        fleet::Reason reason;
        std::string who;
        std::string words;  // an operator's own reason, instead of the other
        Done written;       // may be empty
    };
    void perform(const fleet::Action& action, const std::string& who);
    void begin(KeptServer& server, Order order,
               void (State::*next)(KeptServer&, const fleet::Reason&));
    void finish(const std::string& name, const std::string& hindered);
    void start(KeptServer& server, Order order);
    void make(Order order);
    void order_server(KeptServer& server, const fleet::Reason& reason);
    void on_made(const std::string& name, const fleet::Reason& reason,
                 const Expected<std::string, Error>& id);
    void tell_and_power_on(KeptServer& server, const fleet::Reason& reason);
    void power_on(KeptServer& server, const fleet::Reason& reason);
    void on_powered_on(const std::string& name, const Expected<void, Error>& on);
    void stop(KeptServer& server, const fleet::Reason& reason);
    Duration first_pause() const;
    void watch_off(const std::string& name, Time deadline, Duration pause);
    void power_off(KeptServer& server, const fleet::Reason& reason);
    void cut_power(const std::string& name);
    void on_off(const std::string& name);
    void strike(KeptServer& server);  // a boot of it failed
    void remove(KeptServer& server, const fleet::Reason& reason);
    void set_draining(KeptServer& server, bool draining);
    void update_closed(const KeptServer& server);
    void save_flags(const KeptServer& server);
    void save_document(const std::string& key, const std::string& json);

    // keeper_tidy.cpp
    void tidy();
    void on_storages(const Expected<std::vector<gridscale::Storage>, Error>& storages);
    void on_addresses(const Expected<std::vector<gridscale::IpAddress>, Error>& addresses);
    bool is_ours(const std::vector<std::string>& labels) const;
    void drop_orphan(const std::string& kind, const std::string& name, const std::string& id);

    // keeper_view.cpp
    FleetView view();
    NodeView node_view(const KeptServer& server);
    std::optional<std::chrono::seconds> estimate(const std::string& room);

    /// Runs then(*this, server) when this keeper and that server are still there.
    template <class Then>
    auto with(const std::string& name, Then then) {
        return [weak = weak_from_this(), name, then = std::move(then)](auto&&... answer) {
            const auto self = weak.lock();
            KeptServer* server = self ? self->find(name) : nullptr;
            if (server != nullptr) then(*self, *server, answer...);
        };
    }

    Wiring wiring;
    FleetLog log;
    std::map<std::string, KeptServer> servers;        // by name
    std::map<std::string, std::string> stored_flags;  // of servers not seen yet
    BootRecord standby_boots;
    BootRecord template_boots;
    fleet::Policy policy;
    std::string stored_policy;  // as the store has it; empty: it has none
    unsigned wishes_said = 0;   // by operators at this hub
    bool scaling_held = false;
    std::string held_by;
    std::deque<WallTime> starts;  // of the last ten minutes
    unsigned make_failures = 0;
    WallTime make_rests_until{};

    std::uint64_t boots_failed = 0;
    WallTime began{};
    bool is_loaded = false;
    bool asking_deleted = false;
    bool keeps = false;
    bool another_kept = true;  // before this start, or since this hub kept last
    Time lease_until{};
    bool asking_lease = false;
    bool listing = false;
    bool look_again = false;
    std::optional<Time> cloud_seen;
    WallTime cloud_seen_at{};
    std::string trouble;
    KnownDemand demand;
    fleet::Plan last_plan;
    std::uint64_t strangers = 0;
    std::vector<std::string> orphans;
    Time next_tidy{};
    net::TimerId timer = net::TimerId::none;
    net::TimerId soon = net::TimerId::none;
};

}  // namespace aula::hub
