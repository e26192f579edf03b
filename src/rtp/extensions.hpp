// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"
#include "base/time.hpp"

namespace aula::rtp {

/// Header extension ids agreed in SDP (a=extmap), 0 where not negotiated.
struct ExtensionIds {
    std::uint8_t mid = 0;
    std::uint8_t rid = 0;
    std::uint8_t repaired_rid = 0;
    std::uint8_t audio_level = 0;
    std::uint8_t twcc = 0;
    std::uint8_t abs_send_time = 0;
    std::uint8_t abs_capture_time = 0;
    std::uint8_t video_orientation = 0;
    std::uint8_t video_content_type = 0;
    std::uint8_t playout_delay = 0;
    std::uint8_t dependency_descriptor = 0;

    /// Adds what another section of the same bundle negotiated; an id is the same in all of them.
    void merge(const ExtensionIds& other);
};

/// The field of ExtensionIds a URI stands for, nullptr when we do not know it:
/// `if (auto field = extension_field(uri)) ids.*field = id;`
std::uint8_t ExtensionIds::*extension_field(std::string_view uri);
/// Every URI we know, in the order of the fields of ExtensionIds.
std::string_view extension_uri(std::uint8_t ExtensionIds::*field);

/// Loudness of one packet (RFC 6464): 0 is the loudest, 127 silence, in -dBov.
struct AudioLevel {
    std::uint8_t level = 127;
    bool voice = false;
};
std::optional<AudioLevel> parse_audio_level(Bytes element);

/// 6.18 fixed point seconds, 24 bit, as abs-send-time carries them.
std::uint32_t abs_send_time(Time now);

enum class ExtensionForm : std::uint8_t { one_byte, two_byte };  // RFC 8285 sections 4.2 and 4.3

struct HeaderFields {
    bool marker = false;
    std::uint8_t payload_type = 0;
    std::uint16_t sequence_number = 0;
    std::uint32_t timestamp = 0;
    std::uint32_t ssrc = 0;
};

/// Writes an RTP header into a slot: the fields, then extension elements, then finish().
/// What does not fit is left out, and ok() turns false.
class HeaderWriter {
public:
    HeaderWriter(MutableBytes slot, const HeaderFields& fields,
                 ExtensionForm form = ExtensionForm::one_byte);

    /// Does nothing for id 0. A one-byte element holds 1 to 16 bytes and ids up to 14.
    void add(std::uint8_t id, Bytes value);
    /// Room for a value that is filled in later; empty when it was left out.
    MutableBytes reserve(std::uint8_t id, std::size_t size);

    /// Pads the extension block; returns the size of the whole header.
    std::size_t finish();
    bool ok() const { return ok_; }

private:
    MutableBytes slot_;
    std::size_t end_;
    ExtensionForm form_;
    bool ok_ = true;
};

}  // namespace aula::rtp
