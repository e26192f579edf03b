// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string_view>

#include <unistd.h>

#include "cloud/admin.hpp"
#include "cloud/routes.hpp"

using namespace aula;

namespace {

/// The next line of the input, taken off it.
std::string_view take_line(std::string_view& text) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line;
}

cloud::DatacenterOptions options() {
    auto folder =
        std::filesystem::temp_directory_path() / ("aula-fuzz-cloud-" + std::to_string(getpid()));
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    // No journal is committed and the loop never runs, so no machine is started.
    return {folder, "/bin/false", {}, {}, {}};
}

}  // namespace

/// A few calls, one after the other: lines of method, path, query and body. The objects that are
/// made live on, so that "*" in a path can name the newest.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static net::Loop loop;
    const auto datacenter = std::move(*cloud::Datacenter::open(loop, options()));
    std::string_view text(reinterpret_cast<const char*>(bytes), size);
    std::string newest = "1b5e2a1c-90d7-4a2b-8f3e-6d8c0b7a1f02";
    for (int i = 0; i < 8 && !text.empty(); ++i) {
        const auto method = take_line(text);
        std::string path(take_line(text));
        const auto query = take_line(text);
        std::string body(take_line(text));
        for (auto* where : {&path, &body}) {
            if (const auto star = where->find('*'); star != std::string::npos)
                where->replace(star, 1, newest);
        }
        const cloud::Call call{"me", method, path, query, body, cloud::Kind::server, {}};
        const auto answer = path.starts_with("/aula/") ? cloud::administer(*datacenter, call)
                                                       : cloud::route(*datacenter, call);
        if (answer.status < 200 || answer.status > 599) __builtin_trap();
        if (answer.body.empty()) continue;
        const auto said = cloud::read_object(answer.body);
        if (!said) __builtin_trap();  // always JSON
        const auto made = cloud::text_member(*said, "object_uuid");
        if (!made.empty()) newest = made;
    }
    return 0;
}
