#include "engine/pipeline/recovery.h"

#include "engine/api/cancelled.h"
#include "engine/api/image_io.h"
#include "engine/pipeline/error_translation.h"
#include "engine/pipeline/job_journal.h"
#include "engine/pipeline/text_to_image.h"
#include "tests/engine/pipeline/pipeline_fixture.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/stack.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

/// Jobs that run out of memory, everywhere and in every way, and what becomes of them.
namespace studio::engine {
namespace {

/// Fewer rows at once: libraries choose other kernels. Of the latents, relative.
constexpr double kEquivalent = 1e-5;
constexpr int kSmall = 32;
constexpr std::int64_t kTries = 20;  ///< of a sweep; all with STUDIO_EVERY_ALLOCATION=1

std::string bytesOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class RecoveryTest : public PipelineTest {
 protected:
  struct Outcome {
    at::Tensor latents;  ///< of all pictures; undefined when there are none
    std::vector<EngineEvent> events;
    std::vector<Sentence> rungs;
    Bytes planned;
    std::int64_t allocations = 0;
    std::optional<EngineError> error;
  };

  /// Two pictures at once with guidance, everything kept where there is room.
  static GenerationRequest pairRequest() {
    GenerationRequest request = appleRequest();
    request.steps = 2;
    request.batchSize = 2;
    return request;
  }

  /// The same, quicker.
  static GenerationRequest smallRequest() {
    GenerationRequest request = pairRequest();
    request.size = {kSmall, kSmall};
    return request;
  }

  Outcome runWith(const GenerationRequest& request, EngineOptions options, const NextRung& next = {}) {
    const c10::InferenceMode inference;
    const tests::TemporaryFolder folder;
    options.precision = Precision::Float32, options.threads = 1, options.preview = PreviewMode::Off;
    Outcome outcome;
    Job job{JobId{1}, request, {(folder / "{index}.png").string(), 92, true}, options};
    WriterThread writer;
    JobJournal journal(job, writer);  // that keeps nothing
    const auto keep = [&](EngineEvent event) { outcome.events.push_back(std::move(event)); };
    const JobContext context{job.id, job.output, options, {}, keep, journal.started(), &journal};
    PictureWriter::prepareFolder(request, *request.seed, context);
    LoadedModel& model = freshModel(request, options);
    std::unique_ptr<LoadedModel> refiner;
    if (!request.refiner.empty()) refiner = std::make_unique<LoadedModel>(request, model.recipe());
    setDeviceBudget(options.deviceBudget);
    injectFailure(options.failAllocation);
    try {
      Recovery recovery(model, refiner.get(), request, context, Phase::Load, next);
      outcome.planned = recovery.predictedPeak();
      recovery.placeAhead();
      TextToImage(model, refiner.get(), recovery, request, *request.seed, context).run();
      outcome.rungs = recovery.rungs();
    } catch (...) {
      outcome.error = translateCurrentException();
    }
    outcome.allocations = deviceAllocations();
    injectFailure({});
    setDeviceBudget({0});
    outcome.latents = latentsIn(folder, request);
    return outcome;
  }

  /// From the file; with knowPrompts() the one from before, which has nothing but the prompts in memory.
  LoadedModel& freshModel(const GenerationRequest& request, const EngineOptions& options) {
    if (model_ == nullptr || !knowsPrompts_) {
      model_ = std::make_unique<LoadedModel>(request, RecipeResolver().resolve(options));
    } else {
      for (const auto& encoder : model_->conditioner().encoders()) encoder.residency->dropAll();
      model_->unet().residency->dropAll(), model_->vae().residency->dropAll();
    }
    return *model_;
  }

  /// From here on the text encoder has done its part before. Its table of tokens is one block of 12 MiB, far larger
  /// than all else in a tiny model: no plan with it is small.
  void knowPrompts(const GenerationRequest& request) {
    runWith(request, {});
    knowsPrompts_ = true;
  }

  static at::Tensor latentsIn(const tests::TemporaryFolder& folder, const GenerationRequest& request) {
    const auto numbers = static_cast<std::size_t>(4 * request.size.width / 4 * request.size.height / 4);
    std::vector<at::Tensor> all;
    for (int i = 0; i < request.batchSize * request.batchCount; ++i) {
      std::string bytes = bytesOf(folder / (std::to_string(i) + ".latent.safetensors"));
      if (bytes.size() < numbers * sizeof(float)) continue;
      char* data = bytes.data() + bytes.size() - numbers * sizeof(float);
      all.push_back(at::from_blob(data, {1, static_cast<std::int64_t>(numbers)}, at::kFloat).clone());
    }
    return all.empty() ? at::Tensor() : at::cat(all);
  }

  /// Each allocation of a job of `count`, or as many as there is time for, the first and the last among them.
  static std::vector<std::int64_t> numbersOf(std::int64_t count, std::int64_t tries = kTries) {
    const bool all = std::getenv("STUDIO_EVERY_ALLOCATION") != nullptr;
    const std::int64_t stride = all ? 1 : std::max<std::int64_t>(1, count / tries);
    std::vector<std::int64_t> numbers;
    for (std::int64_t number = 1; number <= count; number += stride) numbers.push_back(number);
    if (numbers.back() != count) numbers.push_back(count);
    return numbers;
  }

  /// Every step was taken once, and every picture came once.
  static void expectNothingTwice(const Outcome& outcome, const GenerationRequest& request) {
    std::vector<int> steps, expected, indices, expectedIndices;
    for (const StepFinished& step : only<StepFinished>(outcome.events)) steps.push_back(step.step);
    for (int batch = 0; batch < request.batchCount; ++batch) {
      for (int step = 1; step <= request.steps; ++step) expected.push_back(step);
    }
    EXPECT_EQ(steps, expected);
    for (const ImageFinished& picture : only<ImageFinished>(outcome.events)) indices.push_back(picture.index);
    for (int i = 0; i < request.batchSize * request.batchCount; ++i) expectedIndices.push_back(i);
    EXPECT_EQ(indices, expectedIndices);
  }

  static bool keepsShapes(const Outcome& outcome) {
    return std::none_of(outcome.rungs.begin(), outcome.rungs.end(), [](const Sentence& rung) {
      return rung.pattern.find("one after another") != std::string::npos;
    });
  }

  static at::Tensor picturesOf(const Outcome& outcome) {
    std::vector<at::Tensor> all;
    for (const ImageFinished& picture : only<ImageFinished>(outcome.events)) all.push_back(tensorOf(picture.image));
    return all.empty() ? at::Tensor() : at::stack(all);
  }

  /// Bit-equal where the network saw the same shapes throughout, else equivalent.
  static void expectSamePictures(const Outcome& outcome, const Outcome& whole) {
    ASSERT_FALSE(outcome.error) << outcome.error->message << " " << outcome.error->detail;
    ASSERT_TRUE(outcome.latents.defined());
    if (keepsShapes(outcome)) {
      EXPECT_TRUE(outcome.latents.equal(whole.latents));
      EXPECT_EQ(distance(picturesOf(outcome), picturesOf(whole)), 0);
    } else {
      EXPECT_LT(tests::relativeError(outcome.latents, whole.latents), kEquivalent);
      EXPECT_LE(distance(picturesOf(outcome), picturesOf(whole)), 1);
    }
  }

  static std::string wordsOf(const std::vector<Sentence>& rungs) {
    std::string words;
    for (const Sentence& rung : rungs) {
      for (const char* word : {"caches", "batch", "text encoders", "medvram", "lowvram", "no more than", "streaming",
                               "negative prompt", "strips", "tiles", "hybrid", "(cpu)"}) {
        if (rung.pattern.find(word) != std::string::npos) words += (words.empty() ? "" : ", ") + std::string(word);
      }
    }
    return words;
  }

  std::unique_ptr<LoadedModel> model_;
  bool knowsPrompts_ = false;

  /// The lossless ladder of a machine whose processor must not help.
  static std::optional<Rung> onTheDevice(const Execution& now, const MemoryShortage& shortage, const PlanOf& planOf) {
    Ladder ladder = ladderOf(OomPolicy::Lossless);
    std::erase_if(ladder.kinds, [&](const RungKind& kind) {
      const auto rung = kind.take({}, shortage, {});
      return rung && rung->execution.host != HostShare::Nobody;
    });
    return nextRung(now, shortage, ladder, planOf);
  }

  /// The ladder's stand-in: again and again the same.
  static std::optional<Rung> plainRetry(const Execution& now, const MemoryShortage& shortage, const PlanOf&) {
    if (!shortage.ran || now.rungs >= kMostRungs) return std::nullopt;
    Rung rung{now, sentence("Again.")};
    rung.execution.retried = true;
    ++rung.execution.rungs;
    return rung;
  }
};

TEST_F(RecoveryTest, losesNothingWhereverOneAllocationFails) {
  const GenerationRequest request = pairRequest();
  const Outcome whole = runWith(request, {});
  ASSERT_GT(whole.allocations, 200);
  EXPECT_TRUE(whole.rungs.empty());
  for (const std::int64_t number : numbersOf(whole.allocations)) {
    SCOPED_TRACE(number);
    const Outcome outcome = runWith(request, {.failAllocation = {.number = number}});
    expectSamePictures(outcome, whole);
    expectNothingTwice(outcome, request);
    EXPECT_EQ(wordsOf(outcome.rungs), "caches");
  }
}

TEST_F(RecoveryTest, finishesWhateverPartOfThePlannedPeakIsLeft) {
  const GenerationRequest request = smallRequest();
  knowPrompts(request);
  const Outcome whole = runWith(request, {});
  for (const int percent : {90, 70, 50, 30}) {
    for (const std::int64_t number : numbersOf(whole.allocations)) {
      SCOPED_TRACE(testing::Message() << percent << " % from allocation " << number);
      const Outcome outcome = runWith(request, {.failAllocation = {.number = number, .stickyPercent = percent}});
      expectSamePictures(outcome, whole);
      expectNothingTwice(outcome, request);
      if (outcome.rungs.empty()) continue;  // what was left to do had room
      EXPECT_EQ(wordsOf({outcome.rungs.front()}), "caches");
      EXPECT_GE(outcome.rungs.size(), 2U) << "the same again cannot have been enough";
    }
  }
}

TEST_F(RecoveryTest, goesDownNoFurtherThanTheRoomAsksFor) {
  const GenerationRequest request = smallRequest();
  knowPrompts(request);
  const auto rungsAt = [&](int percent, OomPolicy policy) {
    const Outcome outcome =
        runWith(request, {.oomPolicy = policy, .failAllocation = {.number = 1, .stickyPercent = percent}});
    EXPECT_FALSE(outcome.error);
    return wordsOf(outcome.rungs);
  };
  EXPECT_EQ(rungsAt(90, OomPolicy::Lossless), "caches, strips, medvram");
  EXPECT_EQ(rungsAt(70, OomPolicy::Lossless), "caches, batch, strips, medvram");
  EXPECT_EQ(rungsAt(50, OomPolicy::Lossless), "caches, batch, strips, medvram, no more than");
  EXPECT_EQ(rungsAt(30, OomPolicy::Lossless), "caches, batch, strips, medvram, no more than, no more than");
  EXPECT_EQ(rungsAt(90, OomPolicy::Classic), "caches, medvram");
  EXPECT_EQ(rungsAt(50, OomPolicy::Classic), "caches, batch, medvram, lowvram");
}

TEST_F(RecoveryTest, wouldNotFinishByTryingTheSameAgain) {
  const GenerationRequest request = smallRequest();
  knowPrompts(request);
  for (const int percent : {90, 70, 50, 30}) {
    const Outcome outcome = runWith(request, {.failAllocation = {.number = 1, .stickyPercent = percent}}, plainRetry);
    ASSERT_TRUE(outcome.error) << percent;
    EXPECT_EQ(outcome.error->kind, ErrorKind::OutOfMemory);
    EXPECT_NE(outcome.error->detail.find("Again."), std::string::npos) << "what was tried is named";
  }
}

TEST_F(RecoveryTest, getsThroughEncodingToo) {
  const GenerationRequest request = pairRequest();
  const Outcome whole = runWith(request, {});
  const Outcome outcome = runWith(request, {.failAllocation = {.number = 1, .stickyPercent = 90}});
  expectSamePictures(outcome, whole);
  EXPECT_EQ(wordsOf(outcome.rungs), "caches, medvram");
}

TEST_F(RecoveryTest, makesAllocationsSmallerWhenLargeOnesFail) {
  GenerationRequest request = pairRequest();
  request.batchSize = 8;
  knowPrompts(request);
  const Outcome whole = runWith(request, {});
  const auto fits = [&](std::int64_t bytes, OomPolicy policy) {
    return runWith(request, {.oomPolicy = policy, .failAllocation = {.largerThan = {bytes}}});
  };
  std::int64_t small = 1024, large = std::int64_t{4} << 20;  // too small, large enough
  while (large - small > 64) {
    const std::int64_t middle = (small + large) / 128 * 64;
    (fits(middle, OomPolicy::Off).error ? small : large) = middle;
  }
  for (const double share : {0.99, 0.7}) {
    SCOPED_TRACE(share);
    const Outcome outcome = fits(static_cast<std::int64_t>(share * static_cast<double>(large)), OomPolicy::Lossless);
    EXPECT_EQ(wordsOf(outcome.rungs), "caches, batch");
    expectSamePictures(outcome, whole);
    expectNothingTwice(outcome, request);
  }
}

TEST_F(RecoveryTest, finishesWhereWhatIsFreeLiesInPieces) {
  const GenerationRequest request = smallRequest();
  knowPrompts(request);
  const Outcome whole = runWith(request, {});
  int inPieces = 0;
  for (const int percent : {100, 90, 80, 60, 40}) {
    SCOPED_TRACE(percent);
    const Outcome outcome = runWith(request, {.failAllocation = {.fragmentedPercent = percent}});
    expectSamePictures(outcome, whole);
    expectNothingTwice(outcome, request);
    for (const RungTaken& rung : only<RungTaken>(outcome.events))
      inPieces +=
          rung.memory != nullptr && rung.memory->largestPiece.count > 0 && rung.memory->asked < rung.memory->free;
    ASSERT_FALSE(outcome.rungs.empty());
    EXPECT_EQ(wordsOf({outcome.rungs.front()}), "caches");
  }
  EXPECT_GT(inPieces, 0) << "all together there was room";
}

TEST_F(RecoveryTest, keepsWhatIsWrittenWhenNothingHelps) {
  GenerationRequest request = pairRequest();
  request.batchSize = 1, request.batchCount = 3;
  const Outcome whole = runWith(request, {});
  const AllocationFailure late{.number = whole.allocations - 2, .stickyPercent = 1};
  const Outcome failed = runWith(request, {.failAllocation = late}, onTheDevice);
  ASSERT_TRUE(failed.error);
  EXPECT_EQ(failed.error->kind, ErrorKind::OutOfMemory);
  EXPECT_NE(failed.error->detail.find("brought in"), std::string::npos) << failed.error->detail;
  EXPECT_EQ(only<ImageFinished>(failed.events).size(), 2U);
  EXPECT_TRUE(failed.latents.equal(whole.latents)) << "the third latent was on disk before it was decoded";
}

TEST_F(RecoveryTest, finishesOnTheProcessorWhenTheDeviceHoldsNothingAnyMore) {
  const GenerationRequest request = smallRequest();
  const Outcome whole = runWith(request, {});
  for (const std::int64_t number : numbersOf(whole.allocations, 6)) {
    SCOPED_TRACE(number);
    for (const OomPolicy policy : {OomPolicy::Lossless, OomPolicy::Classic}) {
      const AllocationFailure nearlyAll{.number = number, .stickyPercent = 1};
      const Outcome outcome = runWith(request, {.oomPolicy = policy, .failAllocation = nearlyAll});
      expectSamePictures(outcome, whole);
      expectNothingTwice(outcome, request);
      EXPECT_TRUE(wordsOf(outcome.rungs).ends_with("hybrid") || wordsOf(outcome.rungs).ends_with("(cpu)"))
          << wordsOf(outcome.rungs);
    }
  }
}

TEST_F(RecoveryTest, doesNothingWhereThePolicyIsOff) {
  const Outcome outcome = runWith(pairRequest(), {.oomPolicy = OomPolicy::Off, .failAllocation = {.number = 100}});
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->kind, ErrorKind::OutOfMemory);
  EXPECT_TRUE(only<RungTaken>(outcome.events).empty());
}

TEST_F(RecoveryTest, beginsWithASmallerPlanWhereTheBudgetAsksForIt) {
  GenerationRequest request = pairRequest();
  request.batchSize = 8;
  knowPrompts(request);
  const Outcome whole = runWith(request, {});
  const Outcome least = runWith(request, {.memoryMode = MemoryMode::Streaming});
  EngineOptions tight{.deviceBudget = {least.planned.count * 6 / 10}};
  const Outcome outcome = runWith(request, tight);
  expectSamePictures(outcome, whole);
  EXPECT_LE(outcome.planned, tight.deviceBudget);
  EXPECT_EQ(wordsOf(outcome.rungs), "batch");
  tight.oomPolicy = OomPolicy::Off;
  EXPECT_EQ(runWith(request, tight).error.value_or(EngineError{}).kind, ErrorKind::OutOfMemory);
}

TEST_F(RecoveryTest, goesOnWithTheRefinerWhereItHadTakenOver) {
  GenerationRequest request = pairRequest();
  request.batchSize = 1, request.steps = 4;
  request.sampler = Sampler::Heun;
  request.refiner = model(), request.refinerSwitchAt = 0.45;
  const Outcome whole = runWith(request, {});
  for (const std::int64_t number : numbersOf(whole.allocations)) {
    SCOPED_TRACE(number);
    const Outcome outcome = runWith(request, {.failAllocation = {.number = number}});
    expectSamePictures(outcome, whole);
    expectNothingTwice(outcome, request);
  }
}

TEST_F(RecoveryTest, saysEveryRungToPeopleAndInThePicture) {
  GenerationRequest request = appleRequest();
  request.steps = 3;
  std::vector<std::string> logged;
  generator_ = makeGenerator({.precision = Precision::Float32, .threads = 1, .failAllocation = {.number = 400}},
                             [&](LogLevel, const std::string&, const std::string& text) { logged.push_back(text); });
  const std::vector<EngineEvent> events = run(request);
  const std::vector<RungTaken> rungs = only<RungTaken>(events);
  ASSERT_EQ(rungs.size(), 1U);
  EXPECT_EQ(only<JobFinished>(events).at(0).rungs, std::vector<Sentence>{rungs[0].what});
  generator_.reset();
  EXPECT_EQ(std::count(logged.begin(), logged.end(), rungs[0].what.text()), 1);
  const std::filesystem::path picture = only<ImageFinished>(events).at(0).path;
  EXPECT_NE(bytesOf(picture).find(rungs[0].what.text()), std::string::npos);
  EXPECT_EQ(readPictureInfo(picture).value().request.values.prompt, request.prompt);
}

}  // namespace
}  // namespace studio::engine
