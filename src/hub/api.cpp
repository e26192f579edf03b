// SPDX-License-Identifier: Apache-2.0
#include "hub/api.hpp"

#include <memory>
#include <utility>

#include <boost/json.hpp>

#include "crypto/hash.hpp"
#include "crypto/random.hpp"
#include "hub/bookings.hpp"

namespace aula::hub {

namespace {

constexpr std::string_view lessons_path = "/api/lessons/";

http::Response fresh_json(int status, const boost::json::value& body) {
    auto response = http::json_response(status, boost::json::serialize(body));
    response.headers.set("cache-control", "no-store");
    return response;
}

boost::json::value ms_or_null(const std::optional<WallTime>& time) {
    if (!time) return nullptr;
    return unix_ms(*time);
}

boost::json::object lesson_json(const LessonRecord& lesson, const Lessons& lessons) {
    return {{"id", lesson.id},
            {"name", lesson.made.title},
            {"created", unix_ms(lesson.created)},
            {"started", ms_or_null(lesson.started)},
            {"running", lessons.is_running(lesson.id)},
            {"participants", lessons.attendees(lesson.id).size()},
            {"teacher_link", lessons.link(lesson, Role::teacher)},
            {"pupil_link", lessons.link(lesson, Role::pupil)}};
}

ApiError too_many() { return {429, "too_many", "too many requests from this address", 5}; }
ApiError ended() { return {410, "ended", "the lesson is over"}; }
ApiError bad_method() { return {405, "bad_method", "this path does not know the method"}; }

}  // namespace

void Api::handle(http::Request request, http::Responder responder, const std::string& address) {
    const auto answer = [&]() -> std::optional<Answer> {
        if (request.path == "/api/join") {
            if (request.method == "POST") return join(request, address);
            if (request.method == "GET") return lesson_card(request, address);
            return fail(bad_method());
        }
        const bool is_one = request.path.starts_with(lessons_path);
        if (request.path != "/api/lessons" && !is_one)
            return fail(ApiError{404, "not_found", "no such path"});
        if (auto admin = check_admin(request, address); !admin)
            return fail(std::move(admin).error());
        if (is_one && request.method == "DELETE") return std::nullopt;
        if (!is_one && request.method == "GET") return list_lessons();
        if (!is_one && request.method == "POST") return std::nullopt;
        return fail(bad_method());
    }();
    if (!answer && request.method == "DELETE")
        return delete_lesson(request.path.substr(lessons_path.size()), std::move(responder));
    if (!answer) return create_lesson(request, std::move(responder), address);
    counters_.refused += !answer->has_value();
    responder.answer(*answer ? **answer : refuse(answer->error()));
}

Expected<std::pair<const LessonRecord*, Role>, ApiError> Api::find_code(
    const std::string& code, const std::string& address) {
    const auto found = wiring_.lessons->find_code(code);
    // Only wrong codes are limited: a school sits behind one address, and one pupil's guessing must
    // not lock it out. A code's 50 random bits stand against guessing, not this.
    if (!found && !wrong_codes_.take(net::network_of(address), wiring_.loop->now())) {
        ++counters_.limited;
        return fail(too_many());
    }
    if (!found) return fail(ApiError{404, "unknown_code", "there is no lesson with this link"});
    if (found->first->ended) return fail(ended());
    return *found;
}

Expected<Session, ApiError> Api::session_for(const JoinBody& body, const std::string& address) {
    const auto known =
        body.session ? std::optional(wiring_.lessons->unseal(*body.session)) : std::nullopt;
    if (!body.code) {
        if (!*known) return fail(ApiError{401, "bad_token", known->error().text});
        const auto* lesson = wiring_.lessons->find((*known)->lesson);
        if (lesson == nullptr)
            return fail(ApiError{404, "unknown_lesson", "the lesson is not there any more"});
        if (lesson->ended) return fail(ended());
        return **known;
    }
    const auto found = find_code(*body.code, address);
    if (!found) return fail(found.error());
    const auto& [lesson, role] = *found;
    // A learning platform decides itself who comes to its lessons, and by what name.
    const bool is_platforms = !lesson->made.external_id.empty();
    Session session;
    if (known && *known && (*known)->lesson == lesson->id) {
        session = **known;
    } else if (is_platforms && role == Role::pupil) {
        return fail(ApiError{401, "ask_platform", "this lesson is entered from its platform"});
    } else {
        session.lesson = lesson->id;
        session.identity = (role == Role::teacher ? "t-" : "p-") + crypto::random_text(12);
        session.role = role;
        if (role == Role::pupil) session.be_guest();
    }
    if (body.name && !(is_platforms && !session.name.empty())) session.name = *body.name;
    if (session.name.empty()) return fail(ApiError{400, "bad_request", "no name"});
    return session;
}

Api::Answer Api::join(const http::Request& request, const std::string& address) {
    if (!joins_.take(net::network_of(address), wiring_.loop->now())) {
        ++counters_.limited;
        return fail(too_many());
    }
    const auto body = parse_join(request.body);
    if (!body) return fail(body.error());
    auto session = session_for(*body, address);
    if (!session) return fail(std::move(session).error());
    return admit(std::move(*session));
}

Api::Answer Api::admit(Session session) {
    if (wiring_.lessons->was_removed(session.lesson, session.identity)) {
        return fail(ApiError{403, "removed", "a teacher took you out of the lesson"});
    }
    const auto lobby = session.is_guest() ? wiring_.lessons->lobby(session.lesson, session.identity)
                                          : Lessons::Lobby::enters;
    if (lobby == Lessons::Lobby::turned_away)
        return fail(ApiError{403, "turned_away", "you were not let into the lesson"});
    if (!wiring_.rooms->could_open(session.lesson)) {
        return fail(ApiError{503, "starting", "a conference node is being started",
                             static_cast<int>(wiring_.rooms->until_node(session.lesson).count())});
    }
    ++counters_.joins;
    wiring_.lessons->admit(session);
    return fresh_json(
        200, boost::json::object{{"token", mint_for(session, *wiring_.keys, WallClock::now())},
                                 {"room", session.lesson},
                                 {"identity", session.identity},
                                 {"role", role_name(session.role)},
                                 {"lesson", wiring_.lessons->find(session.lesson)->made.title},
                                 {"name", session.name},
                                 {"waits", lobby == Lessons::Lobby::waits},
                                 {"session", wiring_.lessons->seal(session)}});
}

/// What the entry screen shows before anybody has given a name.
Api::Answer Api::lesson_card(const http::Request& request, const std::string& address) {
    const auto parameters = http::parse_parameters(request.query);
    const std::string* code = parameters ? http::find_parameter(*parameters, "code") : nullptr;
    if (code == nullptr) return fail(ApiError{400, "bad_request", "no code"});
    const auto found = find_code(*code, address);
    if (!found) return fail(found.error());
    return fresh_json(200, boost::json::object{{"lesson", found->first->made.title},
                                               {"role", role_name(found->second)}});
}

Expected<void, ApiError> Api::check_admin(const http::Request& request,
                                          const std::string& address) {
    const auto token = bearer_of(request);
    if (token && crypto::equal_in_constant_time(bytes_of(*token), bytes_of(wiring_.admin_token)))
        return {};
    if (!wrong_admins_.take(net::network_of(address), wiring_.loop->now())) {
        ++counters_.limited;
        return fail(too_many());
    }
    return fail(ApiError{401, "bad_token", "the admin link is not (or no longer) the right one"});
}

Api::Answer Api::list_lessons() const {
    boost::json::array list;
    const auto lessons = wiring_.lessons->list();
    for (auto lesson = lessons.rbegin(); lesson != lessons.rend(); ++lesson) {
        list.push_back(lesson_json(**lesson, *wiring_.lessons));
    }
    return fresh_json(200, boost::json::object{{"lessons", std::move(list)}});
}

void Api::create_lesson(const http::Request& request, http::Responder responder,
                        const std::string& address) {
    if (!creations_.take(net::network_of(address), wiring_.loop->now())) {
        ++counters_.limited;
        return responder.answer(refuse(too_many()));
    }
    auto title = parse_new_lesson(request.body);
    if (!title) {
        ++counters_.refused;
        return responder.answer(refuse(title.error()));
    }
    auto settings = booking_settings(request.body);
    if (!settings) {
        ++counters_.refused;
        return responder.answer(refuse({400, "bad_request", settings.error().text}));
    }
    NewLesson lesson;
    lesson.title = std::move(*title);
    lesson.settings = std::move(*settings);
    auto waiting = std::make_shared<http::Responder>(std::move(responder));
    wiring_.lessons->create(
        std::move(lesson), [this, waiting](Expected<const LessonRecord*, Error> made) {
            if (!made) return waiting->answer(refuse({503, "unavailable", made.error().text, 5}));
            ++counters_.lessons;
            waiting->answer(fresh_json(201, lesson_json(**made, *wiring_.lessons)));
        });
}

void Api::delete_lesson(const std::string& id, http::Responder responder) {
    auto waiting = std::make_shared<http::Responder>(std::move(responder));
    const auto stored = [waiting](const Expected<void, Error>& done) {
        if (!done) return waiting->answer(refuse({503, "unavailable", done.error().text, 5}));
        waiting->answer(fresh_json(200, boost::json::object()));
    };
    if (wiring_.lessons->end(id, lesson::EndReason::platform, stored)) return;
    ++counters_.refused;
    waiting->answer(refuse({404, "unknown_lesson", "there is no such lesson"}));
}

}  // namespace aula::hub
