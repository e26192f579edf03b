// SPDX-License-Identifier: Apache-2.0
// Bytes from the other end of the hub-node link: the first byte says in what pieces they come.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "control/control.pb.h"
#include "control/frame.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::size_t piece = data[0] + std::size_t{1};
    const aula::Bytes rest(data + 1, size - 1);
    aula::control::FrameReader reader;
    for (std::size_t at = 0; at < rest.size(); at += piece) {
        reader.add(rest.subspan(at, std::min(piece, rest.size() - at)));
        while (true) {
            const auto frame = reader.next();
            if (!frame) return 0;
            if (!*frame) break;
            const int length = static_cast<int>((*frame)->size());
            aula::control::ToHub to_hub;
            aula::control::ToNode to_node;
            (void)to_hub.ParseFromArray((*frame)->data(), length);
            (void)to_node.ParseFromArray((*frame)->data(), length);
        }
    }
    return 0;
}
