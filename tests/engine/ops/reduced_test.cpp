#include "tests/engine/ops/reference.h"

#include "engine/ops/precision_probe.h"
#include "engine/ops/speed_probe.h"

namespace studio::engine::ops {
namespace {

// bf16 keeps 8 bits: inputs, weights and the result are each rounded by up to 2^-9.
constexpr double kReducedTolerance = 1e-2;

class ReducedOperator : public OperatorTest {
 protected:
  Tensor reduced(const Tensor& x) { return place(x, ComputeFormat::BFloat16, at::kCPU); }
};

TEST_F(ReducedOperator, convolutionsAgreeWithTheFormula) {
  const Conv2dShape shapes[] = {{.out = 64, .in = 96, .kernel = 3, .padding = 1},
                                {.out = 4, .in = 32, .kernel = 3, .padding = 1},
                                {.out = 32, .in = 4, .kernel = 3, .stride = 2, .padding = 1, .padFarSideOnly = true},
                                {.out = 64, .in = 32, .kernel = 1}};
  for (const Conv2dShape& shape : shapes) {
    const Tensor weight = random({shape.out, shape.in, shape.kernel, shape.kernel}).contiguous(),
                 bias = random({shape.out}), x = random({2, shape.in, 8, 12});
    const Conv2dWeights own = prepareConv2d(weight, bias, shape, ComputeFormat::BFloat16, at::kCPU);
    EXPECT_EQ(own.prepared->bytes(), 2 * (weight.numel() + bias.numel()));
    const Convolution exactConvolution = makeConvolution(shape, weight, bias);
    const Tensor wanted = plain::conv2d(x.to(at::kDouble), exactConvolution.exact, {});
    const Epilogue epilogue{random({2, shape.out}), true, random(wanted.sizes())};
    const Tensor y = conv2d(reduced(x), own, {reduced(*epilogue.channelBias), true, reduced(*epilogue.residual)});
    EXPECT_EQ(y.scalar_type(), at::kBFloat16);
    EXPECT_TRUE(y.is_contiguous(at::MemoryFormat::ChannelsLast));
    EXPECT_CLOSE(y, plain::conv2d(x.to(at::kDouble), exactConvolution.exact, exact(epilogue)), kReducedTolerance);
  }
}

TEST_F(ReducedOperator, normsAndLayersAgreeWithTheFormula) {
  const NormWeights norm = prepareNorm(random({32}), random({32}), 4, 1e-5, at::kCPU);
  const Tensor x = random({2, 32, 9, 5});
  EXPECT_CLOSE(groupNormSilu(reduced(x), norm), exactNorm(x, norm, true), kReducedTolerance);
  const Tensor weight = random({64, 32}), rows = random({3, 7, 32});
  const LinearWeights layer = prepareLinear(weight, std::nullopt, ComputeFormat::BFloat16, at::kCPU);
  const Layer exactLayer = makeLayer(weight, std::nullopt);
  EXPECT_CLOSE(linear(reduced(rows), layer), plain::linear(rows.to(at::kDouble), exactLayer.exact, {}),
               kReducedTolerance);
  EXPECT_CLOSE(linearGeglu(reduced(rows), layer), plain::linearGeglu(rows.to(at::kDouble), exactLayer.exact),
               2 * kReducedTolerance);
}

TEST_F(ReducedOperator, theChoiceOfAFormatSaysWhy) {
  const PrecisionChoice choice = measureCpuPrecision();
  const std::string name = choice.format == ComputeFormat::BFloat16 ? "bf16" : "fp32";
  EXPECT_EQ(choice.reason.text().substr(0, 4), name);
  EXPECT_EQ(choice.reason.text().back(), '.');
}

TEST_F(ReducedOperator, aTrialOfSpeedTellsOfLargeAndOfTinyBlocks) {
  for (const ComputeFormat format : {ComputeFormat::Float32, ComputeFormat::BFloat16}) {
    const CpuSpeed speed = measureCpuSpeed(format);
    EXPECT_GT(speed.secondsPerMultiplication, 1e-14);
    EXPECT_LT(speed.secondsPerMultiplication, 1e-7);
    EXPECT_GT(speed.secondsPerBlock, 1e-7);
    EXPECT_LT(speed.secondsPerBlock, 1);
  }
}

}  // namespace
}  // namespace studio::engine::ops
