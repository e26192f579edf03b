// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"
#include "net/address.hpp"

namespace aula::control {

struct Target {
    net::Address address;
    std::string host;  // what the hub's certificate must be valid for
};

/// Reads "host:port"; a name is looked up, which blocks, so hubs are best given by their address.
Expected<Target, Error> find_hub(const std::string& host_and_port);

}  // namespace aula::control
