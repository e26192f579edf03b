// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>

#include "net/address.hpp"

namespace aula::http {

/// Counts a server's connections, all and by peer. A reverse proxy on this machine speaks for
/// everybody, so loopback peers are only in the total.
class Admission : public std::enable_shared_from_this<Admission> {
public:
    Admission(std::size_t most, std::size_t most_per_peer);

    /// A place, given back when the last copy of the pointer dies; null when there is none.
    std::shared_ptr<void> admit(const net::Address& peer);
    std::size_t taken() const { return taken_; }

private:
    void leave(const net::Address& peer);

    std::size_t most_;
    std::size_t most_per_peer_;
    std::size_t taken_ = 0;
    std::unordered_map<net::Address, std::size_t, net::AddressHash> by_peer_;
};

}  // namespace aula::http
