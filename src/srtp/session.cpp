// SPDX-License-Identifier: Apache-2.0
#include "srtp/session.hpp"

#include "srtp/index_window.hpp"
#include "srtp/protection.hpp"
#include "srtp/ssrc_table.hpp"

namespace aula::srtp {
namespace {

constexpr std::size_t rtp_fixed_size = 12;
// A publisher of simulcast video uses six SSRCs a track, and every new publication new ones.
// Forgetting an old SSRC would let its packets be replayed, or its nonces be used again, so a full
// table refuses new ones instead.
constexpr std::size_t max_received_sources = 1024;
constexpr std::size_t max_sent_sources = 4096;
// The forwarder's packets leave nearly in order; whatever is older goes by RTX with numbers of its
// own.
constexpr std::size_t sent_window = 64;
constexpr std::size_t replay_window = 1024;
constexpr std::uint32_t last_rtcp_index = 0x7fffffff;

// Fixed header, CSRCs and extension (RFC 3550 section 5.1); zero when they do not fit.
std::size_t rtp_header_size(Bytes packet) {
    if (packet.size() < rtp_fixed_size || packet[0] >> 6 != 2) return 0;
    std::size_t size = rtp_fixed_size + std::size_t{4} * (packet[0] & 0x0f);
    if ((packet[0] & 0x10) != 0) {
        if (packet.size() < size + 4) return 0;
        size += 4 + std::size_t{4} * load16(&packet[size + 2]);
    }
    return size <= packet.size() ? size : 0;
}

}  // namespace

struct Sealer::State {
    std::unique_ptr<Protection> rtp;
    std::unique_ptr<Protection> rtcp;
    SsrcTable<IndexWindow<sent_window>, max_sent_sources> sources;
    // One counter for all SSRCs: a nonce holds the SSRC too, and receivers do not mind gaps.
    std::uint32_t next_rtcp_index = 0;
};

Sealer::Sealer(Profile profile, Bytes master_key, Bytes master_salt, Engine engine)
    : state_(std::make_unique<State>()) {
    state_->rtp =
        make_protection(profile, derive_rtp_keys(profile, master_key, master_salt), engine);
    state_->rtcp =
        make_protection(profile, derive_rtcp_keys(profile, master_key, master_salt), engine);
}
Sealer::~Sealer() = default;
Sealer::Sealer(Sealer&&) noexcept = default;
Sealer& Sealer::operator=(Sealer&&) noexcept = default;

std::size_t Sealer::seal_rtp(MutableBytes packet, std::size_t header_size, Bytes payload) {
    const std::size_t size = header_size + payload.size() + state_->rtp->tag_size();
    if (header_size < rtp_fixed_size || size > packet.size()) return 0;
    const std::uint32_t ssrc = load32(&packet[8]);
    auto* source = state_->sources.find(ssrc);
    if (source == nullptr) source = state_->sources.add(ssrc);
    if (source == nullptr) return 0;
    const auto index = source->estimate(load16(&packet[2]));
    if (!index || !source->is_new(*index)) return 0;
    source->mark(*index);
    state_->rtp->seal_rtp(packet.data(), header_size, payload, *index);
    return size;
}

std::size_t Sealer::seal_rtcp(MutableBytes packet, std::size_t size) {
    const std::size_t sealed = size + state_->rtcp->tag_size() + index_word_size;
    if (size < rtcp_header_size || sealed > packet.size()) return 0;
    if (state_->next_rtcp_index > last_rtcp_index) return 0;
    state_->rtcp->seal_rtcp(packet.data(), size, state_->next_rtcp_index++);
    return sealed;
}

struct Opener::State {
    using Sources = SsrcTable<IndexWindow<replay_window>, max_received_sources>;

    std::unique_ptr<Protection> rtp;
    std::unique_ptr<Protection> rtcp;
    Sources rtp_sources;
    Sources rtcp_sources;
};

Opener::Opener(Profile profile, Bytes master_key, Bytes master_salt, Engine engine)
    : state_(std::make_unique<State>()) {
    state_->rtp =
        make_protection(profile, derive_rtp_keys(profile, master_key, master_salt), engine);
    state_->rtcp =
        make_protection(profile, derive_rtcp_keys(profile, master_key, master_salt), engine);
}
Opener::~Opener() = default;
Opener::Opener(Opener&&) noexcept = default;
Opener& Opener::operator=(Opener&&) noexcept = default;

Expected<MutableBytes, OpenError> Opener::open_rtp(MutableBytes packet) {
    const std::size_t header_size = rtp_header_size(packet);
    const std::size_t tag_size = state_->rtp->tag_size();
    if (header_size == 0 || packet.size() < header_size + tag_size) {
        return fail(OpenError::malformed);
    }
    const std::uint32_t ssrc = load32(&packet[8]);
    const std::uint16_t sequence_number = load16(&packet[2]);
    auto* source = state_->rtp_sources.find(ssrc);
    const auto index = source != nullptr ? source->estimate(sequence_number) : sequence_number;
    if (!index || (source != nullptr && !source->is_new(*index))) {
        return fail(OpenError::replayed);
    }
    if (!state_->rtp->open_rtp(packet, header_size, *index)) return fail(OpenError::forged);
    // Only what is authentic gets a place in the table (RFC 3711 section 3.3.2).
    if (source == nullptr) source = state_->rtp_sources.add(ssrc);
    if (source == nullptr) return fail(OpenError::too_many_sources);
    source->mark(*index);
    return packet.first(packet.size() - tag_size);
}

Expected<MutableBytes, OpenError> Opener::open_rtcp(MutableBytes packet) {
    const std::size_t overhead = state_->rtcp->tag_size() + index_word_size;
    if (packet.size() < rtcp_header_size + overhead || packet[0] >> 6 != 2) {
        return fail(OpenError::malformed);
    }
    const std::uint32_t word = load32(&packet[state_->rtcp->index_word_at(packet.size())]);
    // WebRTC never sends plain SRTCP (RFC 8827 section 6.5).
    if ((word & encrypted_flag) == 0) return fail(OpenError::malformed);
    const std::uint32_t index = word & ~encrypted_flag;
    const std::uint32_t ssrc = load32(&packet[4]);
    auto* source = state_->rtcp_sources.find(ssrc);
    if (source != nullptr && !source->is_new(index)) return fail(OpenError::replayed);
    if (!state_->rtcp->open_rtcp(packet)) return fail(OpenError::forged);
    if (source == nullptr) source = state_->rtcp_sources.add(ssrc);
    if (source == nullptr) return fail(OpenError::too_many_sources);
    source->mark(index);
    return packet.first(packet.size() - overhead);
}

}  // namespace aula::srtp
