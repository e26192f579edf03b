// SPDX-License-Identifier: Apache-2.0
// The first byte chooses the call and how it came; the rest is its query, or its form.
#include <string_view>

#include "base/encoding.hpp"
#include "bbb/checksum.hpp"
#include "bbb/create.hpp"
#include "bbb/hook.hpp"
#include "bbb/join.hpp"
#include "bbb/reply.hpp"
#include "bbb/welcome.hpp"

using namespace aula;

namespace {

void use(const bbb::Call& call) {
    const bbb::Fresh fresh{1'531'155'809'613, "attendee", "moderator", "parent"};
    if (const auto meeting = bbb::read_create(call, fresh)) {
        const auto again = bbb::meeting_from_json(bbb::to_json(*meeting));
        if (!again || again->name != meeting->name || again->metadata != meeting->metadata)
            __builtin_trap();
        bbb::create_reply(*meeting, false, false);
        bbb::info_reply(*meeting, {});
        bbb::was_left_alone(*meeting, false, 2'000'000'000'000);
        bbb::end_of(*meeting);
        // It goes into JSON for browsers.
        if (!is_utf8(bbb::greeting(*meeting, "welcome"))) __builtin_trap();
        if (const auto request = bbb::read_join(call.parameters)) {
            if (const auto admission = bbb::admit(*request, *meeting); !admission) {
                bbb::error_redirect(call.parameters, admission.error());
            }
        }
    }
    if (const auto hook = bbb::read_hook(call.parameters, "1")) {
        if (!bbb::hook_from_json(bbb::to_json(*hook))) __builtin_trap();
        bbb::hooks_reply({&*hook});
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    const bbb::Security security{{"secret"}, (data[0] & 4) != 0};
    const auto* const name = (data[0] & 1) != 0 ? "create" : "join";
    const bool form = (data[0] & 2) != 0;
    // As it stands, so that the checks of hostile input run ...
    bbb::read_call({form ? "POST" : "GET", name, form ? "" : text,
                    form ? "application/x-www-form-urlencoded" : "", form ? text : ""},
                   security);
    // ... and rightly signed, so that what is behind them runs.
    if (text.find("checksum=") != std::string_view::npos) return 0;
    const auto query = std::string(text) +
                       "&checksum=" + bbb::checksum(crypto::HashKind::sha1, name, text, "secret");
    const auto call = bbb::read_call({"GET", name, query, "", ""}, security);
    if (call) use(*call);
    return 0;
}
