#include "engine/api/cancelled.h"
#include "engine/memory/budget_allocator.h"
#include "engine/pipeline/device_room.h"
#include "engine/pipeline/error_translation.h"
#include "engine/pipeline/job_journal.h"
#include "engine/pipeline/recovery.h"
#include "engine/pipeline/text_to_image.h"
#include "tests/engine/pipeline/pipeline_fixture.h"

#include <ATen/ops/stack.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <optional>

/// Pictures whose network comes through a ring, as on a GPU: here the device's pool stands for its memory, the host's
/// for main memory, and a thread copies.
namespace studio::engine {
namespace {

class StreamingTest : public PipelineTest {
 protected:
  struct Outcome {
    at::Tensor pictures;  ///< undefined when there are none
    std::vector<EngineEvent> events;
    MemoryPlan plan;  ///< the last one
    Bytes measured, onHost;
    std::int64_t allocations = 0;
    std::optional<EngineError> error;
  };

  /// `ring`: usual bytes of it; 0: as on the processor, where there is none.
  Outcome runWith(const GenerationRequest& request, std::int64_t ring, EngineOptions options = {},
                  const std::stop_token& stop = {}, const std::function<void(const EngineEvent&)>& onEvent = {}) {
    const c10::InferenceMode inference;
    const tests::TemporaryFolder folder;
    options.precision = Precision::Float32, options.threads = 1, options.preview = PreviewMode::Off;
    Outcome outcome;
    Job job{JobId{1}, request, {(folder / "{index}.png").string(), 92}, options};
    WriterThread writer;
    JobJournal journal(job, writer);  // that keeps nothing
    const auto keep = [&](EngineEvent event) {
      if (onEvent) onEvent(event);
      outcome.events.push_back(std::move(event));
    };
    const JobContext context{job.id, job.output, options, stop, keep, journal.started(), &journal};
    PictureWriter::prepareFolder(request, *request.seed, context);
    if (model_ == nullptr) model_ = std::make_unique<LoadedModel>(request, RecipeResolver().resolve(options));
    model_->applyLoras(request.loras, true);
    model_->setStreamRates(ring > 0 ? StreamRates{1e9, 1e9, ring} : StreamRates());
    trimCache();
    resetPeaks();
    setDeviceBudget(options.deviceBudget);
    injectFailure(options.failAllocation);
    try {
      Recovery recovery(*model_, nullptr, request, context);
      recovery.placeAhead();
      TextToImage(*model_, nullptr, recovery, request, *request.seed, context).run();
      outcome.plan = recovery.plan();
    } catch (const Cancelled&) {
    } catch (...) {
      outcome.error = translateCurrentException();
    }
    outcome.measured = devicePool().peak;
    outcome.onHost = model_->unet().residency->hostBytes();
    outcome.allocations = deviceAllocations();
    injectFailure({});
    setDeviceBudget({0});
    std::vector<at::Tensor> pictures;
    for (const ImageFinished& picture : only<ImageFinished>(outcome.events))
      pictures.push_back(tensorOf(picture.image));
    if (!pictures.empty()) outcome.pictures = at::stack(pictures);
    return outcome;
  }

  /// The same with a model that is read anew.
  Outcome freshWith(const GenerationRequest& request, std::int64_t ring, const EngineOptions& options = {}) {
    model_.reset();
    return runWith(request, ring, options);
  }

  static GenerationRequest request() {
    GenerationRequest request = appleRequest();
    request.steps = 3;
    return request;
  }

  GenerationRequest withLora() const {
    GenerationRequest lora = request();
    lora.loras = {{tests::writeLora(folder_ / "some.safetensors", tests::LoraNaming::Kohya), 0.8}};
    return lora;
  }

  static void expectAsPlanned(const Outcome& outcome) {
    ASSERT_FALSE(outcome.error) << outcome.error->message << " " << outcome.error->detail;
    const double ratio = static_cast<double>(outcome.measured.count) / static_cast<double>(outcome.plan.peak().count);
    EXPECT_GE(ratio, 0.97);
    EXPECT_LE(ratio, 1.01);
  }

  const EngineOptions streaming_{.memoryMode = MemoryMode::Streaming};
  std::unique_ptr<LoadedModel> model_;
};

TEST_F(StreamingTest, makesTheSamePicturesBitForBit) {
  for (const GenerationRequest& wanted : {request(), withLora()}) {
    const Outcome whole = freshWith(wanted, 0);
    ASSERT_TRUE(whole.pictures.defined());
    EXPECT_EQ(whole.onHost.count, 0);
    for (const std::int64_t ring : {std::int64_t{1}, std::int64_t{200'000}, std::int64_t{1} << 30}) {
      SCOPED_TRACE(ring);
      const Outcome streamed = freshWith(wanted, ring, streaming_);
      expectAsPlanned(streamed);
      EXPECT_TRUE(streamed.pictures.equal(whole.pictures));
      const NetworkPlacement& unet = *streamed.plan.placementOf("unet");
      EXPECT_GT(unet.ring.count, 0);
      EXPECT_FALSE(unet.passing.empty());
      EXPECT_GE(streamed.onHost, unet.streamed) << "all of it waits on the host";
      EXPECT_EQ(model_->unet().residency->residentBytes(), 0) << "the ring left with its phase";
    }
  }
}

TEST_F(StreamingTest, keepsWithinEveryBudgetThatAPlanKeeps) {
  GenerationRequest pair = request();
  pair.batchCount = 2;
  const Outcome whole = freshWith(pair, 0);
  const std::int64_t least = freshWith(pair, 1, streaming_).plan.phaseOf(Phase::Denoise)->peak().count;
  const std::int64_t most = whole.plan.phaseOf(Phase::Denoise)->peak().count;
  int rings = 0;
  for (const double share : {0.1, 0.3, 0.6, 0.9}) {
    SCOPED_TRACE(share);
    const auto budget = least + static_cast<std::int64_t>(share * static_cast<double>(most - least));
    model_.reset();
    // The text encoder's table is larger than all else: what is planned for the other phases is asked for by the mode.
    const Outcome outcome = runWith(pair, 300'000, {.memoryMode = MemoryMode::LowVram, .deviceBudget = {budget}});
    if (outcome.error) continue;
    EXPECT_LE(outcome.measured.count, budget);
    EXPECT_TRUE(outcome.pictures.equal(whole.pictures));
    rings += outcome.plan.placementOf("unet")->ring.count > 0 ? 1 : 0;
  }
  model_.reset();
  const Outcome half = runWith(pair, 300'000, {.memoryMode = MemoryMode::LowVram});
  expectAsPlanned(half);
  EXPECT_GT(half.plan.placementOf("unet")->ring.count, 0);
  EXPECT_GT(half.plan.placementOf("unet")->resident.count, 0);
  EXPECT_TRUE(half.pictures.equal(whole.pictures));
}

TEST_F(StreamingTest, losesNothingWhereverOneAllocationFails) {
  const Outcome whole = freshWith(request(), 0);
  const std::int64_t count = runWith(request(), 300'000, streaming_).allocations;  // the prompt is known from here on
  ASSERT_GT(count, 100);
  for (std::int64_t number = 1; number <= count; number += 1 + count / 25) {
    SCOPED_TRACE(number);
    EngineOptions options = streaming_;
    options.failAllocation = {.number = number};
    const Outcome outcome = runWith(request(), 300'000, options);
    ASSERT_FALSE(outcome.error) << outcome.error->message << " " << outcome.error->detail;
    EXPECT_TRUE(outcome.pictures.equal(whole.pictures));
    EXPECT_EQ(only<RungTaken>(outcome.events).size(), 1U);
    EXPECT_EQ(only<StepFinished>(outcome.events).size(), 3U) << "no step twice";
  }
}

TEST_F(StreamingTest, beginsInTheMidstOfAJobWhereTheDeviceBecomesSmaller) {
  GenerationRequest small = request();
  small.size = {32, 32};  // weights are to be most of what is taken
  const Outcome whole = freshWith(small, 0);
  runWith(small, 0);  // from here on the prompt is known, and its encoder is not needed
  const Outcome planned = runWith(small, 200'000);
  EXPECT_EQ(planned.plan.placementOf("unet")->ring.count, 0) << "everything stays";
  int rings = 0;
  for (const int percent : {80, 60, 50, 40}) {
    SCOPED_TRACE(percent);
    EngineOptions options;
    options.failAllocation = {.number = planned.allocations / 2, .stickyPercent = percent};
    const Outcome outcome = runWith(small, 200'000, options);
    ASSERT_FALSE(outcome.error) << outcome.error->message << " " << outcome.error->detail;
    EXPECT_TRUE(outcome.pictures.equal(whole.pictures));
    const NetworkPlacement& unet = *outcome.plan.placementOf("unet");
    rings += unet.place == WorkPlace::Device && unet.ring.count > 0 ? 1 : 0;
  }
  EXPECT_GT(rings, 0);
}

TEST_F(StreamingTest, canBeStoppedInTheMiddleOfAPassAndBegunAgain) {
  const Outcome whole = freshWith(request(), 0);
  std::stop_source stop;
  const Outcome stopped = runWith(request(), 300'000, streaming_, stop.get_token(), [&](const EngineEvent& event) {
    const auto* step = std::get_if<StepFinished>(&event);
    if (step != nullptr && step->step == 1) stop.request_stop();
  });
  EXPECT_FALSE(stopped.pictures.defined());
  EXPECT_TRUE(runWith(request(), 300'000, streaming_).pictures.equal(whole.pictures));
}

TEST_F(StreamingTest, followsTheLorasOfEachJob) {
  const GenerationRequest lora = withLora();
  const Outcome plain = freshWith(request(), 0), with = freshWith(lora, 0);
  ASSERT_FALSE(plain.pictures.equal(with.pictures));
  model_.reset();
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(runWith(lora, 300'000, streaming_).pictures.equal(with.pictures));
    EXPECT_TRUE(runWith(request(), 300'000, streaming_).pictures.equal(plain.pictures));
  }
}

TEST_F(StreamingTest, leavesTheHostAloneWhereEverythingStays) {
  freshWith(request(), 300'000, streaming_);
  const Outcome whole = runWith(request(), 300'000);
  EXPECT_EQ(whole.onHost.count, 0) << "what waited there is not needed any more";
  EXPECT_EQ(whole.plan.placementOf("unet")->ring.count, 0);
}

TEST(RoomForCopies, leavesTheMachineWhatItNeeds) {
  const HostMemory host = hostMemory();
  ASSERT_GT(host.total.count, 0);
  const HostRoom pinned = roomForCopies(HostCopies::Pinned, at::kCUDA, {});
  EXPECT_LE(pinned.pinned, pinned.most);
  EXPECT_LE(static_cast<double>(pinned.pinned.count), 0.6 * static_cast<double>(host.total.count));
  EXPECT_LE(pinned.pinned.count, std::max<std::int64_t>(host.total.count - (std::int64_t{6} << 30), 0));
  EXPECT_LT(pinned.most, host.total);
  EXPECT_EQ(roomForCopies(HostCopies::Pageable, at::kCUDA, {}).pinned.count, 0);
  EXPECT_EQ(roomForCopies(HostCopies::Pinned, at::kCPU, {}).pinned.count, 0) << "nothing copies from there";
  EXPECT_EQ(roomForCopies(HostCopies::None, at::kCUDA, {1 << 30}), HostRoom());
}

}  // namespace
}  // namespace studio::engine
