// SPDX-License-Identifier: Apache-2.0
#include "hub/bbb_recordings.hpp"

#include <string>

#include "bbb/reply.hpp"
#include "bbb/session_reply.hpp"
#include "hub/bbb_answer.hpp"

namespace aula::hub {
namespace {

const bbb::Refusal no_record_id{"missingParamRecordID", "You must specify a recordID."};
const bbb::Refusal no_recording{"noRecordings", "No recording was found."};

bool names_a_recording(const bbb::Call& call) { return !call.parameters.list("recordID").empty(); }

http::Response change_recordings(const bbb::Call& call) {
    if (!names_a_recording(call)) return refusal_answer(no_record_id);
    if (call.name == "publishRecordings" && call.parameters.text("publish").empty())
        return refusal_answer(
            {"missingParamPublish", "You must specify a publish value true or false."});
    return refusal_answer({"notFound", "We could not find recordings"});
}

http::Response put_text_track(const bbb::Call& call) {
    for (const std::string name : {"recordID", "kind", "lang"}) {
        if (call.parameters.text(name).empty())
            return bbb_json_answer(
                bbb::json_refusal({"paramError", "Missing param " + name + "."}));
    }
    const auto kind = call.parameters.text("kind");
    if (kind != "subtitles" && kind != "captions") {
        return bbb_json_answer(bbb::json_refusal(
            {"invalidKind", "Invalid kind parameter, expected='subtitles|captions'"}));
    }
    return bbb_json_answer(bbb::json_refusal(no_recording));
}

}  // namespace

http::Response answer_recording_call(const bbb::Call& call) {
    if (call.name == "getRecordings") return xml_answer(bbb::no_recordings_reply());
    if (call.name == "putRecordingTextTrack") return put_text_track(call);
    if (call.name == "getRecordingTextTracks") {
        return bbb_json_answer(
            bbb::json_refusal(names_a_recording(call) ? no_recording : no_record_id));
    }
    return change_recordings(call);
}

}  // namespace aula::hub
