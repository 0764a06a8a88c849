#include "engine/text/conditioner.h"

#include "engine/api/engine_error.h"
#include "engine/memory/budget_allocator.h"
#include "engine/text/tokens/clip_tokenizer.h"
#include "engine/text/tokens/prompt_parser.h"
#include "engine/weights/random_tensor_source.h"
#include "tests/support/tiny_model.h"

#include <ATen/TensorOperators.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

namespace studio::engine {
namespace {

class ConditioningTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { installBudgetAllocator(); }
  static Conditioner conditioner(const std::shared_ptr<const TensorSource>& weights) {
    std::vector<Conditioner::Encoder> encoders;
    encoders.push_back(Conditioner::makeEncoder({}, weights, ops::ComputeFormat::Float32, at::kCPU));
    return Conditioner(std::move(encoders));
  }
  at::Tensor encoded(const std::string& prompt) {
    return conditioner_.encode(chunkPrompt(ClipTokenizer(), parsePrompt(prompt)), 1).context;
  }

  const c10::InferenceMode inference_;
  const Conditioner conditioner_ = conditioner(tests::networkWeights("text_encoder"));
};

TEST_F(ConditioningTest, leavesAPromptWithoutWeightsAsTheEncoderGivesIt) {
  EXPECT_LT(
      tests::relativeError(encoded("a red apple on a table").select(0, 0), tests::golden("text.skip1").select(0, 0)),
      tests::kNetworkTolerance);
}

TEST_F(ConditioningTest, keepsTheMeanOfAChunkWithWeights) {
  const at::Tensor plain = encoded("a red apple on a table"), weighted = encoded("a (red:1.6) apple on a table");
  EXPECT_NEAR(weighted.mean().item<double>(), plain.mean().item<double>(), 1e-6);
  EXPECT_GT(tests::relativeError(weighted, plain), 0.01);
}

TEST_F(ConditioningTest, raisesOnlyTheWeightedToken) {
  const at::Tensor plain = encoded("a red apple"), weighted = encoded("a (red:1.6) apple");
  const at::Tensor ratio = (weighted / plain).mean(2).select(0, 0);  // [77]; start, a, red, …
  EXPECT_NEAR((ratio.select(0, 2) / ratio.select(0, 1)).item<double>(), 1.6, 1e-3);
  EXPECT_NEAR((ratio.select(0, 3) / ratio.select(0, 1)).item<double>(), 1.0, 1e-3);
}

TEST_F(ConditioningTest, putsChunksOneAfterTheOther) {
  const at::Tensor both = encoded("a red apple BREAK (blue:1.2) sky");
  ASSERT_EQ(both.sizes().vec(), (std::vector<std::int64_t>{1, 154, 64}));
  EXPECT_LT(tests::relativeError(both.narrow(1, 0, 77), encoded("a red apple")), 1e-6);
  EXPECT_LT(tests::relativeError(both.narrow(1, 77, 77), encoded("(blue:1.2) sky")), 1e-6);
}

TEST_F(ConditioningTest, takesNoMoreMemoryToEncodeALongPrompt) {
  const auto chunks = [](int count) {
    std::string prompt = "a red apple";
    for (int i = 1; i < count; ++i) prompt += " BREAK sky " + std::to_string(i);
    return chunkPrompt(ClipTokenizer(), parsePrompt(prompt));
  };
  const auto peakOf = [&](int count) {
    conditioner_.encode(chunks(count), 1);  // the weights are there from now on
    resetPeaks();
    const Bytes before = devicePool().current;
    conditioner_.encode(chunks(count), 1);
    return devicePool().peak.count - before.count;
  };
  const auto usual = peakOf(4);
  EXPECT_GT(usual, 0);
  EXPECT_LT(peakOf(60), 3 * usual);  // the answer itself is larger
  const at::Tensor all = conditioner_.encode(chunks(11), 1).context;
  EXPECT_LT(tests::relativeError(all.narrow(1, 77 * 10, 77), encoded("sky 10")), 1e-6);
}

TEST_F(ConditioningTest, refusesAnEncoderWithAnotherVocabulary) {
  ClipTextConfig small = conditioner_.encoders().front().module->config();
  small.vocabulary = 1000;
  const ClipTextEncoder encoder(small);
  const Conditioner other = conditioner(std::make_shared<RandomTensorSource>(encoder.weights(), 1));
  EXPECT_THROW(other.encode(chunkPrompt(ClipTokenizer(), parsePrompt("x")), 1), EngineException);
}

}  // namespace
}  // namespace studio::engine
