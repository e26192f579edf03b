// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "net/loop.hpp"
#include "participant/client.hpp"
#include "participant/publication.hpp"
#include "participant/synthetic_vp8.hpp"

namespace aula::participant {

/// Speaks: an Opus-sized packet every 20 ms, with loudness. The publication outlives it.
class SyntheticAudio {
public:
    SyntheticAudio(net::Loop& loop, Publication& publication);
    ~SyntheticAudio() { loop_.cancel(timer_); }
    SyntheticAudio(const SyntheticAudio&) = delete;
    SyntheticAudio& operator=(const SyntheticAudio&) = delete;

    /// 0 is the loudest, 127 silence (RFC 6464).
    void set_level(std::uint8_t level) { level_ = level; }

private:
    void send();

    net::Loop& loop_;
    Publication& publication_;
    std::uint8_t level_ = 25;
    std::uint32_t timestamp_ = 0;
    net::TimerId timer_;
};

/// A camera: every layer of synthetic_layers 30 times a second, key frames when asked for. The
/// publication, made with publish_options(), outlives it.
class SyntheticVideo {
public:
    SyntheticVideo(net::Loop& loop, Publication& publication);
    ~SyntheticVideo() { loop_.cancel(timer_); }
    SyntheticVideo(const SyntheticVideo&) = delete;
    SyntheticVideo& operator=(const SyntheticVideo&) = delete;

    static PublishOptions publish_options();

private:
    void send();

    net::Loop& loop_;
    Publication& publication_;
    std::vector<SyntheticVp8> layers_;
    const Time began_;
    net::TimerId timer_;
};

}  // namespace aula::participant
