// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include "app/node_config.hpp"
#include "app/roles.hpp"
#include "crypto/certificate.hpp"
#include "hub/secrets.hpp"
#include "store/store.hpp"

namespace aula::app {

int run_invite(const InviteRole& role) {
    const std::filesystem::path data = role.data;
    if (!std::filesystem::exists(data / "aula.db")) {
        throw std::runtime_error("there is no hub's data in " + data.string());
    }
    const auto store = store::Store::open(data / "aula.db");
    if (!store) throw std::runtime_error(store.error().text);
    const auto secrets = hub::load_secrets(**store, data);
    if (!secrets) throw std::runtime_error(secrets.error().text);
    auto certificate = crypto::issue(secrets->authority, role.name);
    if (!certificate) throw std::runtime_error(certificate.error().text);
    NodeConfig config;
    config.link = {role.hub, secrets->authority.certificate_pem, std::move(*certificate)};
    std::printf("%s\n", to_json(config).c_str());
    return 0;
}

}  // namespace aula::app
