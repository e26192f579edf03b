// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <list>
#include <memory>
#include <vector>

#include "base/bytes.hpp"
#include "net/address.hpp"
#include "net/loop.hpp"
#include "net/udp_socket.hpp"

namespace aula::app::testing {

inline std::unique_ptr<net::UdpSocket> open_udp(const net::Address& at) {
    return std::move(*net::UdpSocket::open(at, {2, 64}));
}

/// An address of loopback that nobody uses.
inline net::Address free_address() {
    return open_udp(*net::Address::parse("127.0.0.1:0"))->local();
}

/// Stands before a node's media port: passes everything on, keeps what the first client sent, and
/// can send on its behalf.
class Tap {
public:
    static constexpr std::size_t most_kept = 4096;

    Tap(net::Loop& loop, const net::Address& at, const net::Address& node)
        : loop_(loop), node_(node), front_(open_udp(at)) {
        loop_.watch(front_->fd(), true, false, [this](net::Ready) {
            front_->receive([this](MutableBytes datagram, const net::Address& from) {
                Way& way = way_of(from);
                if (&way == &ways_.front() && kept.size() < most_kept) {
                    kept.emplace_back(datagram.begin(), datagram.end());
                }
                send(way, datagram);
            });
        });
    }
    ~Tap() {
        loop_.unwatch(front_->fd());
        for (const Way& way : ways_) loop_.unwatch(way.socket->fd());
    }
    Tap(const Tap&) = delete;
    Tap& operator=(const Tap&) = delete;

    /// To the node, from where the first client's packets come.
    void inject(Bytes packet) { send(ways_.front(), packet); }

    std::vector<Buffer> kept;

private:
    /// One client's socket towards the node.
    struct Way {
        std::unique_ptr<net::UdpSocket> socket;
        net::Destination node, client;
    };

    Way& way_of(const net::Address& client) {
        for (Way& way : ways_) {
            if (way.client.address == client) return way;
        }
        auto socket = open_udp(*net::Address::parse("127.0.0.1:0"));
        ways_.push_back({std::move(socket), net::Destination(node_), net::Destination(client)});
        Way& way = ways_.back();
        loop_.watch(way.socket->fd(), true, false, [this, &way](net::Ready) {
            way.socket->receive([&](MutableBytes datagram, const net::Address&) {
                front_->queue().send(way.client, datagram);
                front_->queue().flush();
            });
        });
        return way;
    }
    static void send(Way& way, Bytes packet) {
        way.socket->queue().send(way.node, packet);
        way.socket->queue().flush();
    }

    net::Loop& loop_;
    const net::Address node_;
    std::unique_ptr<net::UdpSocket> front_;
    std::list<Way> ways_;
};

}  // namespace aula::app::testing
