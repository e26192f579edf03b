// SPDX-License-Identifier: Apache-2.0
// The input is a list of datagrams, each behind two bytes of size, for the openers of both profiles
// and of both engines. Nothing opens that was not sealed, and what is sealed with such a header
// opens again.
#include <algorithm>
#include <cstdlib>

#include "srtp/session.hpp"

using namespace aula;

namespace {

void expect(bool condition) {
    if (!condition) std::abort();
}

Buffer master_bytes(std::size_t size) { return Buffer(size, 0x33); }

struct FuzzPair {
    FuzzPair(srtp::Profile profile, srtp::Engine engine)
        : sealer(profile, master_bytes(16), master_bytes(srtp::salt_size(profile)), engine),
          opener(profile, master_bytes(16), master_bytes(srtp::salt_size(profile)), engine) {}

    // Garbage is refused; the same bytes as an RTP header and payload of ours come back.
    void feed(Bytes datagram) {
        Buffer garbage(datagram.begin(), datagram.end());
        expect(!opener.open_rtp(garbage));
        garbage.assign(datagram.begin(), datagram.end());
        expect(!opener.open_rtcp(garbage));
        if (datagram.size() >= 12) round_trip(datagram);
    }

    void round_trip(Bytes datagram) {
        Buffer slot(datagram.begin(), datagram.begin() + 12);
        slot[0] = 0x80;
        slot.resize(datagram.size() + 16);
        slot.resize(sealer.seal_rtp(slot, 12, datagram.subspan(12)));
        if (slot.empty()) return;
        const auto opened = opener.open_rtp(slot);
        expect(opened && opened->size() == datagram.size());
        expect(std::equal(opened->begin() + 1, opened->end(), datagram.begin() + 1));
    }

    srtp::Sealer sealer;
    srtp::Opener opener;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzPair pairs[] = {{srtp::Profile::aead_aes_128_gcm, srtp::best_engine()},
                        {srtp::Profile::aead_aes_128_gcm, srtp::Engine::openssl},
                        {srtp::Profile::aes128_cm_sha1_80, srtp::best_engine()}};
    for (Bytes rest{data, size}; rest.size() >= 2;) {
        const std::size_t length = std::min<std::size_t>(load16(rest.data()), rest.size() - 2);
        for (auto& pair : pairs) pair.feed(rest.subspan(2, length));
        rest = rest.subspan(2 + length);
    }
    return 0;
}
