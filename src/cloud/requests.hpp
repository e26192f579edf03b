// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "cloud/answer.hpp"

namespace aula::cloud {

/// The asynchronous jobs of the API: every change has one, found by its X-Request-Id.
class Requests {
public:
    static constexpr std::size_t most_remembered = 10'000;

    /// A new one, pending.
    std::string open(std::string_view owner);
    void done(const std::string& id);
    void failed(const std::string& id, const std::string& why);

    /// GET /requests/{id}
    Answer get(std::string_view id, std::string_view owner) const;

private:
    struct Request {
        std::string owner;
        std::string status = "pending";
        std::string message;
        WallTime created;
    };
    std::map<std::string, Request, std::less<>> requests_;
    std::deque<std::string> in_order_;
};

}  // namespace aula::cloud
