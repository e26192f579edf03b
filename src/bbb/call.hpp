// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bbb/parameters.hpp"
#include "bbb/refusal.hpp"

namespace aula::bbb {

/// An API request as HTTP brought it. `call` is the path after ".../api/", such as "create" or
/// "hooks/list".
struct RawCall {
    std::string_view method;
    std::string_view call;
    std::string_view query;         // undecoded, without '?'
    std::string_view content_type;  // empty: none was sent
    std::string_view body;
};

struct Security {
    std::vector<std::string> secrets;
    /// The 3.0 documentation signs nothing of a form body when the checksum stands in the URL. Such
    /// a request can be replayed with other parameters, so it is refused unless an installation
    /// needs it.
    bool accept_unsigned_forms = false;
};

/// A call whose checksum holds.
struct Call {
    std::string name;
    Parameters parameters;
    std::string document;  // the XML body, when there was one
};

/// The text tracks' calls are answered in JSON, refusals too; all others in XML.
bool is_answered_in_json(std::string_view call);

/// Checks in BigBlueButton's order: is the call known and its body of an allowed type, is there one
/// checksum, does it hold, can the parameters be read.
Expected<Call, Refusal> read_call(const RawCall& raw, const Security& security);

}  // namespace aula::bbb
