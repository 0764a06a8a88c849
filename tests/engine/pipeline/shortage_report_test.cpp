#include "engine/pipeline/shortage_report.h"

#include "engine/memory/budget_allocator.h"
#include "tests/engine/pipeline/pipeline_fixture.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>

/// What a job that ran out of memory says about it, and that its steps are kept.
namespace studio::engine {
namespace {

namespace fs = std::filesystem;

class ShortageReportTest : public PipelineTest {
 protected:
  EngineOptions options() const {
    EngineOptions options;
    options.precision = Precision::Float32;
    options.threads = 1;
    options.preview = PreviewMode::Off;
    options.stateFolder = folder_ / "state";
    options.oomPolicy = OomPolicy::Off;
    return options;
  }
  void restart(const EngineOptions& options) {
    generator_.reset();
    generator_ = makeGenerator(options, {});
  }
  /// How many allocations a whole job makes, and its planned peak.
  void measure() {
    restart(options());
    const auto events = run(appleRequest());
    planned_ = only<JobFinished>(events).at(0).predictedPeakBytes;
    whole_ = picturesOf(events);
    allocations_ = deviceAllocations();
  }
  static std::vector<at::Tensor> picturesOf(const std::vector<EngineEvent>& events) {
    std::vector<at::Tensor> pictures;
    for (const ImageFinished& picture : only<ImageFinished>(events))
      pictures.push_back(tensorOf(picture.image).clone());
    return pictures;
  }
  /// The failure of a job whose allocations fail beyond half of them.
  JobFailed failHalfway(EngineOptions options) {
    options.failAllocation = {.number = allocations_ / 2};
    restart(options);
    const auto failures = only<JobFailed>(run(appleRequest()));
    EXPECT_EQ(failures.size(), 1U);
    return failures.empty() ? JobFailed() : failures.front();
  }

  Bytes planned_;
  std::int64_t allocations_ = 0;
  std::vector<at::Tensor> whole_;
};

const MemoryFix* fixWith(const std::vector<MemoryFix>& fixes, const std::string& words) {
  const auto found = std::find_if(fixes.begin(), fixes.end(), [&](const MemoryFix& fix) {
    return fix.what.text().find(words) != std::string::npos;
  });
  return found == fixes.end() ? nullptr : &*found;
}

TEST_F(ShortageReportTest, fixesSayWhatTimeTheyCostOnceItIsKnown) {
  measure();
  const JobFailed unmeasured = failHalfway(options());
  ASSERT_FALSE(unmeasured.error.memory->fixes.empty());
  for (const MemoryFix& fix : unmeasured.error.memory->fixes) EXPECT_FALSE(fix.seconds) << fix.what.text();
  EngineOptions measured = options();
  measured.cacheFolder = folder_ / "cache";
  restart(measured);
  run(appleRequest());
  const JobFailed failed = failHalfway(measured);
  ASSERT_FALSE(failed.error.memory->fixes.empty());
  for (const MemoryFix& fix : failed.error.memory->fixes) {
    ASSERT_TRUE(fix.seconds) << fix.what.text();
    EXPECT_LT(std::abs(fix.seconds->count()), 60) << fix.what.text();
  }
  const MemoryFix* streaming = fixWith(failed.error.memory->fixes, "(streaming)");
  ASSERT_NE(streaming, nullptr);
  EXPECT_GT(streaming->seconds->count(), 0) << "every part is brought in again and again";
}

TEST_F(ShortageReportTest, aFailureTellsWhatWasAskedForAndWhoHeldWhat) {
  measure();
  const JobFailed failed = failHalfway(options());
  ASSERT_NE(failed.error.memory, nullptr);
  const MemoryReport& report = *failed.error.memory;
  EXPECT_EQ(report.phase, Phase::Denoise);
  EXPECT_GT(report.step, 0);
  EXPECT_EQ(report.step, failed.kept.step);
  EXPECT_TRUE(report.ran);
  EXPECT_FALSE(report.host);
  EXPECT_GT(report.asked.count, 0);
  EXPECT_GT(report.free.count, 0);
  EXPECT_EQ(report.predictedPeak, planned_);
  EXPECT_GT(report.measuredPeak.count, 0);
  EXPECT_LE(report.measuredPeak.count, planned_.count * 101 / 100);
  std::int64_t own = 0;
  for (const MemoryHolder& holder : report.holders) {
    if (holder.kind == MemoryHolder::Kind::Weights || holder.kind == MemoryHolder::Kind::Activations)
      own += holder.bytes.count;
  }
  EXPECT_EQ(own, report.inUse.count) << "networks and activations are all that is in use";
  const auto unet = std::find_if(report.holders.begin(), report.holders.end(),
                                 [](const MemoryHolder& holder) { return holder.name == "unet"; });
  ASSERT_NE(unet, report.holders.end());
  EXPECT_GT(unet->blocks, 1);
  EXPECT_EQ(unet->presentBlocks, unet->blocks);
}

TEST_F(ShortageReportTest, aFailedJobGoesOnWithOtherOptionsToTheSamePicture) {
  measure();
  const JobFailed failed = failHalfway(options());
  ASSERT_TRUE(failed.kept);
  EXPECT_EQ(failed.kept.of, appleRequest().steps);
  ASSERT_NE(fixWith(failed.error.memory->fixes, "streaming"), nullptr);
  const MemoryFix& fix = *fixWith(failed.error.memory->fixes, "streaming");
  EXPECT_TRUE(fix.keepsSteps());
  EXPECT_LT(fix.peak, planned_);
  EXPECT_EQ(fix.effect, PictureEffect::Identical);
  generator_->setOptions(options());  // nothing fails from here on
  const auto events = eventsOf(generator_->resume(failed.kept.id, fix.options));
  const auto finished = only<JobFinished>(events);
  ASSERT_EQ(finished.size(), 1U);
  EXPECT_EQ(finished[0].resumedFromStep, failed.kept.step);
  EXPECT_EQ(finished[0].predictedPeakBytes, fix.peak) << "the fix does what it said";
  EXPECT_GT(finished[0].streamedBytesPerStep.count, 0);
  const auto pictures = picturesOf(events);
  ASSERT_EQ(pictures.size(), whole_.size());
  EXPECT_EQ(distance(pictures.front(), whole_.front()), 0);
}

TEST_F(ShortageReportTest, aBudgetThatIsTooSmallOffersALargerOneAndSaysWhatWouldNotDo) {
  measure();
  EngineOptions bounded = options();
  bounded.deviceBudget = {planned_.count / 50};
  restart(bounded);
  const auto failures = only<JobFailed>(run(appleRequest()));
  ASSERT_EQ(failures.size(), 1U);
  ASSERT_NE(failures[0].error.memory, nullptr);
  const MemoryReport& report = *failures[0].error.memory;
  EXPECT_FALSE(report.ran);
  EXPECT_FALSE(failures[0].kept) << "nothing was done yet";
  EXPECT_EQ(report.limit, bounded.deviceBudget);
  const MemoryFix* larger = fixWith(report.fixes, "Allow ");
  ASSERT_NE(larger, nullptr);
  EXPECT_GE(larger->options.deviceBudget.value_or(Bytes{}), planned_);
  EXPECT_FALSE(report.notEnough.empty());
  for (const MemoryFix& fix : report.notEnough) EXPECT_GT(fix.peak, report.limit) << fix.what.text();
  for (const MemoryHolder& holder : report.holders)
    EXPECT_NE(holder.kind, MemoryHolder::Kind::OtherProgram) << "they are not in the way of one's own limit";
}

TEST_F(ShortageReportTest, fixesComeGentlestFirstAndTilesAreNotCalledIdentical) {
  measure();
  GenerationRequest request = appleRequest();
  request.batchSize = 2;
  EngineOptions failing = options();
  failing.failAllocation = {.number = 5};
  restart(failing);
  const auto failures = only<JobFailed>(run(request));
  ASSERT_EQ(failures.size(), 1U);
  ASSERT_NE(failures[0].error.memory, nullptr);
  std::vector<MemoryFix> all = failures[0].error.memory->fixes;
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(),
                             [](const MemoryFix& a, const MemoryFix& b) { return a.effect < b.effect; }));
  const auto& others = failures[0].error.memory->notEnough;
  all.insert(all.end(), others.begin(), others.end());
  const MemoryFix* tiles = fixWith(all, "tiles");
  ASSERT_NE(tiles, nullptr);
  EXPECT_EQ(tiles->effect, PictureEffect::SameToTheEye);
  const MemoryFix* batch = fixWith(all, "batch size of 1");
  ASSERT_NE(batch, nullptr);
  EXPECT_FALSE(batch->keepsSteps()) << "a batch is one state";
}

TEST_F(ShortageReportTest, aRungTellsHowThingsWereAndNeedsNoFix) {
  measure();
  EngineOptions recovering = options();
  recovering.oomPolicy = OomPolicy::Lossless;
  recovering.failAllocation = {.number = allocations_ / 2};
  restart(recovering);
  const auto events = run(appleRequest());
  EXPECT_EQ(only<JobFinished>(events).size(), 1U);
  const auto rungs = only<RungTaken>(events);
  ASSERT_FALSE(rungs.empty());
  ASSERT_NE(rungs[0].memory, nullptr);
  EXPECT_EQ(rungs[0].memory->phase, Phase::Denoise);
  EXPECT_GT(rungs[0].memory->asked.count, 0);
  EXPECT_TRUE(rungs[0].memory->fixes.empty());
}

TEST_F(ShortageReportTest, streamedBytesAreTheWeightsThatPassAtEachStep) {
  EngineOptions streaming = options();
  streaming.memoryMode = MemoryMode::Streaming;
  restart(streaming);
  const auto events = run(appleRequest());
  const MemoryPlan plan = only<JobPlanned>(events).at(0).plan;
  ASSERT_NE(plan.placementOf("unet"), nullptr);
  EXPECT_GT(plan.placementOf("unet")->streamed.count, 0);
  EXPECT_EQ(plan.streamedPerStep, plan.placementOf("unet")->streamed) << "one call of the network a step";
  EXPECT_EQ(only<JobFinished>(events).at(0).streamedBytesPerStep, plan.streamedPerStep);
}

}  // namespace
}  // namespace studio::engine
