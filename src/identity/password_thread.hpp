// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "base/task.hpp"
#include "base/worker.hpp"
#include "identity/password.hpp"

namespace aula::identity {

/// Hashes and checks passwords one after the other on a thread of its own: each takes some 60 ms
/// and 64 MiB, which neither a loop nor, many at once, a machine can bear. Answers come through
/// `post` to the asker's loop, where this object lives and goes.
class PasswordThread {
public:
    using Hashed = UniqueFunction<void(std::optional<std::string>)>;
    using Checked = UniqueFunction<void(PasswordCheck)>;

    explicit PasswordThread(Worker::Post post, PasswordCost cost = {},
                            std::size_t most_waiting = 32);

    /// False: too many wait already, and nothing is answered.
    [[nodiscard]] bool hash(std::string password, Hashed hashed);
    /// With no stored hash it takes as long as with one and says wrong: nobody learns from the time
    /// whether there is such an account.
    [[nodiscard]] bool check(std::optional<std::string> stored, std::string password,
                             Checked checked);

private:
    /// Of the thread alone; the worker goes first.
    struct Bench {
        PasswordCost cost;
        std::optional<std::string> decoy;  // the thread's own; made when it is first needed
    };
    std::unique_ptr<Bench> bench_;
    Worker worker_;
};

}  // namespace aula::identity
