// SPDX-License-Identifier: Apache-2.0
#include "lesson/lesson.hpp"

#include <gtest/gtest.h>

#include "lesson/json.hpp"

namespace aula::lesson {
namespace {

using namespace std::string_literals;
constexpr WallTime start{std::chrono::seconds(1'700'000'000)};

/// A lesson with a teacher t, a pupil p and a pupil q, and a clock one can move.
class Class {
public:
    explicit Class(Limits limits = {}) : lesson(limits) {
        say("", command::Open{"L1", "Mathe 7b", {}});
        say("", command::Join{"t", "Frau Weber", Role::teacher});
        say("", command::Join{"p", "Mia", Role::pupil});
        say("", command::Join{"q", "Tom", Role::pupil});
    }

    Expected<std::vector<Event>, Refusal> ask(std::string by, decltype(Command::what) what) {
        return lesson.apply({std::move(by), std::move(what)}, now);
    }
    std::vector<Event> say(std::string by, decltype(Command::what) what) {
        auto events = ask(std::move(by), std::move(what));
        EXPECT_TRUE(events) << (events ? "" : code(events.error()));
        return events.value_or(std::vector<Event>{});
    }
    std::string refusal(std::string by, decltype(Command::what) what) {
        const auto seq = lesson.seq();
        auto events = ask(std::move(by), std::move(what));
        EXPECT_EQ(lesson.seq(), seq);
        return events ? "none"s : std::string(code(events.error()));
    }

    Lesson lesson;
    WallTime now = start;
};

TEST(Lesson, IsNotOpenBeforeItIsOpened) {
    Lesson lesson;
    EXPECT_FALSE(lesson.open());
    const auto joined = lesson.apply({"", command::Join{"t", "T", Role::teacher}}, start);
    ASSERT_FALSE(joined);
    EXPECT_EQ(joined.error(), Refusal::not_open);
}

TEST(Lesson, NumbersItsEventsWithoutGaps) {
    Class c;
    EXPECT_EQ(c.lesson.seq(), 4u);
    EXPECT_EQ(c.say("p", command::RaiseHand{}).front().seq, 5u);
    EXPECT_EQ(c.lesson.seq(), 5u);
    EXPECT_TRUE(c.say("p", command::RaiseHand{}).empty());
    EXPECT_EQ(c.lesson.seq(), 5u);
}

TEST(Lesson, KnowsWhoIsThere) {
    Class c;
    EXPECT_EQ(c.lesson.participant_count(), 3u);
    EXPECT_EQ(c.lesson.teacher_count(), 1u);
    EXPECT_TRUE(c.lesson.is_teacher("t"));
    EXPECT_EQ(c.lesson.find("q")->number, 3u);
    EXPECT_EQ(c.lesson.find("nobody"), nullptr);
}

TEST(Lesson, JoiningAgainChangesNothingUntilTheConnectionWasLost) {
    Class c;
    EXPECT_TRUE(c.say("", command::Join{"p", "Mia", Role::pupil}).empty());
    c.say("", command::Disconnect{"p"});
    EXPECT_FALSE(c.lesson.find("p")->connected);
    EXPECT_EQ(c.lesson.connected_count(), 2u);
    EXPECT_EQ(c.say("", command::Join{"p", "Mia", Role::pupil}).size(), 1u);
    EXPECT_TRUE(c.lesson.find("p")->connected);
    EXPECT_EQ(c.lesson.find("p")->number, 2u);
}

TEST(Lesson, AHandStaysUpOverALostConnectionButNotOverLeaving) {
    Class c;
    c.say("p", command::RaiseHand{});
    c.say("", command::Disconnect{"p"});
    c.say("", command::Join{"p", "Mia", Role::pupil});
    EXPECT_EQ(c.lesson.find("p")->hand_raised_at, start);
    c.say("p", command::Leave{"p", LeaveReason::left});
    c.say("", command::Join{"p", "Mia", Role::pupil});
    EXPECT_EQ(c.lesson.find("p")->hand_raised_at, std::nullopt);
}

TEST(Lesson, PupilsLowerTheirOwnHandAndTeachersAny) {
    Class c;
    c.say("p", command::RaiseHand{});
    EXPECT_EQ(c.refusal("q", command::LowerHand{"p"}), "not_allowed");
    EXPECT_EQ(c.say("t", command::LowerHand{"p"}).size(), 1u);
    c.say("p", command::RaiseHand{});
    EXPECT_EQ(c.say("p", command::LowerHand{}).size(), 1u);
    EXPECT_EQ(c.refusal("t", command::LowerHand{"nobody"}), "unknown_participant");
}

TEST(Lesson, OnlyTeachersManage) {
    Class c;
    EXPECT_EQ(c.refusal("p", command::SetRole{"p", Role::teacher}), "not_allowed");
    EXPECT_EQ(c.refusal("p", command::Mute{"q", Source::microphone}), "not_allowed");
    EXPECT_EQ(c.refusal("p", command::ChangeSettings{}), "not_allowed");
    EXPECT_EQ(c.refusal("p", command::Remove{"q"}), "not_allowed");
    EXPECT_EQ(c.refusal("p", command::AllowBack{"q"}), "not_allowed");
    EXPECT_EQ(c.refusal("p", command::Spotlight{"p"}), "not_allowed");
    EXPECT_EQ(c.refusal("p", command::End{}), "not_allowed");
    EXPECT_EQ(c.refusal("p", command::Leave{"q", LeaveReason::left}), "not_allowed");
    EXPECT_EQ(c.refusal("t", command::Join{"x", "X", Role::teacher}), "not_allowed");
    EXPECT_EQ(c.refusal("nobody", command::RaiseHand{}), "not_joined");
}

TEST(Lesson, AGivenRoleOutlivesLeaving) {
    Class c;
    c.say("t", command::SetRole{"p", Role::teacher});
    c.say("t", command::SetRole{"t", Role::pupil});
    EXPECT_EQ(c.refusal("p", command::SetRole{"p", Role::pupil}), "last_teacher");
    for (const char* who : {"p", "t"}) c.say(who, command::Leave{who, LeaveReason::left});
    c.say("", command::Join{"t", "Frau Weber", Role::teacher});
    c.say("", command::Join{"p", "Mia", Role::pupil});
    EXPECT_TRUE(c.lesson.is_teacher("p"));
    EXPECT_FALSE(c.lesson.is_teacher("t"));
}

TEST(Lesson, ARemovedPupilComesBackOnlyWhenLet) {
    Class c;
    c.say("t", command::Spotlight{"p"});
    c.say("t", command::Remove{"p"});
    EXPECT_EQ(c.lesson.find("p"), nullptr);
    EXPECT_EQ(c.lesson.snapshot().spotlight, "");
    EXPECT_EQ(c.refusal("", command::Join{"p", "Mia", Role::pupil}), "removed");
    EXPECT_EQ(c.refusal("t", command::AllowBack{"q"}), "unknown_participant");
    c.say("t", command::AllowBack{"p"});
    EXPECT_EQ(c.say("", command::Join{"p", "Mia", Role::pupil}).size(), 1u);
    EXPECT_EQ(c.refusal("t", command::Remove{"t"}), "not_allowed");
}

TEST(Lesson, SwitchingAMicrophoneOffMutesAllPupils) {
    Class c;
    EXPECT_TRUE(c.lesson.may_publish("p", Source::microphone));
    command::ChangeSettings off;
    off.change.microphone = false;
    off.change.chat = false;
    const auto events = c.say("t", off);
    ASSERT_EQ(events.size(), 2u);
    const auto& muted = std::get<event::Muted>(events[1].what);
    EXPECT_EQ(muted.identity, std::nullopt);
    EXPECT_EQ(muted.source, Source::microphone);
    EXPECT_FALSE(c.lesson.may_publish("p", Source::microphone));
    EXPECT_TRUE(c.lesson.may_publish("p", Source::camera));
    EXPECT_TRUE(c.lesson.may_publish("t", Source::microphone));
    EXPECT_FALSE(c.lesson.may_publish("nobody", Source::camera));
    EXPECT_EQ(c.refusal("p", command::Chat{"hello", ""}), "locked");
    EXPECT_EQ(c.say("t", command::Chat{"hello", ""}).size(), 1u);
    EXPECT_TRUE(c.say("t", off).empty());
}

TEST(Lesson, ChatKeepsLinesAndDropsControlCharacters) {
    Class c;
    const auto events = c.say("p", command::Chat{"a\r\nb\rc\td\x01\x7f\x1b[31m", "n"});
    EXPECT_EQ(std::get<event::Chatted>(events[0].what).text, "a\nb\nc\td[31m");
}

TEST(Lesson, ChatCountsCharactersNotBytes) {
    Class c;
    std::string text;
    for (int i = 0; i < 4000; ++i) text += "ä";
    EXPECT_EQ(c.say("p", command::Chat{text, ""}).size(), 1u);
    EXPECT_EQ(c.refusal("p", command::Chat{text + "x", ""}), "too_long");
    EXPECT_EQ(c.refusal("t", command::Chat{std::string(100'000, 'x'), ""}), "too_long");
}

TEST(Lesson, ChatWithoutAnythingToSeeIsRefused) {
    Class c;
    EXPECT_EQ(c.refusal("p", command::Chat{"", ""}), "empty");
    EXPECT_EQ(c.refusal("p", command::Chat{" \n\t\x01", ""}), "empty");
    EXPECT_EQ(c.refusal("p", command::Chat{"\u200b\u00a0\u3000", ""}), "empty");
    EXPECT_EQ(c.refusal("p", command::Chat{"\xff", ""}), "bad_message");
    EXPECT_EQ(c.refusal("p", command::Chat{"x", std::string(65, 'n')}), "too_long");
}

TEST(Lesson, TheSameChatSentAgainIsTheSameMessage) {
    Class c;
    EXPECT_EQ(c.say("p", command::Chat{"hello", "n1"}).size(), 1u);
    EXPECT_TRUE(c.say("p", command::Chat{"hello", "n1"}).empty());
    EXPECT_EQ(c.say("q", command::Chat{"hello", "n1"}).size(), 1u);
    EXPECT_EQ(c.say("p", command::Chat{"hello", ""}).size(), 1u);
    EXPECT_EQ(c.say("p", command::Chat{"hello", ""}).size(), 1u);
}

TEST(Lesson, ChatIsFiveAtOnceThenOneASecond) {
    Class c;
    for (int i = 0; i < 5; ++i) c.say("p", command::Chat{"x", ""});
    EXPECT_EQ(c.refusal("p", command::Chat{"x", ""}), "too_fast");
    EXPECT_EQ(c.say("q", command::Chat{"others may", ""}).size(), 1u);
    EXPECT_EQ(c.say("p", command::RaiseHand{}).size(), 1u);
    c.now += 999ms;
    EXPECT_EQ(c.refusal("p", command::Chat{"x", ""}), "too_fast");
    c.now += 1ms;
    c.say("p", command::Chat{"x", ""});
    EXPECT_EQ(c.refusal("p", command::Chat{"x", ""}), "too_fast");
}

TEST(Lesson, AClockSetBackLocksNobodyOut) {
    Class c;
    c.now += std::chrono::hours(10);
    for (int i = 0; i < 5; ++i) c.say("p", command::Chat{"x", ""});
    c.now -= std::chrono::hours(10);
    EXPECT_EQ(c.refusal("p", command::Chat{"x", ""}), "too_fast");
    c.now += 1s;
    c.say("p", command::Chat{"x", ""});
}

TEST(Lesson, LeavingIsNeverTooFast) {
    Class c;
    for (int i = 0; i < 40; ++i) (void)c.ask("p", command::RaiseHand{});
    EXPECT_EQ(c.refusal("p", command::RaiseHand{}), "too_fast");
    EXPECT_EQ(c.say("p", command::Leave{"p", LeaveReason::left}).size(), 1u);
}

TEST(Lesson, IsOverWhenEnded) {
    Class c;
    c.say("t", command::End{});
    EXPECT_FALSE(c.lesson.open());
    EXPECT_EQ(c.lesson.ended()->by, "t");
    EXPECT_EQ(c.refusal("p", command::Chat{"x", ""}), "ended");
    EXPECT_EQ(c.refusal("", command::Join{"x", "X", Role::pupil}), "ended");
    EXPECT_EQ(c.refusal("", command::Open{"L1", "again", {}}), "ended");
    EXPECT_FALSE(c.lesson.may_publish("t", Source::camera));
}

TEST(Lesson, ThePlatformMayDoWhatTeachersMay) {
    Class c;
    EXPECT_EQ(c.say("", command::Remove{"p"}).size(), 1u);
    EXPECT_EQ(c.say("", command::Announce{"System", "10 minutes left"}).size(), 1u);
    EXPECT_EQ(c.lesson.snapshot().chat.back().identity, "");
    EXPECT_EQ(c.refusal("", command::Chat{"x", ""}), "not_joined");
    EXPECT_EQ(c.say("", command::Close{EndReason::time}).size(), 1u);
}

TEST(Lesson, HasRoomForSoManyAndNoMore) {
    Limits limits;
    limits.participants = 3;
    limits.remembered = 1;
    Class c(limits);
    EXPECT_EQ(c.refusal("", command::Join{"x", "X", Role::pupil}), "full");
    c.say("t", command::Remove{"p"});
    EXPECT_EQ(c.refusal("t", command::Remove{"q"}), "full");
    c.say("t", command::SetRole{"q", Role::teacher});
    EXPECT_EQ(c.refusal("t", command::SetRole{"t", Role::pupil}), "full");
}

TEST(Lesson, RefusesIdentitiesNobodyCanHave) {
    Class c;
    EXPECT_EQ(c.refusal("", command::Join{"", "X", Role::pupil}), "bad_message");
    EXPECT_EQ(c.refusal("", command::Join{std::string(257, 'x'), "X", Role::pupil}), "too_long");
}

TEST(Lesson, CutsNamesBetweenCharacters) {
    Class c;
    std::string name = "x";
    for (int i = 0; i < 200; ++i) name += "ä";
    c.say("", command::Join{"long", name, Role::pupil});
    EXPECT_EQ(c.lesson.find("long")->name.size(), 255u);
    c.say("", command::Join{"nameless", "", Role::pupil});
    EXPECT_EQ(c.lesson.find("nameless")->name, "nameless");
}

TEST(Lesson, KeepsOnlySoMuchChat) {
    Limits limits;
    limits.chat_messages = 10;
    limits.chat_bytes = 200;
    Class c(limits);
    const auto add = [&](const std::string& text) {
        c.now += 1s;
        c.say("p", command::Chat{text, ""});
    };
    for (int i = 0; i < 25; ++i) add(std::to_string(i));
    auto chat = c.lesson.snapshot().chat;
    ASSERT_EQ(chat.size(), 10u);
    EXPECT_EQ(chat.front().text, "15");
    add(std::string(150, 'x'));
    add(std::string(150, 'y'));
    chat = c.lesson.snapshot().chat;
    ASSERT_EQ(chat.size(), 1u);
    EXPECT_EQ(chat.front().text.front(), 'y');
}

TEST(Lesson, TellsWhatHappenedSinceOrThatItIsTooLongAgo) {
    Limits limits;
    limits.recent_events = 3;
    Class c(limits);
    c.say("p", command::RaiseHand{});
    EXPECT_EQ(c.lesson.seq(), 5u);
    EXPECT_EQ(c.lesson.since("L1", 5)->size(), 0u);
    ASSERT_EQ(c.lesson.since("L1", 2)->size(), 3u);
    EXPECT_EQ(c.lesson.since("L1", 2)->front().seq, 3u);
    EXPECT_FALSE(c.lesson.since("L1", 1));
    EXPECT_FALSE(c.lesson.since("L1", 6));
    EXPECT_FALSE(c.lesson.since("another", 5));
}

TEST(Lesson, ReopensElsewhereWithEverybodyOut) {
    Class c;
    Lesson other;
    const auto all = c.lesson.since("L1", 0);
    for (const Event& event : *all) EXPECT_TRUE(other.replay(event));
    EXPECT_EQ(other.snapshot(), c.lesson.snapshot());
    const auto events = other.apply({"", command::Open{"L1", "Mathe 7b", {}}}, start + 60s);
    ASSERT_EQ(events->size(), 1u);
    EXPECT_TRUE(std::holds_alternative<event::Reopened>(events->front().what));
    EXPECT_EQ(other.connected_count(), 0u);
    EXPECT_EQ(other.participant_count(), 3u);
    EXPECT_EQ(other.started_at(), start);
}

TEST(Lesson, ReplaysOnlyInOrder) {
    Class c;
    const auto events = *c.lesson.since("L1", 0);
    Lesson other;
    EXPECT_FALSE(other.replay(events[1]));
    EXPECT_TRUE(other.replay(events[0]));
    EXPECT_FALSE(other.replay(events[0]));
    EXPECT_FALSE(other.replay(events[2]));
    EXPECT_TRUE(other.replay(events[1]));
}

/// Thousands of commands of all kinds: a lesson replayed from the events' JSON, and one restored
/// from a snapshot's JSON halfway, end up the same.
TEST(Lesson, IsTheSameAfterReplayAndRestore) {
    std::uint32_t state = 12345;
    const auto dice = [&](std::uint32_t sides) {
        state = state * 1664525 + 1013904223;
        return (state >> 16) % sides;
    };
    Class c;
    Lesson replayed;
    const auto opening = c.lesson.since("L1", 0);
    for (const Event& event : *opening) replayed.replay(*parse_event(to_json(event)));
    Lesson restored;
    std::size_t happened = 0;
    for (int step = 0; step < 5000; ++step) {
        if (step == 2500) {
            const auto snapshot = parse_snapshot(to_json(c.lesson.snapshot()));
            ASSERT_TRUE(snapshot);
            restored.restore(c.lesson.seq(), *snapshot);
        }
        c.now += std::chrono::milliseconds(dice(500));
        const auto someone = "p" + std::to_string(dice(12));
        const auto other = "p" + std::to_string(dice(12));
        const auto role = dice(2) ? Role::teacher : Role::pupil;
        command::ChangeSettings change;
        change.change.camera = dice(2) == 0;
        change.change.guests = dice(2) ? GuestPolicy::ask : GuestPolicy::deny;
        const std::vector<Command> all{
            {"", command::Join{someone, "Name \"" + someone + "\"", role}},
            {"", command::Disconnect{someone}},
            {someone, command::Leave{someone, LeaveReason::left}},
            {"", command::Announce{"System", "Grüße"}},
            {someone, command::Chat{"text\n" + std::to_string(step), std::to_string(dice(9))}},
            {someone, command::RaiseHand{}},
            {someone, command::LowerHand{}},
            {someone, command::SetRole{other, role}},
            {someone, command::Mute{std::nullopt, Source::all}},
            {someone, change},
            {someone, command::Remove{other}},
            {someone, command::AllowBack{other}},
            {someone, command::Spotlight{dice(2) ? std::optional(other) : std::nullopt}}};
        const auto events =
            c.lesson.apply(all[dice(static_cast<std::uint32_t>(all.size()))], c.now);
        if (!events) continue;
        for (const Event& event : *events) {
            ++happened;
            const auto read = parse_event(to_json(event));
            ASSERT_TRUE(read) << to_json(event);
            ASSERT_EQ(to_json(*read), to_json(event));
            ASSERT_TRUE(replayed.replay(*read));
            ASSERT_TRUE(restored.seq() == 0 || restored.replay(*read));
        }
    }
    EXPECT_GT(happened, 1000u);
    EXPECT_EQ(replayed.snapshot(), c.lesson.snapshot());
    EXPECT_EQ(restored.snapshot(), c.lesson.snapshot());
}

command::ChangeSettings door(GuestPolicy policy) {
    command::ChangeSettings change;
    change.change.guests = policy;
    return change;
}

/// As Class, with a door at which guests wait.
struct ClassWithLobby : Class {
    explicit ClassWithLobby(Limits limits = {}) : Class(limits) {
        say("t", door(GuestPolicy::ask));
    }
    void knock(const std::string& guest) { say("", command::Knock{guest, guest}); }
    std::vector<std::string> at_door() const {
        std::vector<std::string> identities;
        for (const auto& guest : lesson.snapshot().waiting) identities.push_back(guest.identity);
        return identities;
    }
};
using Guests = std::vector<std::string>;

TEST(Lobby, KeepsGuestsOutUntilATeacherAdmitsThem) {
    ClassWithLobby c;
    EXPECT_TRUE(c.lesson.keeps_out("g"));
    EXPECT_FALSE(c.lesson.keeps_out("p")) << "who is inside is not asked again";
    c.knock("g");
    c.knock("h");
    EXPECT_EQ(c.at_door(), (Guests{"g", "h"}));
    EXPECT_EQ(c.lesson.place_in_queue("h"), 2u);
    EXPECT_EQ(c.lesson.find("g"), nullptr);
    EXPECT_EQ(c.refusal("g", command::Chat{"Let me in", ""}), "not_joined");
    EXPECT_EQ(c.refusal("p", command::Admit{"g"}), "not_allowed");
    EXPECT_EQ(c.refusal("t", command::Admit{"nobody"}), "unknown_participant");
    c.say("t", command::Admit{"g"});
    EXPECT_FALSE(c.lesson.keeps_out("g"));
    EXPECT_TRUE(c.lesson.keeps_out("h"));
    c.say("", command::Join{"g", "Guest", Role::pupil});
    c.say("", command::Leave{"g", LeaveReason::left});
    EXPECT_FALSE(c.lesson.keeps_out("g")) << "an admitted guest comes back";
}

TEST(Lobby, RefusesForGoodAndAdmitsAllAtOnce) {
    ClassWithLobby c;
    for (const char* guest : {"g", "h", "i"}) c.knock(guest);
    c.say("t", command::TurnAway{"h"});
    EXPECT_EQ(c.refusal("", command::Knock{"h", "H"}), "turned_away");
    EXPECT_EQ(c.say("t", command::Admit{}).size(), 2u);
    EXPECT_TRUE(c.at_door().empty());
    EXPECT_TRUE(c.say("t", command::Admit{}).empty());
    EXPECT_EQ(c.refusal("t", command::TurnAway{"g"}), "unknown_participant") << "is in already";
}

TEST(Lobby, KnockingTwiceIsKnockingOnce) {
    ClassWithLobby c({.waiting = 2});
    c.knock("g");
    EXPECT_TRUE(c.say("", command::Knock{"g", "g"}).empty());
    c.knock("h");
    EXPECT_EQ(c.refusal("", command::Knock{"i", "i"}), "full");
    c.say("", command::GiveUp{"g"});
    c.knock("i");
    EXPECT_EQ(c.at_door(), (Guests{"h", "i"}));
    EXPECT_TRUE(c.say("", command::GiveUp{"g"}).empty());
}

TEST(Lobby, NobodyStandsAtADoorThatWasOpenedOrShut) {
    ClassWithLobby c;
    c.knock("g");
    c.say("t", door(GuestPolicy::admit));
    EXPECT_TRUE(c.at_door().empty());
    c.say("t", door(GuestPolicy::ask));
    EXPECT_FALSE(c.lesson.keeps_out("g")) << "was admitted with the opening";
    c.knock("h");
    c.say("t", door(GuestPolicy::deny));
    EXPECT_TRUE(c.lesson.is_turned_away("h"));
    EXPECT_EQ(c.refusal("", command::Knock{"i", "i"}), "turned_away");
}

TEST(Lobby, OutlivesTheNode) {
    ClassWithLobby c;
    for (const char* guest : {"g", "h", "i"}) c.knock(guest);
    c.say("t", command::Admit{"g"});
    c.say("t", command::TurnAway{"h"});
    Lesson again;
    ASSERT_TRUE(take_stored(again, stored_snapshot(c.lesson.seq(), c.lesson.snapshot())));
    EXPECT_EQ(again.snapshot(), c.lesson.snapshot());
    ASSERT_TRUE(again.apply({"", command::Open{"L1", "Mathe 7b", {}}}, c.now));
    EXPECT_FALSE(again.keeps_out("g"));
    EXPECT_TRUE(again.is_turned_away("h"));
    EXPECT_FALSE(again.is_waiting("i")) << "the connection is gone; they knock again";
}

TEST(LessonSetup, IsReadAsItWasWritten) {
    lesson::Setup setup;
    setup.settings.guests = GuestPolicy::ask;
    setup.settings.camera = false;
    setup.begins_muted = true;
    setup.welcome = "Hello \"7b\"";
    setup.for_teachers = "Room 12";
    setup.ends_at = start;
    setup.without_teacher = std::chrono::minutes(2);
    EXPECT_EQ(parse_setup(to_json(setup)), setup);
    EXPECT_EQ(parse_setup(""), lesson::Setup{}) << "lessons of before there was any";
    EXPECT_EQ(parse_setup("{}"), lesson::Setup{});
    for (const char* broken : {"[]", "{", R"({"settings":{}})", R"({"begins_muted":1})",
                               R"({"without_teacher":1e300})", R"({"welcome":[]})"})
        EXPECT_FALSE(parse_setup(broken)) << broken;
}

TEST(LessonSetup, TellsTeachersMoreThanPupils) {
    lesson::Setup setup;
    setup.welcome = "Welcome";
    setup.for_teachers = "The door code is 12";
    const ForeseenEnd end{start, EndReason::no_teacher};
    EXPECT_EQ(about(setup, Role::pupil, end).find("door code"), std::string::npos);
    const auto told = about(setup, Role::teacher, end);
    EXPECT_NE(told.find("door code"), std::string::npos);
    EXPECT_NE(told.find(R"("ends_why":"no_teacher")"), std::string::npos);
}

}  // namespace
}  // namespace aula::lesson
