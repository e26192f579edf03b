// SPDX-License-Identifier: Apache-2.0
#include "hub/ledger_keeping.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/log.hpp"
#include "hub/ledger_rows.hpp"
#include "store/ledger_tables.hpp"
#include "store/store.hpp"
#include "store/tables.hpp"
#include "timetable/school.hpp"

namespace aula::hub {

namespace {

using ledger::Milliseconds;
using std::chrono::days;
using timetable::Date;

constexpr const char* budget_setting = "budget";
constexpr days ledger_kept{400};                              // thirteen months and a few days
constexpr std::size_t most_forgotten = 500;                   // of each table at once
constexpr days unmetered_is_gone{30};                         // not in the cloud's list for so long
constexpr Duration presence_tick = std::chrono::seconds(60);  // of the city's clock
constexpr Duration fastest_tick = std::chrono::milliseconds(400);

WallTime time_of(Milliseconds at) { return WallTime(std::chrono::milliseconds(at)); }

}  // namespace

struct LedgerKeeping::State {
    /// Somebody is in this lesson.
    struct Room {
        fleet::SchoolKey school = 0;
        std::size_t people = 0;
        Milliseconds since = 0;
    };

    struct StoredBook {
        std::vector<store::LedgerRow> power, holdings;
        std::vector<store::ForgottenPowerRow> forgotten;
    };

    explicit State(Wiring w) : wiring(std::move(w)) {}
    ~State() { wiring.loop->cancel(timer); }

    static StoredBook read_book(soci::session& session);
    void take_book(const StoredBook& stored);

    Milliseconds now() const { return unix_ms(wiring.clock.now()); }
    void save(store::LedgerTable table, const store::LedgerRow& row, Stored stored);
    void save(const ledger::PowerInterval* interval, Stored stored = {});
    void save(const ledger::Holding* holding);
    void settle(Room& room, Milliseconds at);
    void count(const std::string& lesson, std::size_t people);
    void tick();
    void check_budget();
    Date first_day_kept() const { return wiring.zone.date(wiring.clock.now() - ledger_kept); }
    void forget_presence();
    void forget_intervals();
    ledger::Span span_of(Date first, Date last) const {
        return {unix_ms(wiring.zone.midnight(first)),
                unix_ms(wiring.zone.midnight(last + days(1)))};
    }

    Wiring wiring;
    ledger::Book book;
    std::map<Date, ledger::Presence> presence;
    std::set<std::pair<Date, fleet::SchoolKey>> unsaved;
    std::map<std::string, Room> rooms;
    struct Metered {
        ledger::MeterLine line;
        Milliseconds at = 0;
    };
    std::map<std::string, Metered> meter;
    ledger::Budget budget;
    std::map<std::string, unsigned> alarmed;  // "day 2026-11-23" to level
    /// Their intervals are from before this hub kept, and nobody has looked at them since.
    std::set<std::string> unwatched;
    net::TimerId timer = net::TimerId::none;
};

void LedgerKeeping::State::save(store::LedgerTable table, const store::LedgerRow& row,
                                Stored stored) {
    wiring.store->ask(
        [table, row](soci::session& session) { store::save_interval(session, table, row); },
        [stored = std::move(stored)](Expected<void, Error> saved) {
            if (!saved) log::error("the ledger was not written", {{"why", saved.error().text}});
            if (stored) stored(std::move(saved));
        });
}

void LedgerKeeping::State::save(const ledger::PowerInterval* interval, Stored stored) {
    if (interval != nullptr)
        save(store::LedgerTable::power_intervals, row_of(*interval), std::move(stored));
    else if (stored)
        stored({});
}

void LedgerKeeping::State::save(const ledger::Holding* holding) {
    if (holding != nullptr) save(store::LedgerTable::holdings, row_of(*holding), {});
}

void LedgerKeeping::State::settle(Room& room, Milliseconds at) {
    while (room.since < at) {
        const Date date = wiring.zone.date(time_of(room.since));
        const Milliseconds midnight = unix_ms(wiring.zone.midnight(date + days(1)));
        const Milliseconds until = std::min(at, std::max(midnight, room.since + 1));
        if (room.people != 0) {
            presence[date][room.school] +=
                static_cast<Milliseconds>(room.people) * (until - room.since);
            unsaved.emplace(date, room.school);
        }
        room.since = until;
    }
}

void LedgerKeeping::State::count(const std::string& lesson, std::size_t people) {
    auto at = rooms.find(lesson);
    if (at == rooms.end()) {
        if (people == 0) return;
        at = rooms.emplace(lesson, Room{wiring.school_of ? wiring.school_of(lesson) : 0, 0, now()})
                 .first;
    }
    settle(at->second, now());
    at->second.people = people;
    if (people == 0) rooms.erase(at);
}

void LedgerKeeping::State::tick() {
    std::vector<std::string> over;
    for (auto& [lesson, room] : rooms) {
        settle(room, now());
        if (!wiring.lessons->is_running(lesson)) over.push_back(lesson);
    }
    for (const std::string& lesson : over) rooms.erase(lesson);
    // Those that were running when this hub started.
    for (const auto* lesson : wiring.lessons->list()) {
        if (wiring.lessons->is_running(lesson->id))
            count(lesson->id, wiring.lessons->attendees(lesson->id).size());
    }
    if (!unsaved.empty()) {
        std::vector<store::PresenceRow> rows;
        for (const auto& [date, school] : unsaved)
            rows.push_back({timetable::format_date(date), school, presence[date][school]});
        unsaved.clear();
        wiring.store->ask(
            [rows = std::move(rows)](soci::session& session) {
                for (const auto& row : rows) store::save_presence(session, row);
            },
            [](const Expected<void, Error>& saved) {
                if (!saved) log::error("presence was not saved", {{"why", saved.error().text}});
            });
    }
    check_budget();
}

LedgerKeeping::LedgerKeeping(Wiring wiring) : state_(std::make_unique<State>(std::move(wiring))) {}
LedgerKeeping::~LedgerKeeping() = default;

LedgerKeeping::State::StoredBook LedgerKeeping::State::read_book(soci::session& session) {
    return {store::load_intervals(session, store::LedgerTable::power_intervals),
            store::load_intervals(session, store::LedgerTable::holdings),
            store::load_forgotten_power(session)};
}

void LedgerKeeping::State::take_book(const StoredBook& stored) {
    book = {};
    unwatched.clear();
    for (const auto& row : stored.power) {
        auto interval = interval_of(row);
        if (interval && interval->off == 0) unwatched.insert(interval->server);
        if (interval)
            book.add(std::move(*interval));
        else
            log::error("a row of the ledger cannot be read", {{"id", row.id}});
    }
    for (const auto& row : stored.forgotten)
        book.add(
            ledger::Book::ForgottenPower{row.server, row.cores, row.memory_gb, row.milliseconds});
    for (const auto& row : stored.holdings) {
        if (auto holding = holding_of(row)) book.add(std::move(*holding));
    }
}

void LedgerKeeping::take_over(Stored taken) {
    state_->wiring.store->ask(
        [](soci::session& session) { return State::read_book(session); },
        [this, taken = std::move(taken)](const Expected<State::StoredBook, Error>& read) {
            if (!read) return taken(fail(read.error()));
            state_->take_book(*read);
            taken({});
        });
}

Expected<void, Error> LedgerKeeping::load() {
    struct Loaded {
        State::StoredBook book;
        std::vector<store::PresenceRow> presence;
        std::optional<std::string> budget;
    };
    const std::string first_day = timetable::format_date(state_->first_day_kept());
    const auto loaded = state_->wiring.store->run_now([&](soci::session& session) {
        return Loaded{State::read_book(session), store::load_presence(session, first_day),
                      store::load_setting(session, budget_setting)};
    });
    if (!loaded) return fail(loaded.error());
    state_->take_book(loaded->book);
    for (const auto& row : loaded->presence) {
        if (const auto date = timetable::parse_date(row.day))
            state_->presence[*date][row.school] = row.milliseconds;
    }
    if (loaded->budget) {
        if (auto budget = ledger::read_budget(*loaded->budget)) state_->budget = std::move(*budget);
    }
    state_->wiring.lessons->listen([this](const LessonNews& news) {
        using Kind = LessonNews::Kind;
        if (news.kind == Kind::joined || news.kind == Kind::left)
            state_->count(news.lesson.id, state_->wiring.lessons->attendees(news.lesson.id).size());
        if (news.kind == Kind::ended) state_->count(news.lesson.id, 0);
    });
    state_->timer = state_->wiring.loop->every(
        std::max<Duration>(state_->wiring.clock.real(presence_tick), fastest_tick),
        [this] { state_->tick(); });
    return {};
}

void LedgerKeeping::power_on_ordered(const Machine& machine, const fleet::Reason& reason,
                                     Stored stored) {
    const auto* made =
        state_->book.power_on_ordered(machine, reason, state_->wiring.prices, state_->now());
    // Said twice: written twice, for the first may not have reached the disk.
    if (made == nullptr) made = state_->book.open_interval(machine.server);
    state_->save(made, std::move(stored));
}

void LedgerKeeping::seen(const Machine& machine, const ledger::Book::Sight& sight, WallTime until) {
    metered(machine, sight.meter);
    const bool unwatched = state_->unwatched.erase(machine.server) != 0;
    const Milliseconds at = unix_ms(until == WallTime{} ? now() : std::min(until, now()));
    state_->save(state_->book.seen(machine, sight, state_->wiring.prices, at, unwatched));
}

void LedgerKeeping::ready(const std::string& server) {
    state_->save(state_->book.ready(server, state_->now()));
}

void LedgerKeeping::busy(const std::string& server, bool is_busy) {
    state_->save(state_->book.busy(server, is_busy, state_->now()));
}

void LedgerKeeping::power_off_ordered(const std::string& server, const fleet::Reason& reason,
                                      Stored stored) {
    const auto* changed = state_->book.power_off_ordered(server, reason, state_->now());
    if (changed == nullptr) changed = state_->book.open_interval(server);
    state_->save(changed, std::move(stored));
}

void LedgerKeeping::seen_off(const std::string& server) {
    const bool since_order = state_->unwatched.erase(server) != 0;
    state_->save(state_->book.seen_off(server, state_->now(), since_order));
}

void LedgerKeeping::held(ledger::HoldingKind kind, const std::string& object,
                         const std::string& name, std::uint32_t amount) {
    const auto before = state_->book.open_holding(object);
    const auto* now_held =
        state_->book.held(kind, object, name, amount, state_->wiring.prices, state_->now());
    // It grew: the old size ended.
    if (before && now_held != nullptr) state_->save(state_->book.holding(*before));
    state_->save(now_held);
}

void LedgerKeeping::released(const std::string& object) {
    state_->save(state_->book.released(object, state_->now()));
}

void LedgerKeeping::metered(const Machine& machine, ledger::Book::Minutes clouds) {
    state_->meter[machine.server] = {{machine.server, machine.name, {}, clouds}, state_->now()};
}

void LedgerKeeping::State::forget_presence() {
    const Date first = first_day_kept();
    presence.erase(presence.begin(), presence.lower_bound(first));
    wiring.store->ask(
        [day = timetable::format_date(first)](soci::session& session) {
            store::delete_presence(session, day, most_forgotten);
        },
        [](const Expected<void, Error>&) {});
}

void LedgerKeeping::State::forget_intervals() {
    Milliseconds newest = 0;
    for (const auto& [server, metered] : meter) newest = std::max(newest, metered.at);
    std::erase_if(meter, [&](const auto& one) {
        return one.second.at < newest - Milliseconds{days(unmetered_is_gone) / 1ms};
    });
    // Until the cloud has shown its list, any server may be there.
    auto gone = book.forget(
        unix_ms(wiring.zone.midnight(first_day_kept())), most_forgotten,
        [this](const std::string& server) { return meter.empty() || meter.contains(server); });
    if (gone.intervals.empty() && gone.holdings.empty()) return;
    wiring.store->ask(
        [gone = std::move(gone)](soci::session& session) {
            using store::LedgerTable;
            store::delete_intervals(session, LedgerTable::power_intervals, gone.intervals);
            store::delete_intervals(session, LedgerTable::holdings, gone.holdings);
            for (const auto& [server, cores, memory_gb, length] : gone.power)
                store::save_forgotten_power(session, {server, cores, memory_gb, length});
            for (const auto& server : gone.servers) store::delete_forgotten_power(session, server);
        },
        [](const Expected<void, Error>& done) {
            if (!done) log::error("the ledger was not tidied", {{"why", done.error().text}});
        });
}

void LedgerKeeping::forget_old() {
    state_->forget_presence();
    state_->forget_intervals();
}

double LedgerKeeping::euros_a_minute(std::int64_t cores, std::int64_t memory_gb) const {
    const auto& prices = state_->wiring.prices;
    return static_cast<double>(prices.core * cores + prices.memory_gb * memory_gb) / 1e9;
}

double LedgerKeeping::euros_today() const {
    const Date today = state_->wiring.zone.date(now());
    return static_cast<double>(bill(today, today).total()) / 1e6;
}

const ledger::Book& LedgerKeeping::book() const { return state_->book; }
const ledger::PriceList& LedgerKeeping::prices() const { return state_->wiring.prices; }
const timetable::Zone& LedgerKeeping::zone() const { return state_->wiring.zone; }
WallTime LedgerKeeping::now() const { return state_->wiring.clock.now(); }
const ledger::Budget& LedgerKeeping::budget() const { return state_->budget; }

ledger::Bill LedgerKeeping::bill(timetable::Date first, timetable::Date last) const {
    ledger::Bill sum;
    for (Date date = first; date <= last; date += days(1)) {
        const auto of_day = state_->presence.find(date);
        ledger::add_to(sum, ledger::bill_of(state_->book, state_->span_of(date, date),
                                            of_day == state_->presence.end() ? ledger::Presence()
                                                                             : of_day->second,
                                            state_->now()));
    }
    return sum;
}

std::vector<ledger::MeterLine> LedgerKeeping::meter() const {
    std::vector<ledger::MeterLine> lines;
    for (const auto& [server, metered] : state_->meter) {
        lines.push_back(metered.line);
        lines.back().ours = state_->book.minutes(server, state_->now());
    }
    return lines;
}

void LedgerKeeping::set_budget(ledger::Budget budget, Stored stored) {
    state_->budget = std::move(budget);
    state_->alarmed.clear();
    state_->wiring.store->ask(
        [json = ledger::to_json(state_->budget)](soci::session& session) {
            store::save_setting(session, budget_setting, json);
        },
        std::move(stored));
}

std::string LedgerKeeping::school_name(fleet::SchoolKey school) const {
    return state_->wiring.school_name ? state_->wiring.school_name(school) : std::string();
}

void LedgerKeeping::State::check_budget() {
    if (budget.day == 0 && budget.month == 0) return;
    const Date today = wiring.zone.date(wiring.clock.now());
    const std::chrono::year_month_day parts(today);
    const Date first(parts.year() / parts.month() / 1);
    const auto check = [&](const std::string& period, Date from, ledger::MicroEuros limit) {
        if (limit == 0) return;
        const auto spent = ledger::bill_of(book, span_of(from, today), {}, now()).total();
        const unsigned level = ledger::alarm_level(spent, limit, budget.alarm_percents);
        unsigned& told = alarmed[period + ' ' + timetable::format_date(from)];
        if (level <= told) return;
        told = level;
        log::warning("the budget is being used up",
                     {{"period", period}, {"percent", level}, {"euros", ledger::euros(spent)}});
        if (wiring.on_alarm) wiring.on_alarm(period, level);
    };
    check("day", today, budget.day);
    check("month", first, budget.month);
}

}  // namespace aula::hub
