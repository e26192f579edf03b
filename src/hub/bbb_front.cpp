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
#include "crypto/random.hpp"
#include "hub/bbb_hooks.hpp"
#include "hub/bbb_meetings.hpp"
#include "hub/bbb_news.hpp"

namespace aula::hub {
namespace {

constexpr auto expiry_look = 5s;
const bbb::Refusal no_such_meeting{"notFound", "A meeting with that ID does not exist"};

http::Response xml_response(std::string body) {
    http::Response response;
    response.headers.set("content-type", "text/xml;charset=utf-8");
    response.headers.set("cache-control", "no-cache");
    response.body = std::move(body);
    return response;
}

std::string lower_random(std::size_t length) {
    return bbb::lower_case(crypto::random_text(length));
}

/// "https://example.org:8080/x" has the domain "example.org".
std::string domain_of(std::string_view url) {
    const auto start = url.find("://");
    if (start != std::string_view::npos) url.remove_prefix(start + 3);
    return std::string(url.substr(0, url.find_first_of(":/")));
}

std::string random_hook_id() {
    Buffer bytes(16);
    crypto::random_fill(bytes);
    auto text = hex(bytes);
    for (const std::size_t at : {8u, 13u, 18u, 23u}) text.insert(at, "-");
    return text;
}

NewLesson lesson_of(const bbb::Meeting& meeting) {
    const auto& given = meeting.parameters;
    const auto minutes_after_last = given.number("meetingExpireWhenLastUserLeftInMinutes", 1);
    NewLesson lesson;
    lesson.title = meeting.name;
    lesson.external_id = meeting.meeting_id;
    lesson.settings = bbb::to_json(meeting);
    lesson.max_participants =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(meeting.max_participants(), 1'000'000));
    lesson.departure_timeout =
        std::chrono::minutes(std::min<std::uint64_t>(minutes_after_last, 100'000));
    lesson.ends_with_room = minutes_after_last != 0;
    return lesson;
}

}  // namespace

struct BbbFront::State {
    State(net::Loop& l, Lessons& all, store::Store& store, http::Client& client, Options o)
        : loop(l),
          lessons(all),
          options(std::move(o)),
          meetings(all, store),
          hooks(l, client, store, {options.secret, domain_of(options.public_url)}),
          news(meetings, hooks) {
        lessons.listen([this, weak = std::weak_ptr(alive)](const LessonNews& item) {
            if (!weak.expired()) news.on_news(item);
        });
        timer = loop.every(expiry_look, [this] { end_expired(); });
    }
    ~State() { loop.cancel(timer); }

    using Answer = http::Response (State::*)(const bbb::Call&);

    http::Response refuse(const bbb::Refusal& refusal) {
        return xml_response(bbb::refusal_reply(refusal));
    }

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

    http::Response is_running(const bbb::Call& call);
    http::Response info(const bbb::Call& call);
    http::Response list(const bbb::Call& call);
    http::Response end(const bbb::Call& call);
    http::Response sessions(const bbb::Call& call);
    http::Response no_recordings(const bbb::Call& call);
    http::Response no_such_recording(const bbb::Call& call);
    http::Response hook_create(const bbb::Call& call);
    http::Response hook_list(const bbb::Call& call);
    http::Response hook_destroy(const bbb::Call& call);

    void end_expired();

    net::Loop& loop;
    Lessons& lessons;
    Options options;
    BbbMeetings meetings;
    BbbHooks hooks;
    BbbNews news;
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
    if (path.empty() || path == "/api") return responder.answer(xml_response(bbb::version_reply()));
    // A probing client wants anything but 200 here.
    if (!path.starts_with("/api/")) return responder.answer(http::text_response(404, "Not found"));
    const auto* type = request.headers.find("content-type");
    const bbb::RawCall raw{request.method, path.substr(5), request.query,
                           type ? *type : std::string_view{}, request.body};
    const auto call = bbb::read_call(raw, {{options.secret}});
    if (!call) return responder.answer(refuse(call.error()));
    dispatch(*call, std::move(responder));
}

void BbbFront::State::dispatch(const bbb::Call& call, http::Responder responder) {
    static const std::map<std::string_view, Answer> answers = {
        {"join", &State::join},
        {"isMeetingRunning", &State::is_running},
        {"getMeetingInfo", &State::info},
        {"getMeetings", &State::list},
        {"end", &State::end},
        {"getSessions", &State::sessions},
        {"getRecordings", &State::no_recordings},
        {"publishRecordings", &State::no_such_recording},
        {"deleteRecordings", &State::no_such_recording},
        {"updateRecordings", &State::no_such_recording},
        {"hooks/create", &State::hook_create},
        {"hooks/list", &State::hook_list},
        {"hooks/destroy", &State::hook_destroy},
    };
    if (call.name == "create") return create(call, std::move(responder));
    const auto answer = answers.find(call.name);
    responder.answer((this->*answer->second)(call));
}

void BbbFront::State::create(const bbb::Call& call, http::Responder responder) {
    const auto parent_id = call.parameters.text("parentMeetingID");
    const auto parent = parent_id.empty() ? BbbMeetings::Found{} : meetings.find(parent_id);
    const bbb::Fresh fresh{unix_ms(WallClock::now()), lower_random(8), lower_random(8),
                           parent ? parent.meeting->internal_id : std::string{}};
    auto meeting = bbb::read_create(call, fresh);
    if (!meeting) return responder.answer(refuse(meeting.error()));
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
        return responder.answer(xml_response(bbb::errors_reply(
            {"nonUniqueVoiceBridge", "The selected voice bridge is already in use."})));
    }
    make(std::move(*meeting), call, std::move(responder));
}

std::optional<http::Response> BbbFront::State::answer_existing(const bbb::Meeting& wanted,
                                                               const bbb::Parameters& given) {
    const auto existing = meetings.find(wanted.meeting_id);
    if (!existing) return std::nullopt;
    if (bbb::compare(*existing.meeting, given) == bbb::SameId::another_meeting) {
        return refuse(
            {"idNotUnique",
             "A meeting already exists with that meeting ID.  Please use a different meeting ID."});
    }
    return xml_response(
        bbb::create_reply(*existing.meeting, true, existing.lesson->started.has_value()));
}

void BbbFront::State::make(bbb::Meeting meeting, bbb::Call call, http::Responder responder) {
    const auto id = meeting.meeting_id;
    being_made[id].emplace_back(std::move(call), std::move(responder));
    lessons.create(lesson_of(meeting), [this, id, weak = std::weak_ptr(alive)](
                                           Expected<const LessonRecord*, Error> made) {
        if (!weak.expired()) on_made(id, std::move(made));
    });
}

void BbbFront::State::on_made(const std::string& id, Expected<const LessonRecord*, Error> made) {
    auto waiting = std::move(being_made[id]);
    being_made.erase(id);
    bool first = true;
    for (auto& [call, responder] : waiting) {
        const auto* meeting = made ? meetings.meeting_of(**made) : nullptr;
        if (!meeting) {
            responder.answer(refuse({"internalError", "The meeting could not be stored."}));
        } else if (std::exchange(first, false)) {
            responder.answer(xml_response(bbb::create_reply(*meeting, false, false)));
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
    if (!redirect) return refuse(joined.error());
    http::Response response;
    response.status = 302;
    response.headers.set("location", *redirect);
    return response;
}

Expected<http::Response, bbb::Refusal> BbbFront::State::try_join(const bbb::Call& call) {
    const auto request = bbb::read_join(call.parameters);
    if (!request) return fail(request.error());
    const auto found = meetings.find(request->meeting_id);
    if (!found) return fail(no_such_meeting);
    const auto admission = bbb::admit(*request, *found.meeting);
    if (!admission) return fail(admission.error());
    if (admission->guest_status == bbb::GuestStatus::wait && request->guest.value_or(false)) {
        // There is no waiting room yet, and somebody whom a moderator should look at first must not
        // just walk in.
        return fail(
            bbb::Refusal{"guestDeniedAccess",
                         "Guests cannot be asked to wait here yet, so they are not let in."});
    }
    bbb::Joined joined{found.meeting->internal_id, "w_" + lower_random(12), lower_random(12),
                       lower_random(16),           bbb::GuestStatus::allow, {}};
    const auto external_id = request->user_id.empty() ? joined.user_id : request->user_id;
    const BbbUser user{found.lesson->id,   joined.user_id,       external_id,
                       request->full_name, admission->moderator, request->guest.value_or(false),
                       request->customdata};
    if (!meetings.has_place(found, external_id) || !meetings.add_user(user)) {
        return fail(
            bbb::Refusal{"maxParticipantsReached",
                         "The maximum number of participants for this meeting has been reached."});
    }
    Session session{found.lesson->id,
                    joined.user_id,
                    request->full_name,
                    admission->moderator ? Role::teacher : Role::pupil,
                    {}};
    if (bbb::is_web_url(request->avatar_url)) session.attributes["avatar"] = request->avatar_url;
    joined.url = lessons.session_link(*found.lesson, session);
    auto response = xml_response(bbb::join_reply(joined));
    response.headers.set("set-cookie", "JSESSIONID=" + joined.session_token +
                                           "; Path=/bigbluebutton; HttpOnly; SameSite=Lax");
    if (call.parameters.boolean("redirect", true)) {
        response.status = 302;
        response.headers.set("location", joined.url);
        response.body.clear();
    }
    return response;
}

http::Response BbbFront::State::is_running(const bbb::Call& call) {
    const auto id = bbb::read_meeting_id(call.parameters);
    if (!id) return refuse(id.error());
    const auto found = meetings.find(*id);
    return xml_response(bbb::running_reply(found && lessons.is_running(found.lesson->id)));
}

http::Response BbbFront::State::info(const bbb::Call& call) {
    const auto id = bbb::read_meeting_id(call.parameters);
    if (!id) return refuse(id.error());
    const auto found = meetings.find(*id);
    if (!found) return refuse(no_such_meeting);
    return xml_response(
        bbb::info_reply(*found.meeting, meetings.status(found, meetings.breakouts())));
}

http::Response BbbFront::State::list(const bbb::Call&) {
    std::vector<std::pair<const bbb::Meeting*, bbb::MeetingStatus>> out;
    const auto breakouts = meetings.breakouts();
    for (const auto& found : meetings.all())
        out.emplace_back(found.meeting, meetings.status(found, breakouts));
    return xml_response(bbb::meetings_reply(out));
}

http::Response BbbFront::State::end(const bbb::Call& call) {
    const auto id = bbb::read_meeting_id(call.parameters);
    if (!id) return refuse(id.error());
    const auto found = meetings.find(*id);
    if (!found) return refuse(no_such_meeting);
    std::vector<std::string> ending{found.lesson->id};
    for (const auto& breakout : meetings.breakouts()) {
        if (breakout.meeting->parent_id == found.meeting->internal_id)
            ending.push_back(breakout.lesson->id);
    }
    for (const auto& lesson : ending) lessons.end(lesson);
    return xml_response(bbb::end_reply());
}

http::Response BbbFront::State::sessions(const bbb::Call&) {
    std::vector<bbb::SessionEntry> entries;
    for (const auto* user : meetings.users()) {
        const auto* lesson = lessons.find(user->lesson);
        const auto* meeting = lesson ? meetings.meeting_of(*lesson) : nullptr;
        if (meeting) entries.push_back({meeting->internal_id, meeting->name, user->name});
    }
    return xml_response(bbb::sessions_reply(entries));
}

// Nothing is recorded yet.
http::Response BbbFront::State::no_recordings(const bbb::Call&) {
    return xml_response(bbb::no_recordings_reply());
}

http::Response BbbFront::State::no_such_recording(const bbb::Call& call) {
    if (call.parameters.list("recordID").empty()) {
        return refuse({"missingParamRecordID", "You must specify a recordID."});
    }
    return refuse({"notFound", "We could not find recordings"});
}

http::Response BbbFront::State::hook_create(const bbb::Call& call) {
    auto hook = bbb::read_hook(call.parameters, random_hook_id());
    if (!hook) return refuse(hook.error());
    if (const auto* same = hooks.queue().find_url(hook->callback_url)) {
        return xml_response(bbb::hook_created_reply(*same, true));
    }
    const auto* added = hooks.add(std::move(*hook));
    if (!added) return refuse({"createHookError", "There are too many hooks."});
    return xml_response(bbb::hook_created_reply(*added, false));
}

http::Response BbbFront::State::hook_list(const bbb::Call& call) {
    return xml_response(bbb::hooks_reply(hooks.queue().list(call.parameters.text("meetingID"))));
}

http::Response BbbFront::State::hook_destroy(const bbb::Call& call) {
    const auto id = call.parameters.text("hookID");
    if (id.empty())
        return refuse({"missingParamHookID", "You must specify a hookID in the parameters."});
    if (!hooks.remove(id))
        return refuse({"destroyMissingHook", "The hook informed was not found."});
    return xml_response(bbb::hook_removed_reply());
}

/// Meetings to which nobody came, and those whose time is over.
void BbbFront::State::end_expired() {
    const auto now = unix_ms(WallClock::now());
    std::vector<std::string> over;
    for (const auto& [lesson, meeting] : meetings.all()) {
        if (bbb::is_over(*meeting, lesson->started.has_value(), now)) over.push_back(lesson->id);
    }
    for (const auto& id : over) lessons.end(id);
}

}  // namespace aula::hub
