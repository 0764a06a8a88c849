#include "engine/pipeline/room_watch.h"

#include "engine/memory/budget_allocator.h"
#include "engine/pipeline/job_journal.h"
#include "engine/pipeline/local_generator.h"
#include "engine/pipeline/recovery.h"
#include "tests/engine/pipeline/resume_fixture.h"
#include "tests/engine/pipeline/watched_machine.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <memory>

/// Main memory that other programs take while a job runs.
namespace studio::engine {
namespace {

using namespace std::chrono_literals;

class RoomWatchTest : public ResumeTest {
 protected:
  void SetUp() override { installBudgetAllocator(); }
  void TearDown() override { setHostLimit({}); }

  static EngineOptions exactOptions() {
    return {.precision = Precision::Float32, .threads = 1, .preview = PreviewMode::Off, .checkpoint = false};
  }
  /// The picture of a job on the machine, and its events.
  at::Tensor pictureOn(WatchedMachine& machine, std::vector<EngineEvent>& events, const EngineOptions& options) {
    generator_ = std::make_unique<LocalGenerator>(options, LogSink(), machine.seen());
    events = run(appleRequest());
    const auto pictures = only<ImageFinished>(events);
    return pictures.empty() ? at::Tensor() : tensorOf(pictures.front().image);
  }
  at::Tensor undisturbed() {
    WatchedMachine machine;
    std::vector<EngineEvent> events;
    at::Tensor picture = pictureOn(machine, events, exactOptions());
    EXPECT_TRUE(only<RungTaken>(events).empty());
    return picture;
  }
};

TEST_F(RoomWatchTest, boundsTheEngineByWhatIsFreeButForHalfTheMargin) {
  WatchedMachine machine;
  {
    RoomWatch room(machine.seen());
    room.begin({}, at::kCPU);
    EXPECT_EQ(hostLimit().count, 3072 * kMebi - kHalfMargin);
    EXPECT_FALSE(room.isShort());
    room.begin({.reserve = {kMebi << 10}}, at::kCPU);
    EXPECT_EQ(hostLimit().count, 2048 * kMebi - kHalfMargin);
    machine.forEngine = 100 * kMebi;
    room.look();
    EXPECT_EQ(hostLimit().count, 1) << "not everything";
    room.end();
    EXPECT_EQ(hostLimit().count, 0);
    room.look();
  }
  EXPECT_EQ(hostLimit().count, 0) << "nobody is there to raise it again";
}

TEST_F(RoomWatchTest, looksAsOftenAsItIsAllowedTo) {
  WatchedMachine machine;
  RoomWatch seldom(machine.seen(), gpuRoom, 1h), always(machine.seen(), gpuRoom, 0s);
  seldom.begin({}, at::kCPU);
  EXPECT_FALSE(seldom.lookIfDue());
  EXPECT_EQ(machine.looks, 1);
  EXPECT_TRUE(always.lookIfDue());
  EXPECT_TRUE(always.lookIfDue());
  EXPECT_EQ(machine.looks, 3);
}

TEST_F(RoomWatchTest, isShortWhenHalfOfTheMarginIsGone) {
  trimCache();
  WatchedMachine machine;
  RoomWatch room(machine.seen());
  const auto isShortWith = [&](std::int64_t free) {
    machine.forEngine = WatchedMachine::held() + free;
    room.look();
    return room.isShort();
  };
  EXPECT_FALSE(isShortWith(kHalfMargin));
  EXPECT_TRUE(isShortWith(kHalfMargin - 1));
  RoomWatch blind([] { return HostMemory(); });
  blind.look();
  EXPECT_FALSE(blind.isShort()) << "nothing is known";
  EXPECT_EQ(hostLimit().count, 0);
}

TEST_F(RoomWatchTest, keepsABudgetThatWasAskedForUnlessTheMachineHasLess) {
  WatchedMachine machine;
  RoomWatch room(machine.seen());
  room.begin({.deviceBudget = {500 * kMebi}}, at::kCPU);
  EXPECT_EQ(room.budget().count, 500 * kMebi);
  machine.forEngine = 700 * kMebi + WatchedMachine::held();
  room.look();
  EXPECT_LE(room.budget().count, 445 * kMebi);
  EXPECT_GT(room.budget().count, 400 * kMebi);
  machine.forEngine = std::int64_t{3} << 30;
  room.look();
  EXPECT_EQ(room.budget().count, 500 * kMebi);
}

/// Nothing runs on one here; only what is told of it counts.
class GpuWatchTest : public RoomWatchTest {
 protected:
  const at::Device gpuDevice_{at::kCUDA, 0};
  DeviceRoom gpu_{{8192 * kMebi}, {6000 * kMebi}, {1000 * kMebi}, {200 * kMebi}};
  WatchedMachine machine_;
  RoomWatch room_{machine_.seen(), [this](at::Device device) {
                    EXPECT_EQ(device, gpuDevice_);
                    return gpu_;
                  }};
};

TEST_F(GpuWatchTest, plansWithWhatIsFreeThereAndWhatTheEngineHolds) {
  room_.begin({}, gpuDevice_);
  EXPECT_EQ(room_.budget().count, 7000 * kMebi - 256 * kMebi);
  room_.begin({.deviceBudget = {2000 * kMebi}, .reserve = {500 * kMebi}}, gpuDevice_);
  EXPECT_EQ(room_.budget().count, 1500 * kMebi);
  gpu_ = {{24576 * kMebi}, {24000 * kMebi}, {}, {}};
  room_.begin({.reserve = {500 * kMebi}}, gpuDevice_);
  EXPECT_EQ(room_.budget().count, 24000 * kMebi - 24576 * kMebi / 100 * 3 - 500 * kMebi);
  gpu_ = {};
  room_.begin({}, gpuDevice_);
  EXPECT_EQ(room_.budget().count, 0) << "where nothing is known there is no limit";
  room_.begin({.deviceBudget = {2000 * kMebi}}, gpuDevice_);
  EXPECT_EQ(room_.budget().count, 2000 * kMebi);
}

TEST_F(GpuWatchTest, isShortWhenOthersTakeMoreThanHalfOfTheMargin) {
  room_.begin({}, gpuDevice_);
  EXPECT_FALSE(room_.isShort());
  gpu_.free = {kHalfMargin - 1}, gpu_.unused = {};
  EXPECT_FALSE(room_.isShort()) << "as it was at the last look";
  room_.look();
  EXPECT_TRUE(room_.isShort());
  EXPECT_TRUE(room_.findsPressure());
  gpu_.unused = {1};
  room_.look();
  EXPECT_FALSE(room_.isShort()) << "what is only kept can be given back";
  gpu_.unused = {};
  room_.begin({}, at::kCPU);
  EXPECT_FALSE(room_.isShort()) << "a job on the processor has no part in it";
}

TEST_F(RoomWatchTest, aJobKeepsLessInMemoryWhenOthersTakeIt) {
  const at::Tensor whole = undisturbed();
  WatchedMachine machine;
  machine.tightAt = 3;  // after the beginning and the text encoder's phase
  machine.left = kHalfMargin - kMebi;
  std::vector<EngineEvent> events;
  const at::Tensor picture = pictureOn(machine, events, exactOptions());
  ASSERT_TRUE(picture.defined());
  const auto rungs = only<RungTaken>(events);
  ASSERT_EQ(rungs.size(), 1U);
  EXPECT_EQ(rungs[0].what.pattern.find("Other programs have taken memory"), 0U) << rungs[0].what.pattern;
  EXPECT_EQ(rungs[0].phase, Phase::Denoise);
  EXPECT_LE(distance(picture, whole), 1) << "strips round once";
  const auto plans = only<JobPlanned>(events);
  ASSERT_EQ(plans.size(), 2U);
  EXPECT_LT(plans[1].plan.peak(), plans[0].plan.peak());
  EXPECT_EQ(only<JobFinished>(events).front().rungs.size(), 1U);
  EXPECT_EQ(hostLimit().count, 0) << "no job runs";
}

TEST_F(RoomWatchTest, thatMemoryWasShortIsKnownAfterACrash) {
  WatchedMachine machine;
  machine.tightAt = 3;
  machine.left = kHalfMargin - kMebi;
  EngineOptions kept = exactOptions();
  kept.checkpoint = true, kept.stateFolder = state();
  bool gaveWay = false;
  const LogSink atRung = [&](LogLevel, std::string_view, std::string_view) {
    waitForCheckpoint([](const JobCheckpoint& now) { return now.memoryWasShort; });
    takeSnapshot("crash");
    gaveWay = true;
  };
  generator_ = std::make_unique<LocalGenerator>(kept, atRung, machine.seen());
  run(appleRequest());
  ASSERT_TRUE(gaveWay);
  goBackTo("crash");
  ASSERT_EQ(jobs().size(), 1U);
  EXPECT_EQ(jobs()[0].crashes, 1);
  EXPECT_TRUE(jobs()[0].memoryWasShort);
}

TEST_F(RoomWatchTest, whatMainMemoryRefusesIsDoneInASmallerWay) {
  const at::Tensor whole = undisturbed();
  WatchedMachine machine;
  machine.tightAt = 3;
  machine.left = kHalfMargin + kMebi / 2;  // enough as it is, not for what comes
  EngineOptions options = exactOptions();
  options.memoryMode = MemoryMode::HighVram;
  std::vector<EngineEvent> events;
  const at::Tensor picture = pictureOn(machine, events, options);
  const auto rungs = only<RungTaken>(events);
  ASSERT_FALSE(rungs.empty());
  ASSERT_NE(rungs[0].memory, nullptr);
  EXPECT_TRUE(rungs[0].memory->host);
  ASSERT_TRUE(picture.defined()) << rungs.back().what.text();
  EXPECT_LE(distance(picture, whole), 1);
}

TEST_F(RoomWatchTest, looksBetweenStepsToo) {
  const c10::InferenceMode inference;
  const GenerationRequest request = appleRequest();
  const EngineOptions options = exactOptions();
  WatchedMachine machine;
  RoomWatch room(machine.seen(), gpuRoom, 0s);
  room.begin(options, at::kCPU);
  std::vector<EngineEvent> events;
  Job job{JobId{1}, request, {}, options};
  WriterThread writer;
  JobJournal journal(job, writer);
  const auto keep = [&](EngineEvent event) { events.push_back(std::move(event)); };
  const JobContext context{job.id, {}, options, {}, keep, journal.started(), &journal, {}, &room};
  LoadedModel model(request, RecipeResolver().resolve(options));
  Recovery recovery(model, nullptr, request, context);
  recovery.placeAhead();
  recovery.enter(Phase::Denoise);
  const std::int64_t resident = model.unet().residency->residentBytes();
  ASSERT_GT(resident, 0);
  recovery.setStep(1);
  EXPECT_EQ(model.unet().residency->residentBytes(), resident) << "there is room";
  trimCache();  // it would be enough
  machine.tightAt = machine.looks + 1;
  machine.left = kHalfMargin - kMebi;
  recovery.setStep(2);
  EXPECT_LT(model.unet().residency->residentBytes(), resident);
  const auto rungs = only<RungTaken>(events);
  ASSERT_EQ(rungs.size(), 1U);
  EXPECT_EQ(rungs[0].step, 2);
  EXPECT_EQ(recovery.execution().rungs, 1);
  recovery.setStep(3);
  EXPECT_EQ(only<RungTaken>(events).size(), 1U) << "there is nothing more to give";
}

}  // namespace
}  // namespace studio::engine
