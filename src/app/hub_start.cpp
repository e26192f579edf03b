// SPDX-License-Identifier: Apache-2.0
#include "app/hub_start.hpp"

#include <stdexcept>

namespace aula::app {

RunningHub start_hub(net::Loop& loop, hub::HubOptions options) {
    const auto secret = options.bbb_secret;
    auto hub = hub::Hub::start(loop, std::move(options));
    if (!hub) throw std::runtime_error(hub.error().text);
    RunningHub running{std::move(*hub), nullptr};
    if (secret.empty()) return running;
    auto& h = *running.hub;
    running.bbb = std::make_unique<hub::BbbFront>(loop, h.lessons(), h.store(), h.http_client(),
                                                  hub::BbbFront::Options{secret, h.public_url()});
    h.mount("/bigbluebutton",
            [front = running.bbb.get()](const http::Request& request, http::Responder responder) {
                front->answer(request, std::move(responder));
            });
    return running;
}

}  // namespace aula::app
