// SPDX-License-Identifier: Apache-2.0
#include "cloud/server.hpp"

#include <array>
#include <ctime>

#include "base/encoding.hpp"
#include "crypto/random.hpp"

namespace aula::cloud {

std::string time_text(WallTime time) {
    const auto seconds = WallClock::to_time_t(time);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return {text.data(), size};
}

std::string make_uuid() {
    std::array<std::uint8_t, 16> bytes{};
    crypto::random_fill(bytes);
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
    auto text = hex(bytes);
    for (const std::size_t at : {8u, 13u, 18u, 23u}) text.insert(at, "-");
    return text;
}

}  // namespace aula::cloud
