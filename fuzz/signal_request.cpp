// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "signal/frame.hpp"
#include "signal/json.hpp"
#include "signal/livekit.pb.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace aula::signal;
    if (const auto request = parse_request({data, size})) {
        if (!parse_request(to_frame(*request))) std::abort();
        livekit::SignalRequest again;
        const std::string json = to_json(*request, JsonStyle::webhook);
        (void)from_json(json, again);
    }
    (void)parse_data_packet({data, size});
    livekit::UpdateParticipantRequest update;
    (void)from_json({reinterpret_cast<const char*>(data), size}, update);
    return 0;
}
