// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "http/client.hpp"

namespace aula::http {

/// libcurl's side of the client: a thread that carries calls out, many at a time.
class Transfers {
public:
    using Id = std::uint64_t;
    /// Called on the thread of the transfers.
    using Finished = std::function<void(Id, Expected<Response, Error>)>;

    explicit Transfers(Finished finished);
    ~Transfers();  // gives up what is under way
    Transfers(const Transfers&) = delete;
    Transfers& operator=(const Transfers&) = delete;

    void start(Id id, Call call);

private:
    struct Transfer;
    struct Multi;

    void run();
    void begin_waiting();
    void report_finished();

    Finished finished_;
    std::unique_ptr<Multi> multi_;
    std::mutex mutex_;
    std::vector<std::pair<Id, Call>> waiting_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace aula::http
