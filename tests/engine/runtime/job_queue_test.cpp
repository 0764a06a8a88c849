#include "engine/runtime/job_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <set>
#include <thread>
#include <vector>

namespace studio::engine {
namespace {

using CancelResult = JobQueue::CancelResult;

JobId push(JobQueue& queue, const std::string& prompt = "x") {
  GenerationRequest request;
  request.prompt = prompt;
  return queue.push(request, {}, {});
}

TEST(JobQueue, givesJobsInTheOrderTheyCame) {
  JobQueue queue;
  const JobId first = push(queue, "first"), second = push(queue, "second");
  EXPECT_NE(first.value, 0U);
  EXPECT_LT(first, second);
  EXPECT_EQ(queue.take()->request.prompt, "first");
  EXPECT_EQ(queue.take()->id, second);
}

TEST(JobQueue, callsBackWhileItWaitsAsLongAsThatIsWanted) {
  JobQueue queue;
  int calls = 0;
  const auto meanwhile = [&] {
    EXPECT_EQ(queue.cancel(JobId{99}), CancelResult::NotFound) << "without the lock";
    if (++calls == 3) push(queue, "later");
    return calls < 3;
  };
  const auto job = queue.take(meanwhile, std::chrono::milliseconds(1));
  ASSERT_TRUE(job);
  EXPECT_EQ(job->request.prompt, "later");
  EXPECT_EQ(calls, 3);
  push(queue, "at once");
  EXPECT_TRUE(queue.take(meanwhile, std::chrono::milliseconds(1)));
  EXPECT_EQ(calls, 3) << "a job was there";
}

TEST(JobQueue, closesWhileItCallsBack) {
  JobQueue queue;
  const auto meanwhile = [&] {
    queue.close();
    return true;
  };
  EXPECT_FALSE(queue.take(meanwhile, std::chrono::milliseconds(1)));
}

TEST(JobQueue, letsAWaitingJobLeaveTheLine) {
  JobQueue queue;
  const JobId first = push(queue), second = push(queue);
  EXPECT_EQ(queue.cancel(first), CancelResult::WasWaiting);
  EXPECT_EQ(queue.cancel(first), CancelResult::NotFound);
  EXPECT_EQ(queue.take()->id, second);
}

TEST(JobQueue, stopsOnlyTheRunningJob) {
  JobQueue queue;
  const JobId first = push(queue);
  push(queue);
  queue.take();
  const std::stop_token running = queue.runningToken();
  EXPECT_EQ(queue.cancel(first), CancelResult::IsRunning);
  EXPECT_TRUE(running.stop_requested());
  queue.take();
  EXPECT_FALSE(queue.runningToken().stop_requested());
  EXPECT_EQ(queue.cancel(first), CancelResult::NotFound);
  EXPECT_FALSE(queue.runningToken().stop_requested());
}

TEST(JobQueue, closesByDroppingWhatWaitsAndStoppingWhatRuns) {
  JobQueue queue;
  const JobId running = push(queue), waiting = push(queue);
  ASSERT_EQ(queue.take()->id, running);
  const std::stop_token token = queue.runningToken();
  queue.close();
  EXPECT_TRUE(token.stop_requested());
  EXPECT_FALSE(queue.take());
  EXPECT_EQ(queue.cancel(waiting), CancelResult::NotFound);
  push(queue);
  EXPECT_FALSE(queue.take());
}

TEST(JobQueue, wakesAWaitingTakerWhenItCloses) {
  JobQueue queue;
  std::atomic<bool> gotNothing = false;
  std::thread taker([&] { gotNothing = !queue.take(); });
  queue.close();
  taker.join();
  EXPECT_TRUE(gotNothing);
}

TEST(JobQueue, losesAndDoublesNothingUnderManyThreads) {
  constexpr int kThreads = 4, kJobs = 200;
  JobQueue queue;
  std::latch start(kThreads + 1);
  std::atomic<int> withdrawn = 0;
  std::vector<std::thread> pushers;
  pushers.reserve(kThreads);
  for (int t = 0; t < kThreads; ++t) {
    pushers.emplace_back([&, t] {
      start.arrive_and_wait();
      for (int i = 0; i < kJobs; ++i) {
        const JobId id = push(queue);
        if ((i + t) % 3 == 0 && queue.cancel(id) == CancelResult::WasWaiting) ++withdrawn;
      }
    });
  }
  std::set<std::uint64_t> taken;
  std::thread taker([&] {
    start.arrive_and_wait();
    while (const auto job = queue.take()) {
      EXPECT_TRUE(taken.insert(job->id.value).second);
      (void)queue.runningToken().stop_requested();
      if (job->request.prompt == "last") break;
    }
  });
  for (std::thread& pusher : pushers) pusher.join();
  push(queue, "last");
  taker.join();
  EXPECT_EQ(static_cast<int>(taken.size()) + withdrawn, kThreads * kJobs + 1);
}

/// One that is kept on disk.
Job keptJob(const std::string& id) {
  Job job;
  job.resumes = id;
  return job;
}

TEST(JobQueue, letsAKeptJobGiveWayAndGoOnBehindTheOneThatCameFirst) {
  JobQueue queue;
  const JobId kept = queue.push(keptJob("a"));
  push(queue, "later");
  Job running = *queue.take();
  const std::stop_token stop = queue.runningToken();
  queue.pushFirst(keptJob("urgent"));
  EXPECT_TRUE(stop.stop_requested());
  EXPECT_EQ(queue.stopReason(), JobQueue::Stop::GivesWay);
  queue.putBack(std::move(running));
  EXPECT_EQ(queue.take()->resumes, "urgent");
  EXPECT_EQ(queue.stopReason(), JobQueue::Stop::NotAsked);
  EXPECT_EQ(queue.take()->id, kept);
  EXPECT_EQ(queue.take()->request.prompt, "later");
}

TEST(JobQueue, stopsNoJobForAnotherThatCouldNotGoOn) {
  JobQueue queue;
  const JobId running = push(queue);
  queue.take();
  queue.pushFirst(keptJob("urgent"));
  queue.pause(running);
  EXPECT_FALSE(queue.runningToken().stop_requested());
  EXPECT_EQ(queue.take()->resumes, "urgent");
}

TEST(JobQueue, pausesTheRunningJobUnlessItIsCancelled) {
  JobQueue queue;
  const JobId job = queue.push(keptJob("a"));
  queue.pause(job);
  queue.take();
  EXPECT_FALSE(queue.runningToken().stop_requested()) << "it did not run";
  queue.pause(job);
  EXPECT_EQ(queue.stopReason(), JobQueue::Stop::Paused);
  queue.cancel(job);
  EXPECT_EQ(queue.stopReason(), JobQueue::Stop::Cancelled);
  queue.close();
  EXPECT_EQ(queue.stopReason(), JobQueue::Stop::Cancelled);
}

}  // namespace
}  // namespace studio::engine
