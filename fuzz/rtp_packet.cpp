// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "rtp/packet_view.hpp"
#include "rtp/rtx.hpp"

using namespace aula;

/// What parses lies inside the datagram, and a packet taken off its RTX wrapping parses again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Buffer datagram(data, data + size);
    const auto view = rtp::PacketView::parse(datagram);
    if (!view) return 0;
    const auto inside = [&](Bytes part) {
        return part.empty() || (part.data() >= datagram.data() &&
                                part.data() + part.size() <= datagram.data() + datagram.size());
    };
    if (!inside(view->payload()) || view->header_size() > size) std::abort();
    rtp::ExtensionReader reader(*view);
    while (const auto element = reader.next()) {
        if (!inside(element->value)) std::abort();
    }
    for (unsigned id = 0; id < 256; ++id) view->extension(static_cast<std::uint8_t>(id));
    const std::size_t payload_size = view->payload().size();
    if (const auto original = rtp::unwrap_rtx(datagram, *view, 42, 96)) {
        const auto again = rtp::PacketView::parse(*original);
        if (!again || again->ssrc() != 42 || again->payload_type() != 96) std::abort();
        if (again->payload().size() + 2 != payload_size) std::abort();
    }
    return 0;
}
