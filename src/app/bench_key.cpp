// SPDX-License-Identifier: Apache-2.0
#include "app/bench_key.hpp"

#include <filesystem>
#include <stdexcept>

#include <sys/resource.h>

#include "app/options.hpp"
#include "hub/secrets.hpp"
#include "store/store.hpp"

namespace aula::app {

void raise_descriptor_limit() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

std::pair<std::string, std::string> bench_key(const BenchRole& role) {
    if (!role.livekit_key.empty()) return read_pair("--livekit-key", role.livekit_key);
    const auto file = std::filesystem::path(role.data) / "aula.db";
    if (!std::filesystem::exists(file)) {
        throw std::runtime_error("give --livekit-key, or --data of a hub on this machine");
    }
    const auto store = store::Store::open(file);
    if (!store) throw std::runtime_error(store.error().text);
    auto secrets = hub::load_secrets(**store, role.data);
    if (!secrets) throw std::runtime_error(secrets.error().text);
    return {secrets->livekit_key, secrets->livekit_secret};
}

}  // namespace aula::app
