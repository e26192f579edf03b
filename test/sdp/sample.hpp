// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "sdp/answer.hpp"
#include "sdp/session.hpp"

namespace aula::sdp {

/// An offer as made by Chromium 156, Firefox 153 or rtc-node 1.1.0: `join` is LiveKit's first offer
/// (data and three receiving sections of each kind), `publish` sends audio and a camera in three
/// layers.
inline std::string sample(const std::string& name) {
    std::ifstream file(AULA_SOURCE_DIR "/test/sdp/samples/" + name + ".sdp");
    EXPECT_TRUE(file) << name;
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

inline Session parsed_sample(const std::string& name) {
    auto session = parse(sample(name));
    EXPECT_TRUE(session) << name << ": " << (session ? "" : text(session.error()));
    return session.value_or(Session{});
}

inline LocalTransport sample_transport() {
    LocalTransport local;
    local.ice_ufrag = "aula";
    local.ice_pwd = "0123456789abcdefghijkl";
    local.fingerprint = {"sha-256",
                         "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:"
                         "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF"};
    local.candidates = {"1 1 udp 2130706431 127.0.0.1 7882 typ host"};
    return local;
}

inline SendTrack sample_track(MediaKind kind, std::string codec, std::string parameters = {}) {
    SendTrack track;
    track.kind = kind;
    track.codec.name = std::move(codec);
    track.codec.clock_rate = kind == MediaKind::audio ? 48000 : 90000;
    track.codec.parameters = std::move(parameters);
    track.stream = "PA_abc|camera";
    track.track = "TR_VCabc";
    track.cname = "PA_abc";
    track.ssrc = 1111;
    if (kind == MediaKind::video) track.rtx_ssrc = 2222;
    return track;
}

}  // namespace aula::sdp
