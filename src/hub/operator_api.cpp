// SPDX-License-Identifier: Apache-2.0
// Who may ask what; the fleet, its log and its policy. Schools and money are in
// operator_schools.cpp, forecasts in operator_questions.cpp.
#include "hub/operator_api.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <boost/json.hpp>

#include "hub/demand.hpp"
#include "hub/keeper.hpp"
#include "hub/ledger_api.hpp"
#include "hub/ledger_keeping.hpp"
#include "hub/lessons.hpp"
#include "hub/operator_json.hpp"
#include "hub/rooms.hpp"
#include "hub/timetables.hpp"

namespace aula::hub {

namespace {

constexpr std::string_view operator_root = "/api/operator";
constexpr std::size_t most_rows_a_page = 200;
constexpr std::size_t usual_rows_a_page = 50;
constexpr std::size_t chart_points = 480;
constexpr std::size_t most_questions = 4;

Worker::Post poster(net::Loop& loop) {
    return [&loop](Task task) { loop.post(std::move(task)); };
}

std::int64_t whole_number(const std::string& text, std::int64_t otherwise) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? number : otherwise;
}

std::size_t page_size(const std::string& text) {
    const auto most = whole_number(text, usual_rows_a_page);
    return static_cast<std::size_t>(
        std::clamp<std::int64_t>(most, 1, static_cast<std::int64_t>(most_rows_a_page)));
}

ApiError no_keeper() { return {503, "unavailable", "this hub keeps no fleet", 5}; }

}  // namespace

std::string OperatorApi::Call::parameter(const char* name) const {
    const std::string* value = http::find_parameter(parameters, name);
    return value == nullptr ? std::string() : *value;
}

void OperatorApi::Call::say(Expected<http::Response, ApiError> answer) const {
    responder->answer(answer ? std::move(*answer) : refuse(answer.error()));
}

void OperatorApi::Call::say_json(const Expected<std::string, Error>& json) const {
    if (!json) return say(fail(api_error_of(json.error())));
    auto response = http::json_response(200, *json);
    response.headers.set("cache-control", "no-store");
    say(std::move(response));
}

void OperatorApi::Call::say_done(const Expected<void, Error>& done) const {
    if (!done) return say(fail(api_error_of(done.error())));
    say(json_answer(200, boost::json::object()));
}

OperatorApi::OperatorApi(Wiring wiring)
    : wiring_(std::move(wiring)),
      audit_(*wiring_.store),
      sign_in_(*wiring_.accounts, audit_, wiring_.public_url, wiring_.clock),
      outlook_("outlook", poster(*wiring_.loop), most_questions) {
    if (wiring_.timetables != nullptr)
        timetables_.emplace(*wiring_.timetables, poster(*wiring_.loop));
    const auto period = std::max<Duration>(1s, wiring_.clock.real(15s));
    sampling_ = wiring_.loop->every(period, [this] { sample(); });
}

OperatorApi::~OperatorApi() { wiring_.loop->cancel(sampling_); }

void OperatorApi::sample() {
    history_.add(sample_of(view()));
    if (wiring_.ledger == nullptr) return;
    // A month's bill is too much work for every look at the page.
    boost::json::error_code error;
    const auto budget = boost::json::parse(budget_json(*wiring_.ledger), error);
    if (!error) month_level_ = budget.at("month_level").to_number<unsigned>();
}

const std::vector<OperatorApi::Route>& OperatorApi::routes() {
    using A = OperatorApi;
    static const std::vector<Route> all = {
        {"GET", "/now", &A::now},
        {"GET", "/history", &A::history},
        {"GET", "/log", &A::log},
        {"GET", "/audit", &A::audit},
        {"POST", "/actions", &A::act},
        {"GET", "/policy", &A::policy},
        {"PUT", "/policy", &A::put_policy},
        {"GET", "/forecast", &A::forecast},
        {"GET", "/what_if", &A::what_if},
        {"GET", "/lessons.csv", &A::lessons_table},
        {"GET", "/schools", &A::schools},
        {"GET", "/schools/", &A::school},
        {"PUT", "/schools/", &A::put_one_school},
        {"DELETE", "/schools/", &A::remove_one_school},
        {"POST", "/import/", &A::import_rows},
        {"GET", "/timetable.csv/", &A::school_csv},
        {"GET", "/days/", &A::school_days},
        {"GET", "/bill", &A::bill},
        {"GET", "/bill.csv", &A::bill_table},
        {"GET", "/servers.csv", &A::servers_table},
        {"GET", "/meter", &A::meter},
        {"GET", "/budget", &A::budget},
        {"PUT", "/budget", &A::set_budget},
    };
    return all;
}

void OperatorApi::handle(http::Request request, http::Responder responder,
                         const std::string& address) {
    const std::string path =
        request.path.substr(std::min(operator_root.size(), request.path.size()));
    auto passed = sign_in_.handle(request, path, std::move(responder), address);
    if (!passed) return;
    auto body = std::make_shared<const std::string>(std::move(request.body));
    Call call{std::move(request),
              std::move(body),
              {},
              {},
              {},
              address,
              std::make_shared<http::Responder>(std::move(*passed))};
    auto caller = sign_in_.admit(call.request);
    if (!caller) return call.say(fail(std::move(caller).error()));
    call.caller = std::move(*caller);
    const bool looks = call.request.method == "GET" || call.request.method == "HEAD";
    if (!looks && call.caller.role != identity::AccountRole::operator_)
        return call.say(fail(ApiError{403, "not_allowed", "a viewer may only look"}));
    auto parameters = http::parse_parameters(call.request.query);
    if (!parameters) return call.say(fail(ApiError{400, "bad_request", "the query is broken"}));
    call.parameters = std::move(*parameters);
    lead(std::move(call), path);
}

void OperatorApi::lead(Call call, const std::string& path) {
    bool is_known = false;
    for (const auto& route : routes()) {
        const std::string_view known = route.path;
        const bool takes_name = known.ends_with('/');
        if (takes_name ? !(path.starts_with(known) && path.size() > known.size()) : path != known)
            continue;
        is_known = true;
        if (call.request.method != route.method) continue;
        call.rest = path.substr(known.size());
        return (this->*route.handler)(call);
    }
    call.say(fail(is_known ? ApiError{405, "bad_method", "this path does not know the method"}
                           : ApiError{404, "not_found", "no such path"}));
}

void OperatorApi::note(const Call& call, const char* act, std::string what, std::string why) {
    audit_.add({.at = unix_ms(wiring_.clock.now()),
                .who = call.caller.name,
                .act = act,
                .what = std::move(what),
                .why = std::move(why),
                .address = call.address});
}

/// Of a hub without a keeper: the nodes that dialled in by themselves.
FleetView OperatorApi::view() const {
    if (wiring_.keeper != nullptr) return wiring_.keeper->view();
    FleetView view;
    view.now = wiring_.clock.now();
    view.keeps = view.cloud_known = true;
    view.cloud_seen = view.now;
    for (const auto& [name, known] : wiring_.rooms->nodes()) {
        NodeView node;
        node.name = name;
        node.state =
            known.load.draining() ? fleet::ServerState::draining : fleet::ServerState::ready;
        node.since = node.powered_on = view.now;
        node.seats = known.seats;
        node.cpu = known.load.cpu();
        node.resident_bytes = known.load.resident_bytes();
        node.version = known.version;
        for (const auto& room : known.load.rooms()) {
            node.rooms.push_back({.room = room.room(),
                                  .live = room.participants(),
                                  .held = room.participants(),
                                  .opened = view.now,
                                  .end = std::nullopt});
            node.live += room.participants();
        }
        node.held = node.live;
        view.nodes.push_back(std::move(node));
    }
    return view;
}

MoneyView OperatorApi::money() const {
    MoneyView money;
    if (wiring_.ledger == nullptr) return money;
    const auto& ledger = *wiring_.ledger;
    const auto& budget = ledger.budget();
    money.today = ledger.euros_today();
    money.day_budget = static_cast<double>(budget.day) / 1e6;
    money.is_example = ledger.prices().is_example;
    const auto spent = static_cast<ledger::MicroEuros>(money.today * 1e6);
    money.day_level = ledger::alarm_level(spent, budget.day, budget.alarm_percents);
    money.month_level = month_level_;
    return money;
}

RoomCard OperatorApi::card_of(const std::string& room) const {
    RoomCard card;
    if (const auto* lesson = wiring_.lessons->find(room)) card.title = lesson->made.title;
    if (card.title.empty()) card.title = room;
    if (wiring_.demand == nullptr || wiring_.timetables == nullptr) return card;
    if (const auto* school = wiring_.timetables->find(wiring_.demand->school_of(room)))
        card.school = school->school->name;
    return card;
}

void OperatorApi::now(const Call& call) {
    auto json = fleet_json(view(), money(), wiring_.clock.speed(),
                           [this](const std::string& room) { return card_of(room); });
    json["acts"] = wiring_.keeper != nullptr;
    json["utc_offset_s"] = nullptr;
    if (wiring_.demand != nullptr)
        json["utc_offset_s"] = wiring_.demand->zone().offset(wiring_.clock.now()).count();
    call.say(json_answer(200, json));
}

void OperatorApi::history(const Call& call) {
    const auto hours = std::clamp<std::int64_t>(whole_number(call.parameter("hours"), 3), 1, 24);
    const auto samples =
        history_.since(wiring_.clock.now() - std::chrono::hours(hours), chart_points);
    call.say(json_answer(200, history_json(samples)));
}

void OperatorApi::log(const Call& call) {
    if (wiring_.keeper == nullptr) return call.say(fail(no_keeper()));
    const auto most = page_size(call.parameter("most"));
    const auto language =
        call.parameter("language") == "de" ? fleet::Language::german : fleet::Language::english;
    const auto* demand = wiring_.demand;
    const auto offset = [demand](WallTime at) {
        return demand == nullptr ? std::chrono::minutes(0)
                                 : duration_cast<std::chrono::minutes>(demand->zone().offset(at));
    };
    // One more than is shown says whether there are more.
    wiring_.keeper->list_actions(
        whole_number(call.parameter("before"), 0), most + 1,
        [call, most, language, offset](Expected<std::vector<ActionView>, Error> actions) {
            if (!actions) return call.say(fail(api_error_of(actions.error())));
            call.say(json_answer(200, actions_json(*actions, most, language, offset)));
        });
}

void OperatorApi::audit(const Call& call) {
    const auto most = page_size(call.parameter("most"));
    audit_.list(whole_number(call.parameter("before"), 0), most + 1,
                [call, most](Expected<std::vector<store::DeedRow>, Error> deeds) {
                    if (!deeds) return call.say(fail(api_error_of(deeds.error())));
                    boost::json::array list;
                    for (std::size_t i = 0; i < std::min(most, deeds->size()); ++i) {
                        const auto& deed = (*deeds)[i];
                        list.push_back(boost::json::object{{"id", deed.id},
                                                           {"at", deed.at},
                                                           {"who", deed.who},
                                                           {"act", deed.act},
                                                           {"what", deed.what},
                                                           {"why", deed.why}});
                    }
                    call.say(json_answer(200, boost::json::object{{"deeds", std::move(list)},
                                                                  {"more", deeds->size() > most}}));
                });
}

void OperatorApi::act(const Call& call) {
    if (wiring_.keeper == nullptr) return call.say(fail(no_keeper()));
    const auto json = parse_body(*call.body);
    const auto act = json ? text_in(*json, "act", 40) : fail(json.error());
    if (!act) return call.say(fail(act.error()));
    const auto node = optional_text_in(*json, "node", 200);
    const auto why = node ? optional_text_in(*json, "why", 500)
                          : Expected<std::optional<std::string>, ApiError>(fail(node.error()));
    if (!why) return call.say(fail(why.error()));
    auto& keeper = *wiring_.keeper;
    const auto& who = call.caller.name;
    const std::string name = node->value_or("");
    Keeper::Done done = [this, call, act = *act, name,
                         reason = why->value_or("")](Expected<void, Error> ordered) {
        if (ordered) note(call, act.c_str(), name, reason);
        call.say_done(ordered);
    };
    if (*act == "start") return keeper.start_node(name, who, std::move(done));
    if (*act == "hold_scaling") return keeper.hold_scaling(true, who, std::move(done));
    if (*act == "release_scaling") return keeper.hold_scaling(false, who, std::move(done));
    if (name.empty()) return call.say(fail(ApiError{400, "bad_request", "node is missing"}));
    if (*act == "drain") return keeper.drain_node(name, who, std::move(done));
    if (*act == "undrain") return keeper.undrain_node(name, who, std::move(done));
    if (*act == "stop") return keeper.stop_node(name, who, std::move(done));
    if (*act == "remove") return keeper.remove_node(name, who, why->value_or(""), std::move(done));
    if (*act == "hold") return keeper.hold_node(name, true, who, std::move(done));
    if (*act == "release") return keeper.hold_node(name, false, who, std::move(done));
    call.say(fail(ApiError{400, "bad_request", "there is no such act"}));
}

void OperatorApi::policy(const Call& call) {
    if (wiring_.keeper == nullptr) return call.say(fail(no_keeper()));
    call.say(json_answer(200, policy_json(wiring_.keeper->view().policy)));
}

void OperatorApi::put_policy(const Call& call) {
    if (wiring_.keeper == nullptr) return call.say(fail(no_keeper()));
    const auto json = parse_body(*call.body);
    if (!json) return call.say(fail(json.error()));
    const auto policy = policy_in(*json, wiring_.keeper->view().policy);
    const auto why = optional_text_in(*json, "why", 500);
    if (!policy || !why) return call.say(fail(policy ? why.error() : policy.error()));
    wiring_.keeper->set_policy(
        *policy, call.caller.name,
        [this, call, policy = *policy, why = why->value_or("")](Expected<void, Error> set) {
            if (!set) return call.say_done(set);
            note(call, "policy", "", why);
            call.say(json_answer(200, policy_json(policy)));
        });
}

}  // namespace aula::hub
