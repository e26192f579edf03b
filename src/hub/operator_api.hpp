// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/city_clock.hpp"
#include "fleet/plan.hpp"
#include "http/server.hpp"
#include "hub/keeper_view.hpp"
#include "hub/operator_fleet.hpp"
#include "hub/operator_history.hpp"
#include "hub/operator_outlook.hpp"
#include "hub/sign_in.hpp"
#include "hub/timetables_api.hpp"
#include "net/loop.hpp"

namespace aula::hub {

class CityDemand;
class Keeper;
class LedgerKeeping;
class Lessons;
class Rooms;

/// The API behind /operator, docs/protocol/operator.md: decides who may, and leads each request to
/// the part of the hub that knows. Lives on the hub's loop.
class OperatorApi {
public:
    /// A part that is null is not there in this hub; what it would answer is `unavailable`.
    struct Wiring {
        net::Loop* loop = nullptr;
        store::Store* store = nullptr;
        Rooms* rooms = nullptr;
        Lessons* lessons = nullptr;
        Keeper* keeper = nullptr;
        Timetables* timetables = nullptr;
        CityDemand* demand = nullptr;
        LedgerKeeping* ledger = nullptr;
        Accounts* accounts = nullptr;
        CityClock clock;
        std::string public_url;
    };
    explicit OperatorApi(Wiring wiring);
    ~OperatorApi();
    OperatorApi(const OperatorApi&) = delete;
    OperatorApi& operator=(const OperatorApi&) = delete;

    /// Everything below /api/operator.
    void handle(http::Request request, http::Responder responder, const std::string& address);

private:
    struct Call {
        http::Request request;                    // without its body:
        std::shared_ptr<const std::string> body;  // a large one is not copied with the call
        std::string rest;                         // of the path, behind the route's
        http::Parameters parameters;
        Caller caller;
        std::string address;
        std::shared_ptr<http::Responder> responder;

        std::string parameter(const char* name) const;
        void say(Expected<http::Response, ApiError> answer) const;
        /// JSON that another part of the hub wrote.
        void say_json(const Expected<std::string, Error>& json) const;
        void say_done(const Expected<void, Error>& done) const;
    };
    using Handler = void (OperatorApi::*)(const Call&);
    struct Route {
        const char* method;
        const char* path;  // with '/' at its end: a name follows
        Handler handler;
    };
    static const std::vector<Route>& routes();
    void lead(Call call, const std::string& path);

    void sample();
    FleetView view() const;
    MoneyView money() const;
    RoomCard card_of(const std::string& room) const;
    void note(const Call& call, const char* act, std::string what, std::string why = {});

    // operator_api.cpp
    void now(const Call& call);
    void history(const Call& call);
    void log(const Call& call);
    void audit(const Call& call);
    void act(const Call& call);
    void policy(const Call& call);
    void put_policy(const Call& call);
    // operator_schools.cpp
    void schools(const Call& call);
    void school(const Call& call);
    void put_one_school(const Call& call);
    void remove_one_school(const Call& call);
    void import_rows(const Call& call);
    void school_csv(const Call& call);
    void school_days(const Call& call);
    void lessons_table(const Call& call);
    void bill(const Call& call);
    void bill_table(const Call& call);
    void servers_table(const Call& call);
    void meter(const Call& call);
    void budget(const Call& call);
    void set_budget(const Call& call);
    // operator_questions.cpp
    void forecast(const Call& call);
    void what_if(const Call& call);
    double euros_a_node_minute() const;
    OutlookQuestion question_of(WallTime from, unsigned days) const;
    template <class Question>
    void reckon(const Call& call, Question question);

    Wiring wiring_;
    OperatorAudit audit_;
    SignIn sign_in_;
    // Finer than the samples come: a timer is never quite regular.
    OperatorHistory history_{5'760, std::chrono::seconds(10)};
    unsigned month_level_ = 0;                 // of the budget, by the last sample
    std::optional<TimetablesApi> timetables_;  // nothing: no timetables
    Worker outlook_;                           // answers questions: a week takes about a second
    net::TimerId sampling_ = net::TimerId::none;
};

}  // namespace aula::hub
