#include "tests/engine/ops/reference.h"

#include "engine/ops/cpu/convolution.h"

namespace studio::engine::ops {
namespace {

struct Case {
  Conv2dShape shape;
  std::int64_t batch, height, width;
};

class ConvolutionOperator : public OperatorTest {
 protected:
  Convolution convolution(const Conv2dShape& s, bool withBias = true) {
    return makeConvolution(s, random({s.out, s.in, s.kernel, s.kernel}).contiguous(),
                           withBias ? std::optional<Tensor>(random({s.out})) : std::nullopt);
  }
  Epilogue everything(const Conv2dShape& s, std::int64_t batch, std::int64_t height, std::int64_t width) {
    return {random({batch, s.out}), true, random({batch, s.out, height, width})};
  }
};

const Conv2dShape kWinogradShape{.out = 64, .in = 96, .kernel = 3, .padding = 1};

TEST_F(ConvolutionOperator, agreesWithTheFormulaAtOddShapes) {
  const Case cases[] = {
      {{.out = 320, .in = 4, .kernel = 3, .padding = 1}, 2, 9, 7},    // the UNet's first
      {{.out = 4, .in = 320, .kernel = 3, .padding = 1}, 2, 8, 8},    // and last convolution
      {{.out = 3, .in = 128, .kernel = 3, .padding = 1}, 1, 13, 70},  // the VAE's last
      {{.out = 9, .in = 3, .kernel = 3, .padding = 1}, 3, 1, 1},
      {{.out = 40, .in = 17, .kernel = 3, .padding = 1}, 1, 5, 6},
      {{.out = 33, .in = 20, .kernel = 1}, 3, 3, 5},
      {{.out = 8, .in = 8, .kernel = 1}, 1, 1, 1},
      {{.out = 64, .in = 64, .kernel = 3, .stride = 2, .padding = 1}, 2, 12, 10},
      {{.out = 64, .in = 64, .kernel = 3, .stride = 2, .padding = 1, .padFarSideOnly = true}, 1, 12, 10},
      {{.out = 48, .in = 32, .kernel = 5, .padding = 2}, 1, 11, 6},
      {{.out = 32, .in = 3, .kernel = 14, .stride = 14}, 1, 28, 42},
  };
  for (const Case& c : cases) {
    const Convolution conv = convolution(c.shape);
    const Tensor x = random({c.batch, c.shape.in, c.height, c.width});
    const Tensor y = conv2d(x, conv.own);
    EXPECT_TRUE(y.is_contiguous(at::MemoryFormat::ChannelsLast));
    SCOPED_TRACE(testing::Message() << c.shape.in << " -> " << c.shape.out);
    EXPECT_CLOSE(y, plain::conv2d(x.to(at::kDouble), conv.exact, {}), kSumTolerance);
  }
}

TEST_F(ConvolutionOperator, winogradStaysWithinItsErrorBound) {
  const Case cases[] = {

      {kWinogradShape, 1, 64, 9},
      {kWinogradShape, 1, 3, 130},
      {{.out = 1280, .in = 2560, .kernel = 3, .padding = 1}, 2, 8, 8},
  };
  for (const Case& c : cases) {
    ASSERT_TRUE(cpu::winogradFits(c.shape));
    const Convolution conv = convolution(c.shape);
    const Tensor x = random({c.batch, c.shape.in, c.height, c.width});
    const Tensor y =
        cpu::convolve({x}, c.shape, cpu::packedWeights(conv.own.prepared), {}, cpu::ConvolutionKernel::Winograd);
    SCOPED_TRACE(testing::Message() << x.sizes() << " -> " << c.shape.out);
    EXPECT_CLOSE(y, plain::conv2d(x.to(at::kDouble), conv.exact, {}), kWinogradTolerance);
  }
}

TEST_F(ConvolutionOperator, everyKernelAppliesTheWholeEpilogue) {
  for (const auto kernel : {cpu::ConvolutionKernel::Direct, cpu::ConvolutionKernel::Winograd}) {
    const Convolution conv = convolution(kWinogradShape);
    const Tensor x = random({2, 96, 10, 7});
    const Epilogue epilogue = everything(kWinogradShape, 2, 10, 7);
    const Tensor y = cpu::convolve({x}, kWinogradShape, cpu::packedWeights(conv.own.prepared), epilogue, kernel);
    EXPECT_CLOSE(y, plain::conv2d(x.to(at::kDouble), conv.exact, exact(epilogue)), kWinogradTolerance);
  }
  for (const std::int64_t out : {5, 64, 70}) {
    const Conv2dShape shape{.out = out, .in = 24, .kernel = 1};
    const Convolution conv = convolution(shape, false);
    const Tensor x = random({3, 24, 4, 5});
    const Epilogue epilogue = everything(shape, 3, 4, 5);
    EXPECT_CLOSE(conv2d(x, conv.own, epilogue), plain::conv2d(x.to(at::kDouble), conv.exact, exact(epilogue)),
                 kSumTolerance);
  }
}

TEST_F(ConvolutionOperator, normalisesWhileItReads) {
  const Case cases[] = {{kWinogradShape, 2, 9, 6},
                        {{.out = 4, .in = 96, .kernel = 3, .padding = 1}, 2, 9, 6},
                        {{.out = 40, .in = 96, .kernel = 1}, 2, 3, 4},
                        {{.out = 24, .in = 12, .kernel = 3, .stride = 2, .padding = 1}, 1, 6, 6}};
  for (const Case& c : cases) {
    const Convolution conv = convolution(c.shape);
    const Tensor x = random({c.batch, c.shape.in, c.height, c.width}, 3.0);
    const NormWeights norm = prepareNorm(random({c.shape.in}), random({c.shape.in}), c.shape.in / 3, 1e-5, at::kCPU);
    EXPECT_CLOSE(normSiluConv2d(x, norm, conv.own), plain::conv2d(exactNorm(x, norm, true), conv.exact, {}),
                 kWinogradTolerance);
  }
}

TEST_F(ConvolutionOperator, enlargesWhileItReads) {
  for (const auto& shape : {kWinogradShape, Conv2dShape{.out = 12, .in = 5, .kernel = 3, .padding = 1},
                            Conv2dShape{.out = 12, .in = 5, .kernel = 1}}) {
    const Convolution conv = convolution(shape);
    for (const std::int64_t width : {1, 7, 65}) {
      const Tensor x = random({2, shape.in, 5, width});
      EXPECT_CLOSE(upsampleConv2d(x, conv.own), plain::upsampleConv2d(x.to(at::kDouble), conv.exact),
                   kWinogradTolerance);
    }
  }
}

TEST_F(ConvolutionOperator, aPictureDoesNotDependOnItsCompany) {
  const Convolution conv = convolution(kWinogradShape);
  const Tensor x = random({3, 96, 16, 16}), alone = x.slice(0, 1, 2).contiguous(at::MemoryFormat::ChannelsLast);
  EXPECT_TRUE(conv2d(alone, conv.own).equal(conv2d(x, conv.own).slice(0, 1, 2)));
}

TEST_F(ConvolutionOperator, assertsThatWhatIsAddedHasTheShapeOfTheOutput) {
  const Convolution conv = convolution({.out = 64, .in = 32, .kernel = 3, .stride = 2, .padding = 1});
  const Tensor x = random({2, 32, 12, 10});
  EXPECT_NO_THROW(conv2d(x, conv.own, {random({2, 64}), false, random({2, 64, 6, 5})}));
  EXPECT_THROW(conv2d(x, conv.own, {.residual = random({2, 32, 6, 5})}), c10::Error);
  EXPECT_THROW(conv2d(x, conv.own, {.residual = random({2, 64, 6, 4})}), c10::Error);
  EXPECT_THROW(conv2d(x, conv.own, {.channelBias = random({2, 63})}), c10::Error);
}

}  // namespace
}  // namespace studio::engine::ops
