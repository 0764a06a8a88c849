#include "engine/text/clip_text_encoder.h"

#include "engine/api/engine_error.h"
#include "engine/ops/ops.h"
#include "tests/support/tiny_model.h"

#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

namespace studio::engine {
namespace {

using tests::golden;
using tests::kNetworkTolerance;
using tests::relativeError;

class ClipTextEncoderTest : public testing::Test {
 protected:
  static at::Tensor answer(int clipSkip) {
    const auto weights = tests::networkWeights("text_encoder");
    const ClipTextEncoder encoder(clipTextConfigFrom(*weights));
    encoder.weights().check(*weights, "text encoder");
    Residency residency(encoder.weights(), weights, ops::ComputeFormat::Float32, at::kCPU);
    BlockRunner runner(residency, {});
    return ops::readBack(encoder.forward(runner, golden("text.ids"), {.skippedLayers = clipSkip - 1}).embeddings);
  }
  const c10::InferenceMode inference_;
};

TEST_F(ClipTextEncoderTest, answersAsTransformersDoes) {
  EXPECT_LT(relativeError(answer(1), golden("text.skip1")), kNetworkTolerance);
}

TEST_F(ClipTextEncoderTest, leavesTheLastLayerOutForClipSkipTwo) {
  EXPECT_LT(relativeError(answer(2), golden("text.skip2")), kNetworkTolerance);
  EXPECT_GT(relativeError(answer(2), golden("text.skip1")), 10 * kNetworkTolerance);
}

TEST_F(ClipTextEncoderTest, keepsOneLayerHoweverManyAreSkipped) {
  EXPECT_TRUE(answer(3).equal(answer(12)));
  EXPECT_GT(relativeError(answer(3), golden("text.skip2")), 10 * kNetworkTolerance);
}

/// An OpenCLIP encoder's answer without its last layer.
ClipTextAnswer openClipAnswer(const std::string& network, const TextEncoderTraits& traits) {
  const auto weights = tests::networkWeights(network);
  const ClipTextEncoder encoder(clipTextConfigFrom(*weights, traits));
  encoder.weights().check(*weights, "text encoder");
  Residency residency(encoder.weights(), weights, ops::ComputeFormat::Float32, at::kCPU);
  BlockRunner runner(residency, {});
  return encoder.forward(runner, golden("xl_text_2.ids"), {traits.skippedLayers, traits.finalNorm});
}

TEST_F(ClipTextEncoderTest, givesSdxlsSecondEncodersPenultimateLayerAndPooledEmbedding) {
  const ClipTextAnswer answer = openClipAnswer("xl_text_2", traitsOf(ModelFamily::StableDiffusionXl).textEncoders[1]);
  EXPECT_LT(relativeError(ops::readBack(answer.embeddings), golden("xl_text_2.penultimate")), kNetworkTolerance);
  EXPECT_LT(relativeError(ops::readBack(answer.pooled), golden("xl_text_2.pooled")), kNetworkTolerance);
}

TEST_F(ClipTextEncoderTest, givesStableDiffusion2sPenultimateLayerNormed) {
  const ClipTextAnswer answer = openClipAnswer("sd2_text", traitsOf(ModelFamily::StableDiffusion2).textEncoders[0]);
  EXPECT_LT(relativeError(ops::readBack(answer.embeddings), golden("sd2_text.penultimate")), kNetworkTolerance);
  EXPECT_FALSE(answer.pooled.defined());
}

TEST_F(ClipTextEncoderTest, readsItsSizesFromTheTensors) {
  const ClipTextConfig config = clipTextConfigFrom(*tests::networkWeights("text_encoder"));
  EXPECT_EQ(config.vocabulary, 49408);
  EXPECT_EQ(config.positions, 77);
  EXPECT_EQ(config.width, 64);
  EXPECT_EQ(config.layers, 3);
  EXPECT_EQ(config.feedForward, 256);
  EXPECT_EQ(config.heads, 1);
}

TEST_F(ClipTextEncoderTest, hasTheParametersOfClipL) {
  EXPECT_EQ(ClipTextEncoder{ClipTextConfig{}}.weights().parameters(), 123'060'480);
}

TEST_F(ClipTextEncoderTest, refusesTensorsOfAnotherNetwork) {
  EXPECT_THROW(clipTextConfigFrom(*tests::networkWeights("unet")), EngineException);
}

}  // namespace
}  // namespace studio::engine
