#include "engine/device/host_memory.h"
#include "engine/memory/budget_allocator.h"
#include "engine/memory/host_share.h"
#include "engine/pipeline/device_room.h"
#include "tests/engine/pipeline/pipeline_fixture.h"

#include <ATen/TensorOperators.h>

#include <algorithm>

/// A job under budgets and modes: the plan is kept, and the picture does not change by a bit.
namespace studio::engine {
namespace {

class MemoryPlanTest : public PipelineTest {
 protected:
  struct Outcome {
    at::Tensor picture;
    MemoryPlan plan;
    Bytes measured, measuredHost;
  };

  /// By a generator that has no model yet.
  Outcome fresh(const EngineOptions& options, const GenerationRequest& request = appleRequest()) {
    EngineOptions exact = options;
    exact.precision = Precision::Float32, exact.threads = 1, exact.preview = PreviewMode::Off;
    generator_ = makeGenerator(exact, {});
    Outcome outcome;
    const std::vector<EngineEvent> events = run(request);
    if (only<JobFinished>(events).empty()) {
      ADD_FAILURE() << only<JobFailed>(events).at(0).error.message;
      return outcome;
    }
    outcome.plan = only<JobPlanned>(events).at(0).plan;
    outcome.measured = only<JobFinished>(events).at(0).peakDeviceBytes;
    outcome.measuredHost = hostPool().peak;
    outcome.picture = tensorOf(only<ImageFinished>(events).at(0).image);
    EXPECT_EQ(only<JobFinished>(events).at(0).predictedPeakBytes, outcome.plan.peak());
    return outcome;
  }

  static void expectPredicted(const Outcome& outcome) {
    if (outcome.plan.peak().count == 0) {
      EXPECT_EQ(outcome.measured.count, 0);
      return;
    }
    const double ratio = static_cast<double>(outcome.measured.count) / static_cast<double>(outcome.plan.peak().count);
    EXPECT_GE(ratio, 0.97);
    EXPECT_LE(ratio, 1.01);
  }
};

TEST_F(MemoryPlanTest, predictsThePeakOfAJobInEveryMode) {
  for (const auto& choice : kMemoryModes) {
    SCOPED_TRACE(choice.id);
    expectPredicted(fresh({.memoryMode = choice.value}));
  }
}

TEST_F(MemoryPlanTest, predictsThePeakOfLargerWorkToo) {
  GenerationRequest request = appleRequest();
  request.batchSize = 3, request.batchCount = 2, request.steps = 2;
  request.size = {128, 64};
  request.prompt = "(a red apple:1.2) AND a bowl BREAK on a table";
  expectPredicted(fresh({}, request));
  request.guidanceScale = 1, request.prompt = "apple";
  expectPredicted(fresh({}, request));
}

TEST_F(MemoryPlanTest, makesTheSamePictureInEveryMode) {
  const Outcome whole = fresh({});
  for (const auto& choice : kMemoryModes) {
    SCOPED_TRACE(choice.id);
    const Outcome outcome = fresh({.memoryMode = choice.value});
    EXPECT_TRUE(outcome.picture.equal(whole.picture));
    EXPECT_EQ(outcome.plan.mode, choice.value);
  }
}

TEST_F(MemoryPlanTest, leavesTheDeviceToTheNetworkThatDenoises) {
  const Outcome whole = fresh({}), hybrid = fresh({.memoryMode = MemoryMode::Hybrid});
  EXPECT_EQ(hybrid.plan.phaseOf(Phase::Encode)->weights, whole.plan.placementOf("unet")->resident);
  EXPECT_GT(hybrid.plan.phaseOf(Phase::Encode)->host.count, 0);
  EXPECT_GE(hybrid.measuredHost, hybrid.plan.hostPeak());
  // A text encoder and a VAE take more here than this budget.
  const Bytes least = fresh({.memoryMode = MemoryMode::Streaming}).plan.phaseOf(Phase::Denoise)->peak();
  const Outcome tight = fresh({.memoryMode = MemoryMode::Hybrid, .deviceBudget = {least.count * 11 / 10}});
  EXPECT_TRUE(tight.picture.equal(whole.picture));
  EXPECT_LE(tight.measured.count, least.count * 11 / 10);
  EXPECT_GT(tight.plan.placementOf("unet")->streamed.count, 0);
  expectPredicted(tight);
}

TEST_F(MemoryPlanTest, hasARefinerAndPreviewsWorkWhereTheModeSays) {
  GenerationRequest request = appleRequest();
  request.model = tests::writeSingleFile(folder_ / "p.safetensors");
  tests::writeSingleFile(folder_ / "p-preview.safetensors", {.networks = {"tiny_vae"}});
  request.refiner = model(), request.refinerSwitchAt = 0.5, request.batchCount = 2;
  at::Tensor whole;
  for (const MemoryMode mode : {MemoryMode::Automatic, MemoryMode::HighVram, MemoryMode::Hybrid, MemoryMode::Cpu}) {
    SCOPED_TRACE(idOf(mode));
    generator_ = makeGenerator(
        {.precision = Precision::Float32, .threads = 1, .memoryMode = mode, .preview = PreviewMode::Decoder}, {});
    const std::vector<EngineEvent> events = run(request);
    ASSERT_EQ(only<ImageFinished>(events).size(), 2U);
    const at::Tensor picture = tensorOf(only<ImageFinished>(events).at(0).image);
    EXPECT_FALSE(only<PreviewReady>(events).empty());
    EXPECT_TRUE(picture.equal(whole.defined() ? whole : picture));
    whole = picture;
    const MemoryPlan plan = only<JobPlanned>(events).at(0).plan;
    EXPECT_EQ(plan.placementOf("refiner")->place, mode == MemoryMode::Cpu ? WorkPlace::Host : WorkPlace::Device);
    EXPECT_EQ(plan.placementOf("preview")->place,
              hostShareOf(mode) == HostShare::Nobody ? WorkPlace::Device : WorkPlace::Host);
    expectPredicted({{}, plan, only<JobFinished>(events).at(0).peakDeviceBytes, {}});
    const std::vector<EngineEvent> again = run(request);
    const MemoryPlan second = only<JobPlanned>(again).at(0).plan;
    expectPredicted({{}, second, only<JobFinished>(again).at(0).peakDeviceBytes, {}});
  }
}

TEST_F(MemoryPlanTest, takesNothingOfTheDeviceOnTheProcessor) {
  const Outcome cpu = fresh({.memoryMode = MemoryMode::Cpu, .deviceBudget = {1000}});
  EXPECT_EQ(cpu.measured.count, 0);
  EXPECT_GE(cpu.measuredHost, cpu.plan.hostPeak());
}

TEST_F(MemoryPlanTest, changesPlacesBetweenJobs) {
  const Outcome whole = fresh({});
  for (const MemoryMode mode : {MemoryMode::Hybrid, MemoryMode::HighVram, MemoryMode::Cpu, MemoryMode::Automatic}) {
    SCOPED_TRACE(idOf(mode));
    generator_->setOptions(
        {.precision = Precision::Float32, .threads = 1, .memoryMode = mode, .preview = PreviewMode::Off});
    const std::vector<EngineEvent> events = run(appleRequest());
    EXPECT_TRUE(tensorOf(only<ImageFinished>(events).at(0).image).equal(whole.picture));
    expectPredicted({{}, only<JobPlanned>(events).at(0).plan, only<JobFinished>(events).at(0).peakDeviceBytes, {}});
  }
}

TEST_F(MemoryPlanTest, leavesTheReserveToOthers) {
  const Bytes peak = fresh({}).plan.peak();
  const Bytes reserve{peak.count / 4};
  const Outcome tight = fresh({.deviceBudget = peak, .reserve = reserve});
  EXPECT_EQ(tight.plan.budget.count, peak.count - reserve.count);
  EXPECT_LE(tight.measured, tight.plan.budget);
  const Outcome free = fresh({.reserve = reserve});
  EXPECT_GT(free.plan.budget, peak) << "what the machine has free, without the reserve";
}

TEST_F(MemoryPlanTest, saysOnceThatThereIsNothingToPinFor) {
  generator_ = makeGenerator({.precision = Precision::Float32, .threads = 1, .pinned = PinnedMemory::On}, {});
  const auto remarks = [](const std::vector<EngineEvent>& events) {
    const std::vector<Notice> notices = only<Notice>(events);
    return std::count_if(notices.begin(), notices.end(),
                         [](const Notice& notice) { return notice.wording.text().starts_with("Pinned memory"); });
  };
  EXPECT_EQ(remarks(run(appleRequest())), 1);
  EXPECT_EQ(remarks(run(appleRequest())), 0);
}

TEST_F(MemoryPlanTest, streamsTheSamePictureThroughASmallBudget) {
  const Outcome whole = fresh({});
  const Outcome least = fresh({.memoryMode = MemoryMode::Streaming});
  EXPECT_TRUE(least.picture.equal(whole.picture));
  ASSERT_LT(least.plan.peak(), whole.plan.peak());
  for (const double share : {0.0, 0.3, 0.6, 0.9}) {
    const auto room = static_cast<double>(whole.plan.peak().count - least.plan.peak().count);
    const Bytes budget{least.plan.peak().count + static_cast<std::int64_t>(share * room)};
    const Outcome tight = fresh({.deviceBudget = budget});
    EXPECT_TRUE(tight.picture.equal(whole.picture)) << share;
    EXPECT_LE(tight.measured, budget);
    EXPECT_LE(tight.plan.peak(), budget);
    expectPredicted(tight);
  }
}

TEST_F(MemoryPlanTest, decodesTheSamePictureInStrips) {
  GenerationRequest large = appleRequest();
  large.size = {256, 320};
  const Outcome whole = fresh({.memoryMode = MemoryMode::Streaming}, large);
  EXPECT_EQ(whole.plan.decode, DecodeWay{});
  const Outcome asked = fresh({.memoryMode = MemoryMode::Streaming, .decode = DecodeMode::Strips}, large);
  EXPECT_EQ(asked.plan.decode.mode, DecodeMode::Strips);
  EXPECT_TRUE(asked.picture.equal(whole.picture));
  expectPredicted(asked);
  const Bytes peak = whole.plan.phaseOf(Phase::Decode)->peak(), less = asked.plan.phaseOf(Phase::Decode)->peak();
  ASSERT_LT(less, peak);
  const Outcome tight = fresh({.deviceBudget = {(less.count + peak.count) / 2}}, large);
  EXPECT_EQ(tight.plan.decode.mode, DecodeMode::Strips);
  EXPECT_TRUE(tight.picture.equal(whole.picture));
  EXPECT_LE(tight.measured, tight.plan.budget);
  expectPredicted(tight);
}

TEST_F(MemoryPlanTest, decodesNearlyTheSamePictureInTiles) {
  GenerationRequest large = appleRequest();
  large.size = {256, 320}, large.steps = 2;
  const Outcome strips = fresh({.memoryMode = MemoryMode::Streaming, .decode = DecodeMode::Strips}, large);
  const Outcome tiles = fresh({.memoryMode = MemoryMode::Streaming, .decode = DecodeMode::Tiles}, large);
  EXPECT_EQ(tiles.plan.decode.mode, DecodeMode::Tiles);
  EXPECT_LT(tiles.plan.phaseOf(Phase::Decode)->peak(), strips.plan.phaseOf(Phase::Decode)->peak());
  EXPECT_FALSE(tiles.picture.equal(strips.picture));
  // Of 255 levels, for a picture that is mostly noise; how near tiles come to the whole is in tiles_test.
  const at::Tensor difference = (tiles.picture.to(at::kFloat) - strips.picture.to(at::kFloat)).abs();
  EXPECT_LT(difference.mean().item<float>(), 15.0F);
  expectPredicted(tiles);
}

TEST_F(MemoryPlanTest, knowsThatCompactWeightsStayCompact) {
  GenerationRequest request = appleRequest();
  request.model = folder_ / "small.gguf";
  ASSERT_TRUE(makeConverter()->convert({model(), request.model, StorageFormat::Q8_0}, {}, [](Bytes, Bytes) {}));
  const Outcome whole = fresh({}, request);
  expectPredicted(whole);
  EXPECT_LT(whole.plan.placementOf("unet")->resident.count, fresh({}).plan.placementOf("unet")->resident.count);
  const Outcome streamed = fresh({.memoryMode = MemoryMode::Streaming}, request);
  expectPredicted(streamed);
  EXPECT_LT(streamed.plan.peak(), whole.plan.peak());
  EXPECT_TRUE(streamed.picture.equal(whole.picture));
}

TEST_F(MemoryPlanTest, refusesWhatNoPlanCanHoldAndSaysHowMuchItTakes) {
  generator_ = makeGenerator(
      {.precision = Precision::Float32, .threads = 1, .deviceBudget = {200'000}, .oomPolicy = OomPolicy::Off}, {});
  const EngineError error = failure(appleRequest());
  EXPECT_EQ(error.kind, ErrorKind::OutOfMemory);
  EXPECT_NE(error.message.find("MiB"), std::string::npos) << error.message;
  generator_->setOptions({.precision = Precision::Float32, .threads = 1});
  EXPECT_LE(distance(pictures(appleRequest()), tests::golden("picture.apple")), kPictureTolerance);
}

TEST_F(MemoryPlanTest, keepsNetworksForTheNextJobWhereTheyHaveRoom) {
  const Outcome first = fresh({});
  const std::vector<EngineEvent> events = run(appleRequest());
  const MemoryPlan second = only<JobPlanned>(events).at(0).plan;
  EXPECT_GT(second.phaseOf(Phase::Denoise)->weights, first.plan.phaseOf(Phase::Denoise)->weights) << "the VAE stayed";
  const double ratio = static_cast<double>(only<JobFinished>(events).at(0).peakDeviceBytes.count) /
                       static_cast<double>(second.peak().count);
  EXPECT_GE(ratio, 0.97);
  EXPECT_LE(ratio, 1.01);
}

TEST(DeviceRoom, isTheBudgetOrWhatIsFreeWithoutTheReserve) {
  EXPECT_EQ(usableBudget({}, Bytes{}), Bytes{0}) << "nothing is known: no limit";
  EXPECT_EQ(usableBudget({}, Bytes{50}), Bytes{50});
  EXPECT_EQ(usableBudget({.deviceBudget = {100}}, Bytes{}), Bytes{100});
  EXPECT_EQ(usableBudget({.deviceBudget = {100}}, Bytes{50}), Bytes{50});
  EXPECT_EQ(usableBudget({.deviceBudget = {100}, .reserve = {30}}, Bytes{200}), Bytes{70});
  EXPECT_EQ(usableBudget({.reserve = {300}}, Bytes{200}), Bytes{1}) << "never no limit";
}

TEST(DeviceRoom, keepsJobsOnTheProcessorWithinTheMachinesMemory) {
  const Bytes room = usableBudget({}, at::kCPU);
  EXPECT_GT(room.count, 0);
  EXPECT_LT(room, hostMemory().total);
}

}  // namespace
}  // namespace studio::engine
