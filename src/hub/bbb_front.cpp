// SPDX-License-Identifier: Apache-2.0
#include "hub/bbb_front.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/encoding.hpp"
#include "bbb/call.hpp"
#include "bbb/create.hpp"
#include "bbb/reply.hpp"
#include "bbb/session_reply.hpp"
#include "crypto/random.hpp"
#include "hub/bbb_answer.hpp"
#include "hub/bbb_hook_calls.hpp"
#include "hub/bbb_hooks.hpp"
#include "hub/bbb_meetings.hpp"
#include "hub/bbb_news.hpp"
#include "hub/bbb_recordings.hpp"
#include "hub/bbb_sessions.hpp"
#include "hub/bbb_setup.hpp"

namespace aula::hub {
namespace {

constexpr auto expiry_look = 1s;
const bbb::Refusal no_such_meeting{"notFound", "A meeting with that ID does not exist"};

std::string lower_random(std::size_t length) {
    return bbb::lower_case(crypto::random_text(length));
}

/// "https://example.org:8080/x" has the domain "example.org".
std::string domain_of(std::string_view url) {
    const auto start = url.find("://");
    if (start != std::string_view::npos) url.remove_prefix(start + 3);
    return std::string(url.substr(0, url.find_first_of(":/")));
}

}  // namespace

struct BbbFront::State {
    State(net::Loop& l, Lessons& all, store::Store& store, http::Client& client, Options o)
        : loop(l),
          lessons(all),
          options(std::move(o)),
          meetings(all, store),
          hooks(l, client, store, {options.secret, domain_of(options.public_url)}),
          hook_calls(hooks),
          news(meetings, hooks),
          session_calls(meetings, all, options.secret, options.public_url) {
        lessons.listen([this, weak = std::weak_ptr(alive)](const LessonNews& item) {
            if (!weak.expired()) news.on_news(item);
        });
        timer = loop.every(expiry_look, [this] { end_expired(); });
    }
    ~State() { loop.cancel(timer); }

    using Answer = http::Response (State::*)(const bbb::Call&);

    void serve(const http::Request& request, http::Responder responder);
    void dispatch(const bbb::Call& call, http::Responder responder);

    void create(const bbb::Call& call, http::Responder responder);
    std::optional<http::Response> answer_existing(const bbb::Meeting& wanted,
                                                  const bbb::Parameters& given);
    void make(bbb::Meeting meeting, bbb::Call call, http::Responder responder);
    void on_made(const std::string& id, Expected<const LessonRecord*, Error> made);
    std::string free_voice_bridge();

    http::Response join(const bbb::Call& call);
    Expected<http::Response, bbb::Refusal> try_join(const bbb::Call& call);
    BbbUser user_for(const bbb::JoinRequest& request, const bbb::Admission& admission,
                     const LessonRecord& lesson);
    bbb::Refusal no_meeting_to_join(const std::string& id) const;

    http::Response is_running(const bbb::Call& call);
    http::Response info(const bbb::Call& call);
    http::Response list(const bbb::Call& call);
    void end(const bbb::Call& call, http::Responder responder);
    http::Response sessions(const bbb::Call& call);

    void end_expired();

    net::Loop& loop;
    Lessons& lessons;
    Options options;
    BbbMeetings meetings;
    BbbHooks hooks;
    BbbHookCalls hook_calls;
    BbbNews news;
    BbbSessions session_calls;
    net::TimerId timer = net::TimerId::none;
    /// Create calls for an id whose lesson is on its way to the disk; the first is the one that
    /// makes it.
    std::map<std::string, std::vector<std::pair<bbb::Call, http::Responder>>> being_made;
    std::shared_ptr<bool> alive = std::make_shared<bool>(true);
};

BbbFront::BbbFront(net::Loop& loop, Lessons& lessons, store::Store& store, http::Client& client,
                   Options options)
    : state_(std::make_unique<State>(loop, lessons, store, client, std::move(options))) {}
BbbFront::~BbbFront() = default;

void BbbFront::answer(const http::Request& request, http::Responder responder) {
    state_->serve(request, std::move(responder));
}

void BbbFront::State::serve(const http::Request& request, http::Responder responder) {
    std::string_view path = request.path;
    if (path.starts_with("/bigbluebutton")) path.remove_prefix(14);
    if (path.ends_with('/')) path.remove_suffix(1);
    // Some clients append "api" to a base that has it already.
    while (path.starts_with("/api/api")) path.remove_prefix(4);
    if (path.empty() || path == "/api") return responder.answer(xml_answer(bbb::version_reply()));
    // A probing client wants anything but 200 here.
    if (!path.starts_with("/api/")) return responder.answer(http::text_response(404, "Not found"));
    if (BbbSessions::answers(path.substr(5)))
        return responder.answer(session_calls.answer(path.substr(5), request));
    const auto* type = request.headers.find("content-type");
    const bbb::RawCall raw{request.method, path.substr(5), request.query,
                           type ? *type : std::string_view{}, request.body};
    const auto call = bbb::read_call(raw, {{options.secret}});
    if (!call) {
        return responder.answer(bbb::is_answered_in_json(raw.call)
                                    ? bbb_json_answer(bbb::json_refusal(call.error()))
                                    : refusal_answer(call.error()));
    }
    dispatch(*call, std::move(responder));
}

void BbbFront::State::dispatch(const bbb::Call& call, http::Responder responder) {
    static const std::map<std::string_view, Answer> answers = {
        {"join", &State::join},
        {"isMeetingRunning", &State::is_running},
        {"getMeetingInfo", &State::info},
        {"getMeetings", &State::list},
        {"getSessions", &State::sessions},
    };
    if (call.name == "create") return create(call, std::move(responder));
    if (call.name == "end") return end(call, std::move(responder));
    if (BbbHookCalls::answers(call)) return responder.answer(hook_calls.answer(call));
    const auto answer = answers.find(call.name);
    responder.answer(answer == answers.end() ? answer_recording_call(call)
                                             : (this->*answer->second)(call));
}

void BbbFront::State::create(const bbb::Call& call, http::Responder responder) {
    const auto parent_id = call.parameters.text("parentMeetingID");
    const auto parent = parent_id.empty() ? BbbMeetings::Found{} : meetings.find(parent_id);
    const bbb::Fresh fresh{unix_ms(WallClock::now()), lower_random(8), lower_random(8),
                           parent ? parent.meeting->internal_id : std::string{}};
    auto meeting = bbb::read_create(call, fresh);
    if (!meeting) return responder.answer(refusal_answer(meeting.error()));
    // Lessons know it already, but it must not be promised before it is on disk.
    const auto waiting = being_made.find(meeting->meeting_id);
    if (waiting != being_made.end()) {
        waiting->second.emplace_back(call, std::move(responder));
        return;
    }
    if (auto answer = answer_existing(*meeting, call.parameters))
        return responder.answer(std::move(*answer));
    if (meeting->voice_bridge.empty()) meeting->voice_bridge = free_voice_bridge();
    if (meetings.voice_bridge_is_taken(meeting->voice_bridge)) {
        return responder.answer(xml_answer(bbb::errors_reply(
            {"nonUniqueVoiceBridge", "The selected voice bridge is already in use."})));
    }
    make(std::move(*meeting), call, std::move(responder));
}

std::optional<http::Response> BbbFront::State::answer_existing(const bbb::Meeting& wanted,
                                                               const bbb::Parameters& given) {
    const auto existing = meetings.find(wanted.meeting_id);
    if (!existing) return std::nullopt;
    if (bbb::compare(*existing.meeting, given) == bbb::SameId::another_meeting) {
        return refusal_answer(
            {"idNotUnique",
             "A meeting already exists with that meeting ID.  Please use a different meeting ID."});
    }
    return xml_answer(
        bbb::create_reply(*existing.meeting, true, existing.lesson->started.has_value()));
}

void BbbFront::State::make(bbb::Meeting meeting, bbb::Call call, http::Responder responder) {
    const auto id = meeting.meeting_id;
    being_made[id].emplace_back(std::move(call), std::move(responder));
    lessons.create(lesson_of(meeting), [this, id, weak = std::weak_ptr(alive)](
                                           Expected<const LessonRecord*, Error> made) {
        if (!weak.expired()) on_made(id, std::move(made));
    });
    // Its voice bridge is taken from now on.
    if (const auto* lesson = lessons.find_external(id)) meetings.meeting_of(*lesson);
}

void BbbFront::State::on_made(const std::string& id, Expected<const LessonRecord*, Error> made) {
    auto waiting = std::move(being_made[id]);
    being_made.erase(id);
    bool first = true;
    for (auto& [call, responder] : waiting) {
        const auto* meeting = made ? meetings.meeting_of(**made) : nullptr;
        if (!meeting) {
            responder.answer(refusal_answer({"internalError", "The meeting could not be stored."}));
        } else if (std::exchange(first, false)) {
            responder.answer(xml_answer(bbb::create_reply(*meeting, false, false)));
        } else if (auto answer = answer_existing(*meeting, call.parameters)) {
            responder.answer(std::move(*answer));
        }
    }
}

std::string BbbFront::State::free_voice_bridge() {
    // Five digits, as phones' menus ask for; with 90,000 of them a few tries find a free one.
    std::string bridge;
    for (int tries = 0; tries < 20; ++tries) {
        bridge = std::to_string(10'000 + crypto::random32() % 90'000);
        if (!meetings.voice_bridge_is_taken(bridge)) break;
    }
    return bridge;
}

http::Response BbbFront::State::join(const bbb::Call& call) {
    auto joined = try_join(call);
    if (joined) return std::move(*joined);
    const auto redirect = bbb::error_redirect(call.parameters, joined.error());
    if (!redirect) return refusal_answer(joined.error());
    http::Response response;
    response.status = 302;
    response.headers.set("location", *redirect);
    return response;
}

Expected<http::Response, bbb::Refusal> BbbFront::State::try_join(const bbb::Call& call) {
    const auto request = bbb::read_join(call.parameters);
    if (!request) return fail(request.error());
    const auto found = meetings.find(request->meeting_id);
    if (!found) return fail(no_meeting_to_join(request->meeting_id));
    const auto admission = bbb::admit(*request, *found.meeting);
    if (!admission) return fail(admission.error());
    const auto user = user_for(*request, *admission, *found.lesson);
    const auto lobby =
        admission->is_guest ? lessons.lobby(user.lesson, user.identity) : Lessons::Lobby::enters;
    if (lobby == Lessons::Lobby::turned_away) {
        return fail(bbb::Refusal{
            "guestDeniedAccess",
            "You have been denied access to this meeting based on the meeting's guest policy"});
    }
    if (!meetings.has_place(found, user.external_id) || !meetings.add_user(user)) {
        return fail(
            bbb::Refusal{"maxParticipantsReached",
                         "The maximum number of participants for this meeting has been reached."});
    }
    const bbb::Joined joined{
        found.meeting->internal_id,
        user.identity,
        user.auth_token,
        user.session_token,
        lobby == Lessons::Lobby::waits ? bbb::GuestStatus::wait : bbb::GuestStatus::allow,
        lessons.session_link(*found.lesson, session_of(user))};
    auto response = xml_answer(bbb::join_reply(joined));
    response.headers.set("set-cookie", "JSESSIONID=" + joined.session_token +
                                           "; Path=/bigbluebutton; HttpOnly; SameSite=Lax");
    if (call.parameters.boolean("redirect", true)) {
        response.status = 302;
        response.headers.set("location", joined.url);
        response.body.clear();
    }
    return response;
}

BbbUser BbbFront::State::user_for(const bbb::JoinRequest& request, const bbb::Admission& admission,
                                  const LessonRecord& lesson) {
    BbbUser user;
    user.lesson = lesson.id;
    user.identity = "w_" + lower_random(12);
    user.external_id = request.user_id.empty() ? user.identity : request.user_id;
    if (const auto* known = meetings.find_user(lesson.id, request.existing_user)) {
        user.identity = known->identity;
        user.external_id = known->external_id;
    }
    user.name = request.full_name;
    user.moderator = admission.moderator;
    user.guest = request.guest.value_or(false);
    user.customdata = request.customdata;
    user.waits_when_asked = admission.is_guest;
    user.avatar_url = request.avatar_url;
    user.auth_token = lower_random(12);
    user.session_token = lower_random(16);
    return user;
}

bbb::Refusal BbbFront::State::no_meeting_to_join(const std::string& id) const {
    if (!meetings.was_forced_to_end(id)) return no_such_meeting;
    return {"meetingForciblyEnded",
            "You can not re-join a meeting that has already been forcibly ended."};
}

http::Response BbbFront::State::is_running(const bbb::Call& call) {
    const auto id = bbb::read_meeting_id(call.parameters);
    if (!id) return refusal_answer(id.error());
    const auto found = meetings.find(*id);
    return xml_answer(bbb::running_reply(found && lessons.is_running(found.lesson->id)));
}

http::Response BbbFront::State::info(const bbb::Call& call) {
    const auto id = bbb::read_meeting_id(call.parameters);
    if (!id) return refusal_answer(id.error());
    const auto found = meetings.find(*id);
    if (!found) return refusal_answer(no_such_meeting);
    return xml_answer(bbb::info_reply(*found.meeting, meetings.status(found)));
}

http::Response BbbFront::State::list(const bbb::Call&) {
    std::vector<std::pair<const bbb::Meeting*, bbb::MeetingStatus>> out;
    for (const auto& found : meetings.all())
        out.emplace_back(found.meeting, meetings.status(found));
    return xml_answer(bbb::meetings_reply(out));
}

void BbbFront::State::end(const bbb::Call& call, http::Responder responder) {
    const auto id = bbb::read_meeting_id(call.parameters);
    if (!id) return responder.answer(refusal_answer(id.error()));
    const auto found = meetings.find(*id);
    if (!found) return responder.answer(refusal_answer(no_such_meeting));
    std::vector<std::string> ending{found.lesson->id};
    for (const auto& breakout : meetings.breakouts_of(*found.meeting))
        ending.push_back(breakout.lesson->id);
    meetings.note_forced_end(*found.meeting);
    struct Waiting {
        http::Responder responder;
        std::size_t left;
        bool is_lost = false;
    };
    auto waiting = std::make_shared<Waiting>(Waiting{std::move(responder), ending.size()});
    const auto stored = [waiting](const Expected<void, Error>& done) {
        waiting->is_lost |= !done;
        if (--waiting->left != 0) return;
        waiting->responder.answer(
            waiting->is_lost
                ? refusal_answer({"internalError", "The end of the meeting could not be stored."})
                : xml_answer(bbb::end_reply()));
    };
    for (const auto& one : ending) {
        if (!lessons.end(one, lesson::EndReason::platform, stored)) stored({});
    }
}

http::Response BbbFront::State::sessions(const bbb::Call&) {
    std::vector<bbb::SessionEntry> entries;
    for (const auto* user : meetings.users()) {
        const auto* lesson = lessons.find(user->lesson);
        const auto* meeting = lesson ? meetings.meeting_of(*lesson) : nullptr;
        if (meeting) entries.push_back({meeting->internal_id, meeting->name, user->name});
    }
    return xml_answer(bbb::sessions_reply(entries));
}

/// Meetings to which nobody came, and those whose time is over.
void BbbFront::State::end_expired() {
    const auto now = WallClock::now();
    std::vector<std::pair<std::string, lesson::EndReason>> over;
    for (const auto& [lesson, meeting] : meetings.all()) {
        const auto end = bbb::end_of(*meeting);
        if (end && *end <= now)
            over.emplace_back(lesson->id, lesson::EndReason::time);
        else if (bbb::was_left_alone(*meeting, lesson->started.has_value(), unix_ms(now)))
            over.emplace_back(lesson->id, lesson::EndReason::empty);
    }
    for (const auto& [id, why] : over) lessons.end(id, why);
}

}  // namespace aula::hub
