// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Names of the RTP header extensions Aula knows.
namespace aula::sdp::extension {

inline constexpr char mid[] = "urn:ietf:params:rtp-hdrext:sdes:mid";
inline constexpr char rid[] = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
inline constexpr char repaired_rid[] = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";
inline constexpr char audio_level[] = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
inline constexpr char video_orientation[] = "urn:3gpp:video-orientation";
inline constexpr char abs_send_time[] =
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
inline constexpr char transport_cc[] =
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
inline constexpr char dependency_descriptor[] =
    "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension";

}  // namespace aula::sdp::extension
