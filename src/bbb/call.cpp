// SPDX-License-Identifier: Apache-2.0
#include "bbb/call.hpp"

#include <algorithm>
#include <array>

#include "bbb/checksum.hpp"

namespace aula::bbb {
namespace {

enum class BodyKind : std::uint8_t { none, form, multipart, xml, other };

constexpr std::array known_calls = {"create",
                                    "join",
                                    "isMeetingRunning",
                                    "getMeetingInfo",
                                    "getMeetings",
                                    "end",
                                    "getSessions",
                                    "getRecordings",
                                    "deleteRecordings",
                                    "publishRecordings",
                                    "updateRecordings",
                                    "hooks/create",
                                    "hooks/list",
                                    "hooks/destroy",
                                    "getRecordingTextTracks",
                                    "putRecordingTextTrack"};

BodyKind kind_of_body(const RawCall& raw) {
    if (raw.body.empty()) return BodyKind::none;
    const auto type = lower_case(cleaned(raw.content_type.substr(0, raw.content_type.find(';'))));
    if (type == "application/x-www-form-urlencoded") return BodyKind::form;
    if (type == "multipart/form-data") return BodyKind::multipart;
    if (type == "application/xml" || type == "text/xml") return BodyKind::xml;
    return BodyKind::other;
}

Expected<BodyKind, Refusal> allowed_body(const RawCall& raw) {
    const bool known =
        std::find(known_calls.begin(), known_calls.end(), raw.call) != known_calls.end();
    const bool method =
        raw.method == "GET" || raw.method == "HEAD" || (raw.method == "POST" && raw.call != "join");
    if (!known || !method)
        return fail(Refusal{"unsupportedRequest", "This request is not supported."});
    const auto kind = kind_of_body(raw);
    if (kind == BodyKind::other || (kind == BodyKind::xml && raw.call != "create")) {
        return fail(Refusal{"unsupportedContentType",
                            "POST request Content-Type is missing or unsupported"});
    }
    return kind;
}

bool form_is_signed(std::string_view checksum, const RawCall& raw, std::string_view form,
                    const Security& security) {
    if (checksum_holds(checksum, raw.call, form, security.secrets)) return true;
    const auto sorted = sorted_form(form);
    if (sorted && checksum_holds(checksum, raw.call, *sorted, security.secrets)) return true;
    return security.accept_unsigned_forms &&
           checksum_holds(checksum, raw.call, "", security.secrets);
}

/// The text that holds the parameters, when its checksum holds.
std::optional<std::string> signed_parameters(const RawCall& raw, BodyKind kind,
                                             const Security& security) {
    const auto in_query = take_checksum(raw.query);
    const bool two_in_query = !in_query && raw.query.find("checksum=") != std::string_view::npos;
    if (kind != BodyKind::form) {
        if (!in_query ||
            !checksum_holds(in_query->checksum, raw.call, in_query->text, security.secrets))
            return {};
        return in_query->text;
    }
    // Parameters stand in the URL or in the form, never in both.
    const auto in_form = take_checksum(raw.body);
    const bool two_in_form =
        !in_form && ("&" + std::string(raw.body)).find("&checksum=") != std::string::npos;
    if (two_in_query || two_in_form || (in_query && in_form)) return {};
    const auto query = in_query ? in_query->text : std::string(raw.query);
    if (query.find_first_not_of('&') != std::string::npos) return {};
    const auto form = in_form ? in_form->text : std::string(raw.body);
    const auto& signature = in_query ? in_query : in_form;
    if (!signature || !form_is_signed(signature->checksum, raw, form, security)) return {};
    return form;
}

}  // namespace

bool is_answered_in_json(std::string_view call) {
    return call == "getRecordingTextTracks" || call == "putRecordingTextTrack";
}

Expected<Call, Refusal> read_call(const RawCall& raw, const Security& security) {
    const auto kind = allowed_body(raw);
    if (!kind) return fail(kind.error());
    const auto text = signed_parameters(raw, *kind, security);
    if (!text) return fail(Refusal{"checksumError", "Checksums do not match"});
    auto parameters = Parameters::parse(*text);
    if (!parameters) return fail(parameters.error());
    return Call{std::string(raw.call), std::move(*parameters),
                *kind == BodyKind::xml ? std::string(raw.body) : std::string{}};
}

}  // namespace aula::bbb
