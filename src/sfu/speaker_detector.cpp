// SPDX-License-Identifier: Apache-2.0
#include "sfu/speaker_detector.hpp"

#include <algorithm>
#include <cmath>

namespace aula::sfu {

namespace {

constexpr double least_share = 0.4;  // of the window
constexpr double smooth_windows = 2;
constexpr double smooth_step = 2 / (smooth_windows + 1);
constexpr float steps = 8;

double linear(double dbov) { return std::pow(10.0, -dbov / 20); }

float quantised(double level) {
    return std::ceil(static_cast<float>(std::min(level, 1.0)) * steps) / steps;
}

bool louder(const Speaker& a, const Speaker& b) {
    return a.level != b.level ? a.level > b.level : a.id < b.id;
}

}  // namespace

void SpeakerDetector::observe(std::uint32_t id, std::uint8_t level, Duration span) {
    if (level > threshold) return;
    auto voice =
        std::find_if(voices_.begin(), voices_.end(), [&](const Voice& v) { return v.id == id; });
    if (voice == voices_.end()) voice = voices_.insert(voice, Voice{id, {}, 127, 0, 0, false});
    voice->loud += span;
    voice->loudest = std::min(voice->loudest, level);
}

void SpeakerDetector::remove(std::uint32_t id) {
    for (Voice& voice : voices_) {
        if (voice.id == id) voice.gone = true;
    }
}

std::span<const Speaker> SpeakerDetector::update(Time now) {
    changes_.clear();
    if (now < next_) return {};
    next_ = now + window;
    active_.clear();
    for (Voice& voice : voices_) {
        close_window(voice);
        const bool speaks = voice.smoothed >= linear(threshold);
        const float level = speaks ? quantised(voice.smoothed) : 0.0f;
        if (speaks) active_.push_back({voice.id, level, true});
        if (level != voice.told) changes_.push_back({voice.id, level, speaks});
        voice.told = level;
    }
    std::erase_if(voices_,
                  [](const Voice& v) { return v.told == 0 && v.smoothed < linear(2 * threshold); });
    std::sort(active_.begin(), active_.end(), louder);
    std::sort(changes_.begin(), changes_.end(), louder);
    return changes_;
}

void SpeakerDetector::close_window(Voice& voice) {
    const double share = std::min(1.0, std::chrono::duration<double>(voice.loud) / window);
    double level = 0;
    if (share >= least_share && !voice.gone) {
        // Who speaks half the window counts as half as loud.
        level = linear(voice.loudest) * share;
    }
    voice.smoothed = voice.gone ? 0 : voice.smoothed + (level - voice.smoothed) * smooth_step;
    voice.loud = Duration::zero();
    voice.loudest = 127;
}

}  // namespace aula::sfu
