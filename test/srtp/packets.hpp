// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <random>

#include "srtp/session.hpp"

namespace aula::srtp {

/// A master key and salt, the same each time.
struct Master {
    explicit Master(Profile its_profile)
        : profile(its_profile), key(key_size(profile)), salt(salt_size(profile)) {
        for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(17 * i + 3);
        for (std::size_t i = 0; i < salt.size(); ++i)
            salt[i] = static_cast<std::uint8_t>(5 * i + 90);
    }
    Sealer sealer(Engine engine = best_engine()) const { return {profile, key, salt, engine}; }
    Opener opener(Engine engine = best_engine()) const { return {profile, key, salt, engine}; }

    Profile profile;
    Buffer key;
    Buffer salt;
};

/// A header with its payload, in plain.
struct Packet {
    std::size_t header_size = 12;
    Buffer bytes;

    Bytes payload() const { return Bytes(bytes).subspan(header_size); }
};

inline Packet make_packet(std::uint32_t ssrc, std::uint16_t sequence_number,
                          std::string_view payload = "some payload of an RTP packet") {
    Packet packet;
    packet.bytes = {0x80, 111, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0};
    store16(&packet.bytes[2], sequence_number);
    store32(&packet.bytes[8], ssrc);
    packet.bytes.insert(packet.bytes.end(), payload.begin(), payload.end());
    return packet;
}

/// With up to 15 CSRCs, a header extension now and then, and 1 to 1200 bytes of payload.
inline Packet random_packet(std::mt19937& random, std::uint32_t ssrc,
                            std::uint16_t sequence_number) {
    Packet packet = make_packet(ssrc, sequence_number, {});
    const auto grow = [&](std::size_t size) {
        while (size-- > 0) packet.bytes.push_back(static_cast<std::uint8_t>(random()));
    };
    const auto sources = random() % 4 == 0 ? random() % 16 : 0;
    packet.bytes[0] = static_cast<std::uint8_t>(0x80 | sources);
    packet.bytes[1] = static_cast<std::uint8_t>(random());
    grow(4 * sources);
    if (random() % 2 == 0) {
        const auto words = random() % 6;
        packet.bytes[0] |= 0x10;
        packet.bytes.insert(packet.bytes.end(), {0xbe, 0xde, 0, static_cast<std::uint8_t>(words)});
        grow(4 * words);
    }
    packet.header_size = packet.bytes.size();
    grow(1 + random() % 1200);
    return packet;
}

/// Empty when the sealer refuses.
inline Buffer sealed(Sealer& sealer, const Packet& packet) {
    Buffer slot(packet.bytes.begin(),
                packet.bytes.begin() + static_cast<std::ptrdiff_t>(packet.header_size));
    slot.resize(packet.bytes.size() + 32);
    slot.resize(sealer.seal_rtp(slot, packet.header_size, packet.payload()));
    return slot;
}

inline Buffer random_compound(std::mt19937& random, std::uint32_t ssrc) {
    Buffer compound(8 + 4 * (random() % 100));
    for (auto& byte : compound) byte = static_cast<std::uint8_t>(random());
    compound[0] = 0x81;
    compound[1] = 200;
    store16(&compound[2], static_cast<std::uint16_t>(compound.size() / 4 - 1));
    store32(&compound[4], ssrc);
    return compound;
}

inline Buffer sealed_compound(Sealer& sealer, const Buffer& compound) {
    Buffer slot(compound);
    slot.resize(compound.size() + 32);
    slot.resize(sealer.seal_rtcp(slot, compound.size()));
    return slot;
}

}  // namespace aula::srtp
