// SPDX-License-Identifier: Apache-2.0
#include "hub/operator_outlook.hpp"

#include <gtest/gtest.h>

#include "installation.hpp"

namespace aula::hub {
namespace {

/// One lesson of 30 people each day at nine.
OutlookQuestion question_of(unsigned days) {
    OutlookQuestion question;
    question.from = WallTime(std::chrono::hours(24 * 20'000));
    question.days = days;
    question.policies = {fleet::Policy{}, fleet::Policy{.bell_spares = 2}};
    for (unsigned day = 0; day < days; ++day) {
        simulation::Lesson lesson;
        lesson.key = day + 1;
        lesson.school = 1;
        lesson.start = lesson.filled = question.from + std::chrono::hours(24 * day + 9);
        lesson.end = lesson.start + std::chrono::minutes(45);
        lesson.seats = 30;
        lesson.planned = simulation::Announcement{lesson.start, lesson.end, lesson.seats};
        question.lessons.push_back(lesson);
    }
    return question;
}

TEST(Outlook, LivesThroughTheLessonsWithEachPolicy) {
    const auto runs = live_through(question_of(2), Worker::Stopped(false));
    ASSERT_TRUE(runs);
    ASSERT_EQ(runs->size(), 2u);
    const auto sum = runs->at(0).outcome.sum([](unsigned) { return true; });
    EXPECT_EQ(sum.lessons, 2u);
    EXPECT_EQ(sum.refused, 0u);
    EXPECT_FALSE(runs->at(0).orders.empty());
}

TEST(Outlook, EndsInTheMiddleWhenItsHubStops) {
    net::Loop loop;
    std::atomic<bool> began = false;
    std::optional<bool> lived;
    {
        Worker worker(
            "outlook", [&](Task task) { loop.post(std::move(task)); }, 1);
        ASSERT_TRUE(worker.ask(
            [&](const Worker::Stopped& stopped) {
                const auto question = question_of(3'000);
                began = true;
                began.notify_one();
                lived = live_through(question, stopped).has_value();
                return 0;
            },
            [](int) { ADD_FAILURE() << "its asker is gone"; }));
        began.wait(false);
    }
    ASSERT_TRUE(lived);
    EXPECT_FALSE(*lived) << "it was waited for to its end";
}

}  // namespace
}  // namespace aula::hub
