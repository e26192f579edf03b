// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "sdp/answer.hpp"
#include "sdp/offer.hpp"

namespace {

using namespace aula::sdp;

SendTrack any_track(const Media& media) {
    SendTrack track;
    track.kind = media.kind;
    if (!media.codecs.empty()) track.codec = media.codecs.front();
    track.red = true;
    track.stream = "PA_x|camera";
    track.track = "TR_x";
    track.cname = "x";
    track.rtx_ssrc = 2;
    return track;
}

}  // namespace

/// Whatever can be read can be answered, and what we write can be read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto offer = parse({reinterpret_cast<const char*>(data), size});
    if (!offer) return 0;
    std::vector<Media> sections;
    for (const Media& media : offer->media) {
        const SendTrack track = any_track(media);
        auto sending = answer_sending(media, track);
        if (sending.has_value() != can_receive(media, track)) std::abort();
        if (media.kind == MediaKind::application) {
            sections.push_back(answer_data(media));
        } else {
            sections.push_back(sending ? *sending : answer_receiving(media, {.codec = "H264"}));
        }
        (void)offer_sending("0", track);
        (void)answer_inactive(media);
    }
    LocalTransport local;
    local.ice_ufrag = "aula";
    local.ice_pwd = "0123456789abcdefghijkl";
    local.fingerprint = {"sha-256", "00:11"};
    const Session answer = make_answer(*offer, sections, local, 1, 1);
    if (answer.media.size() != offer->media.size()) std::abort();
    (void)check_answer(*offer, answer);
    if (const std::string text = write(answer); text.size() < max_size && !parse(text))
        std::abort();
    return 0;
}
