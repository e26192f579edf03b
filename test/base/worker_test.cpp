// SPDX-License-Identifier: Apache-2.0
#include "base/worker.hpp"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "../common/mailbox.hpp"

namespace aula {
namespace {

using test::Mailbox;

/// A job that says when it has begun and goes on until it is let go or told to stop.
struct LongJob {
    bool operator()(const Worker::Stopped& stopped) {
        *began = true;
        began->notify_one();
        while (!stopped && !*released) std::this_thread::yield();
        *saw_stop = stopped.load();
        return true;
    }
    void wait() const { began->wait(false); }

    std::shared_ptr<std::atomic<bool>> began = std::make_shared<std::atomic<bool>>(false);
    std::shared_ptr<std::atomic<bool>> released = std::make_shared<std::atomic<bool>>(false);
    std::shared_ptr<std::atomic<bool>> saw_stop = std::make_shared<std::atomic<bool>>(false);
};

TEST(Worker, DoesJobsInOrderOnAnotherThreadAndAnswersOnTheAskers) {
    Mailbox box;
    Worker worker("worker", box.poster(), 8);
    std::vector<int> answers;
    for (int i = 0; i < 3; ++i) {
        // Both may own what cannot be copied.
        ASSERT_TRUE(worker.ask(
            [number = std::make_unique<int>(i)](const Worker::Stopped&) {
                return std::pair(*number, std::this_thread::get_id());
            },
            [&, here = std::this_thread::get_id()](const auto& answer) {
                EXPECT_NE(answer.second, here);
                EXPECT_EQ(std::this_thread::get_id(), here);
                answers.push_back(answer.first);
            }));
    }
    box.run(3);
    EXPECT_EQ(answers, (std::vector{0, 1, 2}));
}

TEST(Worker, TakesOnlySoMany) {
    Mailbox box;
    Worker worker("worker", box.poster(), 2);
    LongJob job;
    ASSERT_TRUE(worker.ask(job, [](bool) {}));
    job.wait();
    const auto add = [&] {
        return worker.ask([](const Worker::Stopped&) { return 0; }, [](int) {});
    };
    EXPECT_TRUE(add());
    EXPECT_TRUE(add());
    EXPECT_FALSE(add());
    *job.released = true;
    box.run(2);
    EXPECT_TRUE(add());
}

TEST(Worker, TellsTheRunningJobToStopAndDropsAllAnswersWhenItGoes) {
    Mailbox box;
    LongJob job;
    bool ran = false, answered = false;
    {
        Worker worker("worker", box.poster(), 2);
        ASSERT_TRUE(worker.ask(job, [&](bool) { answered = true; }));
        job.wait();
        ASSERT_TRUE(worker.ask([&](const Worker::Stopped&) { return ran = true; },
                               [&](bool) { answered = true; }));
    }
    EXPECT_TRUE(*job.saw_stop);
    EXPECT_FALSE(ran) << "it only waited";
    while (!box.tasks.empty()) box.run_one();
    EXPECT_FALSE(answered) << "who asked is gone";
}

}  // namespace
}  // namespace aula
