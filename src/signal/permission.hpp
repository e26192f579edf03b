// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace livekit {
class ParticipantPermission;
enum TrackSource : int;
}  // namespace livekit

namespace aula::signal {

struct VideoGrant;

/// The permission a client is told, from its grant.
livekit::ParticipantPermission permission_of(const VideoGrant& grant);

/// can_publish, narrowed by can_publish_sources when it names any.
bool may_publish(const livekit::ParticipantPermission& permission, livekit::TrackSource source);

}  // namespace aula::signal
