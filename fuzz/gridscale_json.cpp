// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include "gridscale/answers.hpp"
#include "gridscale/objects.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace aula::gridscale;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    parse_servers(text);
    parse_deleted_servers(text);
    parse_server(text);
    parse_created(text);
    parse_request(text, "r1");
    error_text(text);
    parse_storages(text);
    parse_storage(text);
    parse_snapshots(text);
    parse_templates(text);
    parse_networks(text);
    parse_addresses(text);
    parse_ssh_keys(text);
    parse_labels(text);
    parse_events(text);
    parse_usage(text);
    find_labelled(text, "servers", "l");
    if (const auto time = parse_time(text); time && parse_time(time_text(*time)) != time) {
        // A leap second becomes the next minute's first.
        if (text.substr(17, 2) != "60") __builtin_trap();
    }
    return 0;
}
