#include "engine/pipeline/model_shelf.h"

#include "engine/memory/budget_allocator.h"
#include "engine/pipeline/local_generator.h"
#include "tests/engine/pipeline/pipeline_fixture.h"
#include "tests/engine/pipeline/watched_machine.h"

#include <chrono>
#include <memory>
#include <thread>

/// Models that stay in memory for a later job.
namespace studio::engine {
namespace {

using namespace std::chrono_literals;

class ModelShelfTest : public PipelineTest {
 protected:
  ModelShelfTest() {
    installBudgetAllocator();
    for (const char* name : {"a", "b", "c"}) tests::writeSingleFile(file(name), {});
  }
  std::filesystem::path file(const std::string& name) const { return files_ / (name + ".safetensors"); }

  static EngineOptions exactOptions() {
    return {.precision = Precision::Float32, .threads = 1, .preview = PreviewMode::Off, .checkpoint = false};
  }
  void begin(const EngineOptions& options = exactOptions()) {
    generator_ = std::make_unique<LocalGenerator>(options, LogSink(), machine_.seen());
  }

  struct Outcome {
    at::Tensor picture;
    std::vector<EngineEvent> events;
    JobFinished finished;
    std::int64_t allocations = 0;  ///< on the device
    std::int64_t idle = 0;         ///< bytes, when the job was done
  };
  Outcome picture(const std::string& name) {
    GenerationRequest request = appleRequest();
    request.model = file(name);
    request.steps = 2;
    Outcome outcome;
    outcome.events = run(request);
    const auto finished = only<JobFinished>(outcome.events);
    if (finished.size() != 1) throw std::runtime_error("the job failed");
    outcome.finished = finished.front();
    outcome.picture = tensorOf(only<ImageFinished>(outcome.events).front().image);
    outcome.allocations = deviceAllocations();
    outcome.idle = idlePool().current.count;
    return outcome;
  }
  static void expectPredicted(const Outcome& outcome) {
    const double measured = static_cast<double>(outcome.finished.peakDeviceBytes.count);
    const double predicted = static_cast<double>(outcome.finished.predictedPeakBytes.count);
    EXPECT_GT(measured, 0.97 * predicted);
    EXPECT_LT(measured, 1.01 * predicted);
  }
  static bool isGoneWithin(std::chrono::seconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < end && idlePool().current.count > 0) std::this_thread::sleep_for(20ms);
    return idlePool().current.count == 0;
  }

  const tests::TemporaryFolder files_;
  WatchedMachine machine_;
};

TEST_F(ModelShelfTest, aModelThatWasUsedBeforeIsNotReadAgain) {
  begin();
  const Outcome first = picture("a"), again = picture("a");
  EXPECT_LT(again.allocations, first.allocations);
  const Outcome other = picture("b"), third = picture("a");
  EXPECT_EQ(third.allocations, again.allocations) << "as if the other had never been there";
  EXPECT_EQ(distance(third.picture, first.picture), 0);
  EXPECT_EQ(distance(other.picture, first.picture), 0) << "the same weights in another file";
  EXPECT_GT(other.idle, 0);
  EXPECT_GT(third.idle, 0);
  for (const Outcome* outcome : {&first, &again, &other, &third}) {
    expectPredicted(*outcome);
    EXPECT_TRUE(only<RungTaken>(outcome->events).empty());
  }
}

TEST_F(ModelShelfTest, modelsForLaterDoNotCountInTheJobsBudget) {
  begin();
  const Bytes needed = picture("a").finished.predictedPeakBytes;
  EngineOptions options = exactOptions();
  options.deviceBudget = {needed.count / 100 * 102};
  begin(options);
  for (const char* name : {"a", "b", "c", "a", "b"}) {
    const Outcome outcome = picture(name);
    EXPECT_TRUE(only<RungTaken>(outcome.events).empty());
    expectPredicted(outcome);
    EXPECT_LE(outcome.finished.peakDeviceBytes, options.deviceBudget);
  }
  EXPECT_GT(idlePool().current.count + needed.count, options.deviceBudget.count) << "with the others it is more";
}

TEST_F(ModelShelfTest, theOneUsedLongestAgoLeavesFirst) {
  EngineOptions options = exactOptions();
  options.keptModels = 1;
  begin(options);
  const Outcome first = picture("a"), again = picture("a");
  picture("b");
  EXPECT_EQ(picture("a").allocations, again.allocations);
  picture("c");  // beside it there is room for a
  EXPECT_EQ(picture("a").allocations, again.allocations);
  EXPECT_EQ(picture("b").allocations, first.allocations) << "it has left";
}

TEST_F(ModelShelfTest, keepsNoneWhereNoneAreWanted) {
  EngineOptions options = exactOptions();
  options.keptModels = 0;
  begin(options);
  picture("a");
  EXPECT_EQ(picture("b").idle, 0);
}

TEST_F(ModelShelfTest, keepsNoMoreThanHasRoomBesideTheJob) {
  begin();
  const Bytes needed = picture("a").finished.predictedPeakBytes;
  machine_.forEngine = 2 * kHalfMargin + needed.count + 4 * kMebi;
  const Outcome other = picture("b");
  EXPECT_EQ(other.idle, 0);
  EXPECT_TRUE(only<RungTaken>(other.events).empty()) << "it is the model for later that leaves";
  machine_.forEngine = 2 * kHalfMargin + 2 * needed.count + 4 * kMebi;
  const Outcome third = picture("a");
  EXPECT_GT(third.idle, 0);
}

TEST_F(ModelShelfTest, modelsLeaveWhenOthersNeedTheMemoryWhileAJobRuns) {
  begin();
  picture("a");
  machine_.stalled = 30;
  EXPECT_EQ(picture("b").idle, 0);
}

TEST_F(ModelShelfTest, modelsLeaveWhenOthersNeedTheMemoryWhileNothingRuns) {
  begin();
  picture("a");
  ASSERT_GT(picture("b").idle, 0);
  std::this_thread::sleep_for(2500ms);
  EXPECT_GT(idlePool().current.count, 0) << "nobody needs it";
  machine_.forEngine = WatchedMachine::held() + kHalfMargin - cachedBytes().count - 1;
  EXPECT_TRUE(isGoneWithin(10s));
  machine_.forEngine = std::int64_t{3} << 30;
  EXPECT_EQ(picture("b").idle, 0);
}

TEST_F(ModelShelfTest, aFileThatWasReplacedIsReadAgain) {
  begin();
  const Outcome first = picture("a");
  picture("b");
  std::this_thread::sleep_for(20ms);  // file systems' clocks are coarse
  std::filesystem::remove(file("a"));
  tests::writeSingleFile(file("a"), {.metadata = {{"other", "yes"}}});
  const Outcome replaced = picture("a");
  EXPECT_EQ(replaced.allocations, first.allocations);
}

}  // namespace
}  // namespace studio::engine
