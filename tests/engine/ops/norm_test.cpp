#include "tests/engine/ops/reference.h"

#include <ATen/ops/gelu.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linspace.h>

namespace studio::engine::ops {
namespace {

class NormOperator : public OperatorTest {};

TEST_F(NormOperator, groupNormKeepsItsStatisticsWhenTheMeanIsLarge) {
  for (const std::int64_t channels : {32, 96, 320, 44}) {
    const NormWeights norm = prepareNorm(random({channels}), random({channels}), 4, 1e-5, at::kCPU);
    for (const double mean : {0.0, 30.0}) {
      const Tensor x = random({2, channels, 33, 17}, mean);
      // The input itself is rounded to 2^-24 of its mean, which the division by the deviation (1) makes visible.
      const double tolerance = kSumTolerance * (1 + mean / 5);
      EXPECT_CLOSE(groupNorm(x, norm), exactNorm(x, norm, false), tolerance);
      EXPECT_CLOSE(groupNormSilu(x, norm), exactNorm(x, norm, true), tolerance);
    }
  }
}

TEST_F(NormOperator, layerNormAgreesWithTheFormula) {
  for (const std::int64_t width : {5, 32, 320, 1283}) {
    const NormWeights norm = prepareNorm(random({width}), random({width}), 1, 1e-5, at::kCPU);
    const Tensor x = random({2, 70, width}, 2.0);
    const Tensor wanted =
        at::layer_norm(x.to(at::kDouble), {width}, norm.scale.to(at::kDouble), norm.shift.to(at::kDouble), 1e-5);
    EXPECT_CLOSE(layerNorm(x, norm), wanted, kSumTolerance);
  }
}

class ElementOperator : public OperatorTest {};

TEST_F(ElementOperator, activationsAgreeWithTheirFormulasOverTheWholeRange) {
  const Tensor x = at::linspace(-30, 30, 6007, at::kFloat), exactX = x.to(at::kDouble);
  const auto expectEverywhere = [](const Tensor& actual, const Tensor& wanted) {
    EXPECT_LE((actual - wanted).abs().max().item<double>(), 2e-6 * 30);
    EXPECT_LE(relativeError(actual, wanted), 3e-7);
  };
  expectEverywhere(ops::silu(x), plain::silu(exactX));
  expectEverywhere(ops::gelu(x), plain::gelu(exactX));
  expectEverywhere(ops::quickGelu(x), plain::quickGelu(exactX));
  expectEverywhere(ops::relu(x), plain::relu(exactX));
  expectEverywhere(tanhClamp(x, 3.0), plain::tanhClamp(exactX, 3.0));
}

TEST_F(ElementOperator, addJoinsTensorsOfDifferentLayout) {
  const Tensor a = random({2, 5, 3, 4}), b = random({2, 5, 3, 4}).contiguous();
  EXPECT_TRUE(add(a, b).equal(a + b));
}

TEST_F(ElementOperator, concatenationAndEnlargementMoveEveryByte) {
  const Tensor a = random({2, 5, 3, 4}), b = random({2, 7, 3, 4});
  EXPECT_TRUE(concatChannels(a, b).equal(plain::concatChannels(a, b)));
  EXPECT_TRUE(upsampleNearest(a).equal(plain::upsampleNearest(a)));
  const Tensor half = a.to(at::kBFloat16);
  EXPECT_TRUE(upsampleNearest(half).equal(plain::upsampleNearest(half)));
}

}  // namespace
}  // namespace studio::engine::ops
