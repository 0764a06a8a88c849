#include "tests/engine/ops/reference.h"

#include "engine/ops/footprint.h"
#include "engine/ops/striped_image.h"

#include <ATen/ops/cat.h>

#include <tuple>
#include <vector>

/// Operators on strips against the same on the whole picture.
namespace studio::engine::ops {
namespace {

class StripOperator : public OperatorTest {
 protected:
  static std::shared_ptr<const StripCut> cut(std::int64_t rows) {
    return std::make_shared<StripCut>(StripCut{rows, nullptr});
  }
  NormWeights norm(std::int64_t channels) {
    return prepareNorm(random({channels}, 1.0), random({channels}), 4, 1e-5, at::kCPU);
  }
  Conv2dWeights convolution(std::int64_t in, std::int64_t out, ComputeFormat format = ComputeFormat::Float32) {
    return prepareConv2d(random({out, in, 3, 3}), random({out}), {.out = out, .in = in, .kernel = 3, .padding = 1},
                         format, at::kCPU);
  }

  /// Normed or enlarged convolution, strip by strip.
  static Tensor inStrips(const Tensor& x, std::int64_t rows, const Conv2dWeights& w, const NormWeights* norm,
                         bool enlarged, const Epilogue& epilogue = {}) {
    StripedImage image(x, cut(rows));
    std::optional<Tensor> factors;
    if (norm != nullptr) factors = image.normFactors(*norm);
    const std::int64_t scale = enlarged ? 2 : 1;
    std::vector<Tensor> parts;
    for (const auto& r : image.strips(scale)) {
      Strip strip = image.take({r.top / scale, r.bottom / scale});
      strip.factors = factors, strip.enlarged = enlarged;
      Epilogue own = epilogue;
      if (epilogue.residual) own.residual = epilogue.residual->narrow(2, r.top, r.count());
      parts.push_back(convStrip(strip, w, own));
    }
    return at::cat(parts, 2);
  }
};

TEST_F(StripOperator, convolutionsGiveTheBitsOfTheWhole) {
  for (const auto& [in, out, height, width] :
       {std::tuple{64, 96, 29, 18}, {32, 64, 64, 70}, {64, 3, 24, 300}, {4, 64, 21, 20}, {96, 32, 40, 3}}) {
    const Tensor x = random({1, in, height, width});
    const Conv2dWeights w = convolution(in, out);
    const NormWeights groups = norm(in);
    const Epilogue epilogue{.silu = true, .residual = random({1, out, height, width})};
    for (const std::int64_t rows : {8, 16, 64}) {
      SCOPED_TRACE(testing::Message() << in << " -> " << out << ", strips of " << rows << " of " << height);
      EXPECT_TRUE(inStrips(x, rows, w, nullptr, false).equal(conv2d(x, w)));
      EXPECT_TRUE(inStrips(x, rows, w, nullptr, true).equal(upsampleConv2d(x, w)));
      EXPECT_TRUE(inStrips(x, rows, w, &groups, false, epilogue).equal(normSiluConv2d(x, groups, w, epilogue)));
    }
  }
}

TEST_F(StripOperator, plainConvolutionsAgreeWithTheirFormulas) {
  const Tensor x = random({1, 32, 21, 10});
  const Convolution both = makeConvolution({.out = 8, .in = 32, .kernel = 3, .padding = 1}, random({8, 32, 3, 3}), {});
  for (const bool enlarged : {false, true}) {
    for (const std::int64_t top : {0, 8, 16}) {
      const std::int64_t bottom = std::min<std::int64_t>(top + 8, 21);
      StripedImage image(x, cut(8));
      Strip strip = image.read({top, bottom});
      strip.enlarged = enlarged;
      const Tensor own = convStrip(strip, both.own);
      strip.x = strip.x.to(at::kDouble);
      EXPECT_CLOSE(own, plain::convStrip(strip, both.exact, {}), kWinogradTolerance);
    }
  }
}

TEST_F(StripOperator, plainNormsAgreeWithOurs) {
  const Tensor x = random({1, 32, 24, 10}, 3.0);
  const NormWeights groups = norm(32);
  ChannelSums own, simple;
  for (const std::int64_t top : {0, 8, 16}) {
    addChannelSums(own, x.narrow(2, top, 8));
    plain::addChannelSums(simple, x.narrow(2, top, 8));
    simple.pixels += 80;
  }
  EXPECT_CLOSE(plain::normFactors(simple, groups), normFactors(own, groups), kSumTolerance);
  Strip strip{.x = x, .factors = normFactors(own, groups)};
  EXPECT_CLOSE(plain::stripInput(strip).narrow(2, 1, 24), exactNorm(x, groups, true), 1e-5);
}

TEST_F(StripOperator, stripsOfReducedFormatsRoundLikeTheWhole) {
  const Tensor x = random({1, 64, 40, 24}).to(at::kBFloat16);
  const Conv2dWeights w = convolution(64, 64, ComputeFormat::BFloat16);
  const NormWeights groups = norm(64);
  EXPECT_CLOSE(inStrips(x, 16, w, nullptr, false), conv2d(x, w), 1e-3);
  EXPECT_CLOSE(inStrips(x, 16, w, nullptr, true), upsampleConv2d(x, w), 1e-3);
  EXPECT_CLOSE(inStrips(x, 16, w, &groups, false), normSiluConv2d(x, groups, w), 5e-3);
}

TEST_F(StripOperator, aRestOfAFewRowsBelongsToTheLastStrip) {
  const auto heights = [&](std::int64_t height, std::int64_t rows) {
    std::vector<std::int64_t> result;
    for (const auto& strip : StripedImage(random({1, 1, height, 2}), cut(rows)).strips())
      result.push_back(strip.count());
    return result;
  };
  EXPECT_EQ(heights(39, 16), (std::vector<std::int64_t>{16, 23}));
  EXPECT_EQ(heights(40, 16), (std::vector<std::int64_t>{16, 16, 8}));
  EXPECT_EQ(heights(41, 16), (std::vector<std::int64_t>{16, 16, 9}));
  EXPECT_EQ(heights(5, 16), (std::vector<std::int64_t>{5}));
  EXPECT_EQ(heights(32, 16), (std::vector<std::int64_t>{16, 16}));
}

}  // namespace
}  // namespace studio::engine::ops
