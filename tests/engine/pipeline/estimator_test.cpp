#include "tests/engine/pipeline/pipeline_fixture.h"

/// What is said before a job against what the job then does.
namespace studio::engine {
namespace {

class EstimatorTest : public PipelineTest {
 protected:
  static EngineOptions options() {
    return {.precision = Precision::Float32, .threads = 1, .preview = PreviewMode::Off};
  }

  MemoryEstimate estimate(const GenerationRequest& request, const EngineOptions& options) {
    const auto answer = estimator_->estimate(request, options);
    if (!answer) throw EngineException(answer.error());
    return answer.value();
  }

  std::unique_ptr<Estimator> estimator_ = makeEstimator();
};

TEST_F(EstimatorTest, saysWhatTheJobThenPlans) {
  generator_ = makeGenerator(options(), {});
  const MemoryPlan said = estimate(appleRequest(), options()).plan;
  const MemoryPlan done = only<JobPlanned>(run(appleRequest())).at(0).plan;
  EXPECT_EQ(said.phases, done.phases);
  EXPECT_EQ(said.networks, done.networks);
}

TEST_F(EstimatorTest, followsSizeAndBatch) {
  GenerationRequest larger = appleRequest();
  larger.batchSize = 8, larger.size = {256, 256};
  const Bytes small = estimate(appleRequest(), options()).plan.peak();
  EXPECT_GT(estimate(larger, options()).plan.peak(), small);
  EXPECT_EQ(estimate(appleRequest(), options()).plan.peak(), small);
}

TEST_F(EstimatorTest, judgesByTheBudgetAndSaysWhatWouldFit) {
  GenerationRequest request = appleRequest();
  request.batchSize = 8, request.size = {256, 256};  // work that takes more than any text encoder
  EXPECT_EQ(estimate(request, options()).verdict, Verdict::Fits);
  EngineOptions tight = options();
  tight.memoryMode = MemoryMode::Streaming;
  const Bytes least = estimate(request, tight).plan.peak();
  tight = options();
  tight.deviceBudget = {least.count + least.count / 50};
  EXPECT_EQ(estimate(request, tight).verdict, Verdict::FitsWith);
  tight.deviceBudget = {least.count - least.count / 5};
  const MemoryEstimate smaller = estimate(request, tight);
  EXPECT_EQ(smaller.verdict, Verdict::FitsWith) << "one picture after another";
  EXPECT_LE(smaller.plan.peak(), tight.deviceBudget);
  tight.oomPolicy = OomPolicy::Off;
  const MemoryEstimate none = estimate(request, tight);
  EXPECT_EQ(none.verdict, Verdict::DoesNotFit);
  ASSERT_FALSE(none.changes.empty());
  for (const MemoryChange& change : none.changes) EXPECT_LE(change.peak, tight.deviceBudget) << change.what.text();
}

TEST_F(EstimatorTest, failsAsTheJobWould) {
  GenerationRequest request = appleRequest();
  request.model = folder_ / "gone.safetensors";
  EXPECT_EQ(estimator_->estimate(request, options()).error().kind, ErrorKind::MissingFile);
  request = appleRequest();
  request.steps = 0;
  EXPECT_EQ(estimator_->estimate(request, options()).error().kind, ErrorKind::BadRequest);
}

}  // namespace
}  // namespace studio::engine
