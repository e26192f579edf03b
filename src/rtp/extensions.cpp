// SPDX-License-Identifier: Apache-2.0
#include "rtp/extensions.hpp"

#include <algorithm>
#include <array>

namespace aula::rtp {

namespace {

struct NamedField {
    std::uint8_t ExtensionIds::*field;
    std::string_view uri;
};
constexpr std::array known_extensions{
    NamedField{&ExtensionIds::mid, "urn:ietf:params:rtp-hdrext:sdes:mid"},
    NamedField{&ExtensionIds::rid, "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"},
    NamedField{&ExtensionIds::repaired_rid,
               "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"},
    NamedField{&ExtensionIds::audio_level, "urn:ietf:params:rtp-hdrext:ssrc-audio-level"},
    NamedField{&ExtensionIds::twcc,
               "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"},
    NamedField{&ExtensionIds::abs_send_time,
               "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"},
    NamedField{&ExtensionIds::abs_capture_time,
               "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time"},
    NamedField{&ExtensionIds::video_orientation, "urn:3gpp:video-orientation"},
    NamedField{&ExtensionIds::video_content_type,
               "http://www.webrtc.org/experiments/rtp-hdrext/video-content-type"},
    NamedField{&ExtensionIds::playout_delay,
               "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"},
    NamedField{&ExtensionIds::dependency_descriptor,
               "https://aomediacodec.github.io/av1-rtp-spec/"
               "#dependency-descriptor-rtp-header-extension"},
};

constexpr std::size_t fixed_size = 12;
constexpr std::size_t extension_head_size = 4;

}  // namespace

void ExtensionIds::merge(const ExtensionIds& other) {
    for (const NamedField& known : known_extensions) {
        if (other.*known.field != 0) this->*known.field = other.*known.field;
    }
}

std::uint8_t ExtensionIds::*extension_field(std::string_view uri) {
    const auto found = std::find_if(known_extensions.begin(), known_extensions.end(),
                                    [&](const NamedField& known) { return known.uri == uri; });
    return found == known_extensions.end() ? nullptr : found->field;
}

std::string_view extension_uri(std::uint8_t ExtensionIds::*field) {
    const auto found = std::find_if(known_extensions.begin(), known_extensions.end(),
                                    [&](const NamedField& known) { return known.field == field; });
    return found == known_extensions.end() ? std::string_view{} : found->uri;
}

std::optional<AudioLevel> parse_audio_level(Bytes element) {
    if (element.empty()) return std::nullopt;
    return AudioLevel{static_cast<std::uint8_t>(element[0] & 0x7f), (element[0] & 0x80) != 0};
}

std::uint32_t abs_send_time(Time now) {
    const auto since = duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count();
    const auto fixed = (static_cast<std::uint64_t>(since) % 64'000'000) * (1u << 18) / 1'000'000;
    return static_cast<std::uint32_t>(fixed) & 0xffffff;
}

HeaderWriter::HeaderWriter(MutableBytes slot, const HeaderFields& fields, ExtensionForm form)
    : slot_(slot), end_(fixed_size), form_(form) {
    if (slot.size() < fixed_size) {
        ok_ = false;
        end_ = 0;
        return;
    }
    slot[0] = 0x80;
    slot[1] = static_cast<std::uint8_t>((fields.marker ? 0x80 : 0) | (fields.payload_type & 0x7f));
    store16(&slot[2], fields.sequence_number);
    store32(&slot[4], fields.timestamp);
    store32(&slot[8], fields.ssrc);
}

void HeaderWriter::add(std::uint8_t id, Bytes value) {
    const MutableBytes place = reserve(id, value.size());
    if (place.size() == value.size()) std::copy(value.begin(), value.end(), place.begin());
}

MutableBytes HeaderWriter::reserve(std::uint8_t id, std::size_t size) {
    if (id == 0) return {};
    const bool one_byte = form_ == ExtensionForm::one_byte;
    const bool encodable = one_byte ? id <= 14 && size >= 1 && size <= 16 : size <= 255;
    const std::size_t head = one_byte ? 1 : 2;
    const std::size_t block_head = end_ == fixed_size ? extension_head_size : 0;
    constexpr std::size_t most_padding = 3;
    if (end_ == 0 || !encodable || slot_.size() < end_ + block_head + head + size + most_padding) {
        ok_ = false;
        return {};
    }
    end_ += block_head;
    if (one_byte) {
        slot_[end_] = static_cast<std::uint8_t>((id << 4) | (size - 1));
    } else {
        slot_[end_] = id;
        slot_[end_ + 1] = static_cast<std::uint8_t>(size);
    }
    const MutableBytes value = slot_.subspan(end_ + head, size);
    end_ += head + size;
    return value;
}

std::size_t HeaderWriter::finish() {
    if (end_ <= fixed_size) return end_;
    while (end_ % 4 != 0) slot_[end_++] = 0;
    slot_[0] |= 0x10;
    store16(&slot_[12], form_ == ExtensionForm::one_byte ? 0xbede : 0x1000);
    store16(&slot_[14], static_cast<std::uint16_t>((end_ - fixed_size - extension_head_size) / 4));
    return end_;
}

}  // namespace aula::rtp
