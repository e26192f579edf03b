// SPDX-License-Identifier: Apache-2.0
#include "cloud/requests.hpp"

#include <boost/json.hpp>

#include "cloud/server.hpp"

namespace aula::cloud {

std::string Requests::open(std::string_view owner) {
    if (in_order_.size() == most_remembered) {
        requests_.erase(in_order_.front());
        in_order_.pop_front();
    }
    auto id = make_uuid();
    requests_[id] = {std::string(owner), "pending", "Provisioning", WallClock::now()};
    in_order_.push_back(id);
    return id;
}

void Requests::done(const std::string& id) {
    const auto at = requests_.find(id);
    if (at == requests_.end()) return;
    at->second.status = "done";
    at->second.message = "Done";
}

void Requests::failed(const std::string& id, const std::string& why) {
    const auto at = requests_.find(id);
    if (at == requests_.end()) return;
    at->second.status = "failed";
    at->second.message = why;
}

Answer Requests::get(std::string_view id, std::string_view owner) const {
    const auto at = requests_.find(id);
    if (at == requests_.end() || at->second.owner != owner) return not_found(id);
    const auto& request = at->second;
    return {200, boost::json::serialize(
                     boost::json::object{{at->first,
                                          {{"status", request.status},
                                           {"message", request.message},
                                           {"create_time", time_text(request.created)}}}})};
}

}  // namespace aula::cloud
