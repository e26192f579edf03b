// SPDX-License-Identifier: Apache-2.0
// Making a server step by step, and taking one apart.
#include <memory>

#include "gridscale/project.hpp"

namespace aula::gridscale {
namespace {

/// One order on its way: public network, storage, addresses, server. Each step starts the next.
struct Ordering : std::enable_shared_from_this<Ordering> {
    Ordering(Project& p, ServerOrder o, Answered<std::string> a, Urgency u)
        : project(p), order(std::move(o)), answered(std::move(a)), urgency(u) {
        server.name = order.name;
        server.cores = order.cores;
        server.memory_gb = order.memory_gb;
        server.labels = order.labels;
        server.labels.push_back(order.op);
        server.user_data = order.user_data;
        server.op = order.op;
    }

    /// What a step answers: an id that goes into `ids`.
    auto step(std::vector<std::string>& ids, void (Ordering::*next)()) {
        return [self = shared_from_this(), &ids, next](const Expected<std::string, Error>& id) {
            if (!id) return self->give_up(id.error());
            ids.push_back(*id);
            (self.get()->*next)();
        };
    }

    void find_network() {
        if (!order.public_network) return make_storage();
        project.find_public_network(step(server.networks, &Ordering::make_storage));
    }

    void make_storage() {
        if (order.template_id.empty()) return make_ipv4();
        NewStorage storage{order.name, order.storage_gb, order.template_id, order.name,
                           {},         server.labels,    order.op};
        project.storages.create(storage, step(server.storages, &Ordering::make_ipv4), urgency);
    }

    void make_ipv4() {
        if (!order.public_network) return make_server();
        make_address(4, &Ordering::make_ipv6);
    }

    void make_ipv6() {
        if (!order.ipv6) return make_server();
        make_address(6, &Ordering::make_server);
    }

    void make_address(int family, void (Ordering::*next)()) {
        // Two addresses of one order: the label by which a lost one is found says which.
        const auto op = order.op + (family == 4 ? ":4" : ":6");
        auto labels = server.labels;
        labels.push_back(op);
        project.addresses.create({order.name, family, std::move(labels), op},
                                 step(server.addresses, next), urgency);
    }

    void make_server() {
        project.servers.create(
            server,
            [self = shared_from_this()](const Expected<std::string, Error>& id) {
                if (!id) return self->give_up(id.error());
                self->answered(*id);
            },
            urgency);
    }

    void give_up(const Error& why) {
        const auto ignore = [](const Expected<void, Error>&) {};
        // A server that is there all the same keeps what hangs on it: the cloud refuses then, or
        // the keeper finds a server that does not boot.
        const bool is_lost = why.code == ErrorCode::unavailable || why.code == ErrorCode::timeout;
        if (!is_lost) {
            for (const auto& id : server.storages) project.storages.remove(id, ignore);
            for (const auto& id : server.addresses) project.addresses.remove(id, ignore);
        }
        answered(fail(why));
    }

    Project& project;
    ServerOrder order;
    Answered<std::string> answered;
    Urgency urgency;
    NewServer server;
};

/// Taking apart: the server first, since what hangs on it cannot go before it.
struct Removing : std::enable_shared_from_this<Removing> {
    Removing(Project& p, Server s, Answered<void> a)
        : project(p), server(std::move(s)), answered(std::move(a)) {}

    void start() {
        project.servers.remove(server.id,
                               [self = shared_from_this()](const Expected<void, Error>& gone) {
                                   if (!gone) return self->answered(fail(gone.error()));
                                   self->remove_rest();
                               });
    }

    void remove_rest() {
        left = server.storages.size() + server.addresses.size();
        if (left == 0) return answered({});
        const auto one_less = [self = shared_from_this()](const Expected<void, Error>& gone) {
            if (!gone) self->outcome = gone;
            if (--self->left == 0) self->answered(self->outcome);
        };
        for (const auto& id : server.storages) project.storages.remove(id, one_less);
        for (const auto& id : server.addresses) project.addresses.remove(id, one_less);
    }

    Project& project;
    Server server;
    Answered<void> answered;
    Expected<void, Error> outcome;
    std::size_t left = 0;
};

}  // namespace

void Project::order_server(ServerOrder order, Answered<std::string> answered, Urgency urgency) {
    std::make_shared<Ordering>(*this, std::move(order), std::move(answered), urgency)
        ->find_network();
}

void Project::remove_server(const Server& server, Answered<void> answered) {
    std::make_shared<Removing>(*this, server, std::move(answered))->start();
}

}  // namespace aula::gridscale
