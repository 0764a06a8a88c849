#include "engine/text/conditioning.h"

#include "engine/api/engine_error.h"
#include "engine/text/tokens/clip_tokenizer.h"
#include "engine/text/tokens/prompt_parser.h"
#include "tests/support/tiny_model.h"

#include <ATen/TensorOperators.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

namespace studio::engine {
namespace {

class ConditioningTest : public testing::Test {
 protected:
  at::Tensor encoded(const std::string& prompt) {
    BlockRunner runner(residency_, {});
    return encodeChunks(encoder_, runner, chunkPrompt(ClipTokenizer(), parsePrompt(prompt)), 1);
  }

  const c10::InferenceMode inference_;
  const std::shared_ptr<const TensorSource> weights_ = tests::networkWeights("text_encoder");
  const ClipTextEncoder encoder_{clipTextConfigFrom(*weights_)};
  Residency residency_{encoder_.weights(), weights_, ops::ComputeFormat::Float32, at::kCPU};
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

TEST_F(ConditioningTest, refusesAnEncoderWithAnotherVocabulary) {
  ClipTextConfig small = encoder_.config();
  small.vocabulary = 1000;
  const ClipTextEncoder encoder(small);
  Residency residency(encoder.weights(), weights_, ops::ComputeFormat::Float32, at::kCPU);
  BlockRunner runner(residency, {});
  EXPECT_THROW(encodeChunks(encoder, runner, chunkPrompt(ClipTokenizer(), parsePrompt("x")), 1), EngineException);
}

}  // namespace
}  // namespace studio::engine
