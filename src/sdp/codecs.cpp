// SPDX-License-Identifier: Apache-2.0
#include "sdp/codecs.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "sdp/extensions.hpp"

namespace aula::sdp {

namespace {

constexpr std::array<const char*, 4> audio_received{
    extension::mid, extension::audio_level, extension::transport_cc, extension::abs_send_time};
constexpr std::array<const char*, 7> video_received{extension::mid,
                                                    extension::rid,
                                                    extension::repaired_rid,
                                                    extension::transport_cc,
                                                    extension::abs_send_time,
                                                    extension::dependency_descriptor,
                                                    extension::video_orientation};
constexpr std::array audio_sent = audio_received;
constexpr std::array<const char*, 5> video_sent{
    extension::mid, extension::transport_cc, extension::abs_send_time,
    extension::dependency_descriptor, extension::video_orientation};

std::string_view value_or(const Codec& codec, std::string_view name, std::string_view otherwise) {
    return parameter(codec.parameters, name).value_or(otherwise);
}

// RFC 6184 section 8.1: without a profile it is Baseline, without a mode it is 0.
std::string_view h264_profile(const Codec& codec) {
    return value_or(codec, "profile-level-id", "420010").substr(0, 2);
}
std::string_view h264_mode(const Codec& codec) {
    return value_or(codec, "packetization-mode", "0");
}

/// Baseline 42, Main 4d, High 64: each decodes those before it.
int h264_level_of_profile(const Codec& codec) {
    const auto profile = h264_profile(codec);
    if (profile == "42") return 0;
    return same_name(profile, "4d") ? 1 : 2;
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) {
    return std::ranges::equal(
        a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

bool is_supported(MediaKind kind, const Codec& codec) {
    if (kind == MediaKind::audio) {
        return (same_name(codec.name, "opus") || same_name(codec.name, "red")) &&
               codec.clock_rate == 48000;
    }
    if (kind != MediaKind::video || codec.clock_rate != 90000) return false;
    if (same_name(codec.name, "VP8") || same_name(codec.name, "H264")) return true;
    // Profiles above 0 have more bits or colours than every receiver can show.
    if (same_name(codec.name, "VP9")) return value_or(codec, "profile-id", "0") == "0";
    return same_name(codec.name, "AV1") && value_or(codec, "profile", "0") == "0";
}

bool is_compatible(const Codec& sender, const Codec& receiver) {
    if (!same_name(sender.name, receiver.name) || sender.clock_rate != receiver.clock_rate) {
        return false;
    }
    if (!same_name(sender.name, "H264")) return true;
    return h264_mode(sender) == h264_mode(receiver) &&
           h264_level_of_profile(sender) <= h264_level_of_profile(receiver);
}

int rank(const Codec& codec) {
    if (!same_name(codec.name, "H264")) return 0;
    const auto profile = value_or(codec, "profile-level-id", "420010");
    // Constrained Baseline in mode 1 is what every WebRTC endpoint has (RFC 7742 section 6.2).
    const int constrained = profile.size() == 6 && profile.substr(2, 2) == "e0" ? 0 : 1;
    return (h264_mode(codec) == "1" ? 0 : 6) + 2 * h264_level_of_profile(codec) + constrained;
}

bool is_supported_feedback(std::string_view feedback) {
    constexpr std::array<std::string_view, 5> known{"nack", "nack pli", "ccm fir", "transport-cc",
                                                    "goog-remb"};
    return std::ranges::find(known, feedback) != known.end();
}

std::span<const char* const> extensions_received(MediaKind kind) {
    if (kind == MediaKind::audio) return audio_received;
    return video_received;
}

std::span<const char* const> extensions_sent(MediaKind kind) {
    if (kind == MediaKind::audio) return audio_sent;
    return video_sent;
}

}  // namespace aula::sdp
