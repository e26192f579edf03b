// SPDX-License-Identifier: Apache-2.0
#include "signal/permission.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "signal/access_token.hpp"
#include "signal/livekit.pb.h"

namespace aula::signal {

namespace {

constexpr std::array<std::pair<std::string_view, livekit::TrackSource>, 4> source_names{{
    {"camera", livekit::CAMERA},
    {"microphone", livekit::MICROPHONE},
    {"screen_share", livekit::SCREEN_SHARE},
    {"screen_share_audio", livekit::SCREEN_SHARE_AUDIO},
}};

}  // namespace

livekit::ParticipantPermission permission_of(const VideoGrant& grant) {
    livekit::ParticipantPermission permission;
    permission.set_can_subscribe(grant.can_subscribe.value_or(true));
    permission.set_can_publish(grant.can_publish.value_or(true) ||
                               !grant.can_publish_sources.empty());
    permission.set_can_publish_data(grant.can_publish_data.value_or(true));
    permission.set_can_update_metadata(grant.can_update_own_metadata.value_or(false));
    permission.set_hidden(grant.hidden);
    permission.set_recorder(grant.recorder);
    permission.set_agent(grant.agent);
    for (const auto& [name, source] : source_names) {
        if (std::ranges::find(grant.can_publish_sources, name) != grant.can_publish_sources.end()) {
            permission.add_can_publish_sources(source);
        }
    }
    // Only names we do not know must not widen to everything.
    if (!grant.can_publish_sources.empty() && permission.can_publish_sources().empty()) {
        permission.set_can_publish(false);
    }
    return permission;
}

bool may_publish(const livekit::ParticipantPermission& permission, livekit::TrackSource source) {
    if (!permission.can_publish()) return false;
    const auto& sources = permission.can_publish_sources();
    return sources.empty() || std::ranges::find(sources, source) != sources.end();
}

}  // namespace aula::signal
