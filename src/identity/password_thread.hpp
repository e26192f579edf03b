// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/task.hpp"
#include "identity/password.hpp"

namespace aula::identity {

/// Hashes and checks passwords one after the other on a thread of its own: each takes some 60 ms
/// and 64 MiB, which neither a loop nor, many at once, a machine can bear. Answers come through
/// `post` to the asker's loop, where this object lives and goes.
class PasswordThread {
public:
    using Post = std::function<void(Task)>;
    using Hashed = UniqueFunction<void(std::optional<std::string>)>;
    using Checked = UniqueFunction<void(PasswordCheck)>;

    explicit PasswordThread(Post post, PasswordCost cost = {}, std::size_t most_waiting = 32);
    /// What still waits is dropped, its answers too.
    ~PasswordThread();
    PasswordThread(const PasswordThread&) = delete;
    PasswordThread& operator=(const PasswordThread&) = delete;

    /// False: too many wait already, and nothing is answered.
    [[nodiscard]] bool hash(std::string password, Hashed hashed);
    /// With no stored hash it takes as long as with one and says wrong: nobody learns from the time
    /// whether there is such an account.
    [[nodiscard]] bool check(std::optional<std::string> stored, std::string password,
                             Checked checked);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace aula::identity
