// SPDX-License-Identifier: Apache-2.0
// What sealing one packet costs: one source packet sealed for 100 receivers with 100 keys, each
// into its own slot. Usage: bench_crypto [--json FILE]
#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "base/time.hpp"
#include "crypto/random.hpp"
#include "srtp/session.hpp"

using namespace aula;

namespace {

constexpr std::size_t receivers = 100;
constexpr std::size_t slot_size = 2048;
constexpr std::size_t header_size = 12;
constexpr int runs = 9;

struct Case {
    const char* profile_name;
    const char* engine_name;
    srtp::Profile profile;
    srtp::Engine engine;
};

std::vector<srtp::Sealer> make_sealers(const Case& what) {
    std::vector<srtp::Sealer> sealers;
    for (std::size_t i = 0; i < receivers; ++i) {
        Buffer key(srtp::key_size(what.profile));
        Buffer salt(srtp::salt_size(what.profile));
        crypto::random_fill(key);
        crypto::random_fill(salt);
        sealers.emplace_back(what.profile, key, salt, what.engine);
    }
    return sealers;
}

struct Measurement {
    double median_ns = 0;
    double least_ns = 0;
};

/// Nanoseconds a packet: each of the runs lasts at least 100 ms.
Measurement measure(const Case& what, std::size_t packet_size) {
    auto sealers = make_sealers(what);
    const Buffer payload(packet_size - header_size, 0xab);
    Buffer slots(receivers * slot_size);
    std::uint16_t sequence_number = 0;
    std::size_t sealed = 0;
    const auto fan_out = [&] {
        ++sequence_number;
        for (std::size_t i = 0; i < receivers; ++i) {
            const auto slot = MutableBytes(slots).subspan(i * slot_size, slot_size);
            slot[0] = 0x80;
            slot[1] = 96;
            store16(&slot[2], sequence_number);
            store32(&slot[4], 90'000);
            store32(&slot[8], 0x1234);
            sealed += sealers[i].seal_rtp(slot, header_size, payload) > 0 ? 1 : 0;
        }
    };
    for (int i = 0; i < 200; ++i) fan_out();
    std::array<double, runs> results;
    for (auto& result : results) {
        sealed = 0;
        const auto start = Clock::now();
        Duration passed{};
        do {
            for (int i = 0; i < 20; ++i) fan_out();
            passed = Clock::now() - start;
        } while (passed < 100ms);
        result =
            std::chrono::duration<double, std::nano>(passed).count() / static_cast<double>(sealed);
    }
    std::ranges::sort(results);
    return {results[runs / 2], results[0]};
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<Case> cases = {
        {"AEAD_AES_128_GCM", "ipsec-mb", srtp::Profile::aead_aes_128_gcm, srtp::Engine::ipsec_mb},
        {"AEAD_AES_128_GCM", "OpenSSL", srtp::Profile::aead_aes_128_gcm, srtp::Engine::openssl},
        {"AES_CM_128_HMAC_SHA1_80", "OpenSSL", srtp::Profile::aes128_cm_sha1_80,
         srtp::Engine::openssl},
    };
    boost::json::array rows;
    std::printf("%-24s %-9s %6s %10s %10s\n", "profile", "engine", "bytes", "median ns",
                "least ns");
    for (const auto& what : cases) {
        if (what.engine == srtp::Engine::ipsec_mb && srtp::best_engine() != what.engine) continue;
        for (const std::size_t size : {1200, 160}) {
            const auto cost = measure(what, size);
            std::printf("%-24s %-9s %6zu %10.0f %10.0f\n", what.profile_name, what.engine_name,
                        size, cost.median_ns, cost.least_ns);
            rows.push_back({{"profile", what.profile_name},
                            {"engine", what.engine_name},
                            {"bytes", size},
                            {"ns_per_packet", cost.median_ns},
                            {"least_ns_per_packet", cost.least_ns}});
        }
    }
    if (argc == 3 && std::string(argv[1]) == "--json") {
        std::ofstream(argv[2]) << boost::json::serialize(rows) << '\n';
    }
    return 0;
}
