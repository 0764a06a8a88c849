#include "engine/api/event_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace studio::engine {
namespace {

using namespace std::chrono_literals;

StepFinished step(std::uint64_t job, int number) { return {{job}, 0, number, 20, {}}; }
PreviewReady preview(std::uint64_t job, int number) { return {{job}, 0, number, {}}; }

TEST(EventQueue, keepsTheOrderAndEmptiesItself) {
  EventQueue queue;
  for (int i = 1; i <= 3; ++i) queue.push(step(1, i));
  const auto events = queue.drain();
  ASSERT_EQ(events.size(), 3U);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(std::get<StepFinished>(events[static_cast<std::size_t>(i)]).step, i + 1);
  EXPECT_TRUE(queue.drain().empty());
}

TEST(EventQueue, keepsOnlyTheNewestPreviewOfAJob) {
  EventQueue queue;
  queue.push(preview(1, 1));
  queue.push(step(1, 1));
  queue.push(preview(2, 1));
  queue.push(preview(1, 2));
  const auto events = queue.drain();
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(std::get<PreviewReady>(events[1]).job, JobId{2});
  EXPECT_EQ(std::get<PreviewReady>(events[2]).step, 2);
}

TEST(EventQueue, neverDropsOutcomes) {
  EventQueue queue;
  for (std::uint64_t job = 1; job <= 100; ++job) {
    queue.push(preview(job, 1));
    queue.push(JobFinished{{job}});
    queue.push(preview(job, 2));
  }
  int outcomes = 0;
  for (const EngineEvent& event : queue.drain()) outcomes += isOutcome(event) ? 1 : 0;
  EXPECT_EQ(outcomes, 100);
}

TEST(EventQueue, wakesOnceUntilItIsDrained) {
  EventQueue queue;
  int wakes = 0;
  queue.setWake([&wakes] { ++wakes; });
  queue.push(step(1, 1));
  queue.push(step(1, 2));
  EXPECT_EQ(wakes, 1);
  queue.drain();
  queue.push(preview(1, 1));
  queue.push(preview(1, 2));
  EXPECT_EQ(wakes, 2) << "the second preview replaced the first before anyone looked";
}

TEST(EventQueue, mayBeDrainedFromItsOwnWake) {
  EventQueue queue;
  std::size_t seen = 0;
  queue.setWake([&] { seen += queue.drain().size(); });
  queue.push(step(1, 1));
  queue.push(step(1, 2));
  EXPECT_EQ(seen, 2U);
}

TEST(EventQueue, waitsForAnEventAndGivesUpInTime) {
  EventQueue queue;
  EXPECT_FALSE(queue.waitFor(0ms));
  std::jthread pusher([&queue] { queue.push(step(1, 1)); });
  EXPECT_TRUE(queue.waitFor(60s));
  EXPECT_TRUE(queue.waitFor(0ms)) << "waiting takes nothing out";
}

TEST(EventQueue, losesNothingBetweenThreads) {
  EventQueue queue;
  constexpr int kPushers = 4;
  constexpr int kEach = 500;
  std::vector<std::jthread> pushers;
  for (int p = 0; p < kPushers; ++p) {
    pushers.emplace_back([&queue, p] {
      for (int i = 1; i <= kEach; ++i) queue.push(step(static_cast<std::uint64_t>(p), i));
    });
  }
  std::vector<int> last(kPushers, 0);
  int total = 0;
  while (total < kPushers * kEach) {
    ASSERT_TRUE(queue.waitFor(60s));
    for (const EngineEvent& event : queue.drain()) {
      const auto& finished = std::get<StepFinished>(event);
      int& before = last[finished.job.value];
      EXPECT_EQ(finished.step, before + 1) << "events of one thread stay in order";
      before = finished.step;
      ++total;
    }
  }
  EXPECT_TRUE(queue.drain().empty());
}

}  // namespace
}  // namespace studio::engine
