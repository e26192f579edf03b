// SPDX-License-Identifier: Apache-2.0
#include "identity/password_thread.hpp"

#include <utility>

namespace aula::identity {

PasswordThread::PasswordThread(Worker::Post post, PasswordCost cost, std::size_t most_waiting)
    : bench_(std::make_unique<Bench>(Bench{cost, {}})),
      worker_("passwords", std::move(post), most_waiting) {}

bool PasswordThread::hash(std::string password, Hashed hashed) {
    return worker_.ask([password = std::move(password), cost = bench_->cost](
                           const Worker::Stopped&) { return hash_password(password, cost); },
                       std::move(hashed));
}

bool PasswordThread::check(std::optional<std::string> stored, std::string password,
                           Checked checked) {
    return worker_.ask(
        [bench = bench_.get(), stored = std::move(stored),
         password = std::move(password)](const Worker::Stopped&) {
            auto& decoy = bench->decoy;
            if (!decoy) decoy = hash_password("nobody's password", bench->cost);
            const auto outcome =
                check_password(stored ? *stored : decoy.value_or(""), password, bench->cost);
            return stored ? outcome : PasswordCheck::wrong;
        },
        std::move(checked));
}

}  // namespace aula::identity
