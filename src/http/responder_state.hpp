// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "http/connection.hpp"

namespace aula::http {

struct Responder::State {
    std::weak_ptr<Connection> connection;
    bool wants_web_socket = false;
    bool answered = false;
};

}  // namespace aula::http
