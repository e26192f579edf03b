// SPDX-License-Identifier: Apache-2.0
#include "bbb/create.hpp"

#include <algorithm>
#include <optional>

#include "base/encoding.hpp"
#include "crypto/hash.hpp"

namespace aula::bbb {
namespace {

constexpr std::size_t most_metadata = 200;
constexpr std::size_t largest_document = 2 << 20;

auto refuse_create(const char* key, const char* message) { return fail(Refusal{key, message}); }

// In characters, not bytes: continuation bytes do not count.
std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

bool has_size(std::string_view text, std::size_t least, std::size_t most) {
    const auto size = characters(text);
    return size >= least && size <= most;
}

bool is_boolean(const std::string& value) {
    const auto lower = lower_case(value);
    return lower == "true" || lower == "false";
}

// Names are meta_[A-Za-z][A-Za-z0-9-]*; others are dropped without a word.
Fields metadata_of(const Parameters& parameters) {
    Fields metadata;
    for (const auto& [name, value] : parameters) {
        if (!name.starts_with("meta_") || metadata.size() == most_metadata) continue;
        auto key = lower_case(std::string_view(name).substr(5));
        const bool plain =
            !key.empty() && key[0] >= 'a' && key[0] <= 'z' &&
            key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
        const auto same = [&](const auto& field) { return field.first == key; };
        if (plain && std::none_of(metadata.begin(), metadata.end(), same))
            metadata.emplace_back(std::move(key), value);
    }
    return metadata;
}

std::optional<Refusal> fault_of_names(const Parameters& given) {
    if (given.text("name").empty())
        return Refusal{"missingParamName", "You must specify a name for the meeting."};
    if (!has_size(given.text("name"), 2, 256)) {
        return Refusal{"sizeError", "Meeting name must be between 2 and 256 characters"};
    }
    for (const auto* name : {"attendeePW", "moderatorPW"}) {
        const auto password = given.text(name);
        if (!password.empty() && !has_size(password, 2, 64)) {
            return Refusal{"sizeError", "Password must be between 2 and 64 characters"};
        }
    }
    return std::nullopt;
}

std::optional<Refusal> fault_of_values(const Parameters& given) {
    const auto bridge = given.text("voiceBridge");
    if (!bridge.empty() && (!digits(bridge) || bridge.size() > 15)) {
        return Refusal{"validationError", "Voice bridge must be an integer"};
    }
    for (const auto* name : {"record", "isBreakout", "isBreakoutRoom"}) {
        const auto value = given.text(name);
        if (!value.empty() && !is_boolean(value)) {
            return Refusal{"validationError", std::string(name) + " must be a boolean"};
        }
    }
    const auto upload = given.text("presentationUploadExternalUrl");
    if (!upload.empty() && !is_web_url(upload)) {
        return Refusal{"validationError", "presentationUploadExternalUrl must be a URL"};
    }
    const auto editor = given.text("sharedNotesEditor");
    if (!editor.empty() && editor != "etherpad" && editor != "blockNote") {
        return Refusal{"invalidSharedNotesEditor",
                       "sharedNotesEditor must be etherpad or blockNote"};
    }
    return std::nullopt;
}

std::string sha1_text(std::string_view text) {
    return hex(crypto::hash(crypto::HashKind::sha1, bytes_of(text)));
}

/// A breakout's own id goes on as its internal one, and the external one is derived from it.
std::optional<Refusal> make_breakout(Meeting& meeting, const std::string& parent_internal_id) {
    const auto& given = meeting.parameters;
    if (!given.boolean("isBreakout", false) && !given.boolean("isBreakoutRoom", false))
        return std::nullopt;
    if (given.text("parentMeetingID").empty()) {
        return Refusal{"parentMeetingIdMissing",
                       "No parent meeting ID was provided for the breakout room."};
    }
    if (parent_internal_id.empty()) {
        return Refusal{"parentMeetingDoesNotExist",
                       "No parent meeting was found for the breakout room."};
    }
    meeting.parent_id = parent_internal_id;
    meeting.internal_id = meeting.meeting_id;
    const auto dash = meeting.meeting_id.find('-');
    const auto time =
        dash == std::string::npos ? std::string{} : meeting.meeting_id.substr(dash + 1);
    meeting.meeting_id =
        sha1_text(meeting.parent_id + '-' + time + '-' + given.text("sequence")) + '-' + time;
    return std::nullopt;
}

}  // namespace

Expected<std::string, Refusal> read_meeting_id(const Parameters& parameters) {
    const auto id = parameters.text("meetingID");
    if (id.empty()) {
        return refuse_create("missingParamMeetingID",
                             "You must specify a meeting ID for the meeting.");
    }
    if (!has_size(id, 2, 256))
        return refuse_create("sizeError", "Meeting ID must be between 2 and 256 characters");
    if (id.find(',') != std::string::npos)
        return refuse_create("validationError", "Invalid meeting ID");
    return id;
}

Expected<Meeting, Refusal> read_create(const Call& call, const Fresh& fresh) {
    const auto& given = call.parameters;
    const auto id = read_meeting_id(given);
    if (!id) return fail(id.error());
    if (auto fault = fault_of_names(given)) return fail(*fault);
    if (auto fault = fault_of_values(given)) return fail(*fault);
    if (call.document.size() > largest_document) {
        return refuse_create("validationError", "The document of presentations is too large");
    }
    const auto given_or = [&](const char* name, const std::string& other) {
        auto value = given.text(name);
        return value.empty() ? other : value;
    };
    Meeting meeting;
    meeting.meeting_id = *id;
    meeting.internal_id = sha1_text(*id) + '-' + std::to_string(fresh.now_ms);
    meeting.name = given.text("name");
    meeting.attendee_password = given_or("attendeePW", fresh.attendee_password);
    meeting.moderator_password = given_or("moderatorPW", fresh.moderator_password);
    meeting.voice_bridge = given.text("voiceBridge");
    meeting.dial_number = given.text("dialNumber");
    meeting.created_ms = fresh.now_ms;
    meeting.metadata = metadata_of(given);
    meeting.parameters = given;
    meeting.document = call.document;
    if (auto fault = make_breakout(meeting, fresh.parent_internal_id)) return fail(*fault);
    return meeting;
}

SameId compare(const Meeting& existing, const Parameters& create) {
    const auto attendee = create.text("attendeePW");
    const auto moderator = create.text("moderatorPW");
    const bool none = attendee.empty() && moderator.empty();
    const bool equal =
        attendee == existing.attendee_password && moderator == existing.moderator_password;
    return none || equal ? SameId::same_meeting : SameId::another_meeting;
}

}  // namespace aula::bbb
