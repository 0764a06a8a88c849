#pragma once

#include "engine/ops/ops.h"
#include "engine/ops/plain/plain_operators.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/group_norm.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/silu.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <optional>

/// Random inputs and the plain formulas in double precision, which all fused kernels are measured against.
namespace studio::engine::ops {

// Sums of k products in fp32 miss by about sqrt(k) * 2^-24 relative; k <= 23,040 here, hence 1e-5 at most and 2e-6 is
// what k <= 1,000 allows. Winograd F(4x4, 3x3) loses another factor of about ten (engine.md allows 1e-5).
constexpr double kSumTolerance = 2e-6;
constexpr double kWinogradTolerance = 1e-5;

class OperatorTest : public testing::Test {
 protected:
  Tensor random(at::IntArrayRef sizes, double mean = 0.0) {
    const Tensor x = at::randn(sizes, generator_, at::kFloat) + mean;
    return x.dim() == 4 ? x.contiguous(at::MemoryFormat::ChannelsLast) : x;
  }

 private:
  c10::InferenceMode inference_;
  at::Generator generator_ = at::make_generator<at::CPUGeneratorImpl>(20240229);
};

inline double relativeError(const Tensor& actual, const Tensor& expected) {
  const Tensor wanted = expected.to(at::kDouble);
  return ((actual.to(at::kDouble) - wanted).norm() / wanted.norm()).item<double>();
}

#define EXPECT_CLOSE(actual, expected, tolerance)                        \
  do {                                                                   \
    const Tensor actualTensor = (actual), expectedTensor = (expected);   \
    ASSERT_EQ(actualTensor.sizes(), expectedTensor.sizes());             \
    EXPECT_LE(relativeError(actualTensor, expectedTensor), (tolerance)); \
  } while (false)

struct Convolution {
  Conv2dShape shape;
  Conv2dWeights own, exact;
};

inline Convolution makeConvolution(const Conv2dShape& shape, const Tensor& weight, const std::optional<Tensor>& bias) {
  const auto exactBias = bias ? std::optional<Tensor>(bias->to(at::kDouble)) : std::nullopt;
  return {shape,
          prepareConv2d(weight, bias, shape, ComputeFormat::Float32, at::kCPU),
          {shape, std::make_shared<plain::PlainWeights>(
                      weight.to(at::kDouble).contiguous(at::MemoryFormat::ChannelsLast), exactBias)}};
}

struct Layer {
  LinearWeights own, exact;
};

inline Layer makeLayer(const Tensor& weight, const std::optional<Tensor>& bias) {
  const auto exactBias = bias ? std::optional<Tensor>(bias->to(at::kDouble)) : std::nullopt;
  return {prepareLinear(weight, bias, ComputeFormat::Float32, at::kCPU),
          {weight.size(0), weight.size(1), std::make_shared<plain::PlainWeights>(weight.to(at::kDouble), exactBias)}};
}

inline Tensor exactNorm(const Tensor& x, const NormWeights& norm, bool silu) {
  const Tensor y = at::group_norm(x.to(at::kDouble), norm.groups, norm.scale.to(at::kDouble),
                                  norm.shift.to(at::kDouble), norm.epsilon);
  return (silu ? at::silu(y) : y).contiguous(at::MemoryFormat::ChannelsLast);
}

inline std::optional<Tensor> exact(const std::optional<Tensor>& x) {
  return x ? std::optional<Tensor>(x->to(at::kDouble)) : std::nullopt;
}
inline Epilogue exact(const Epilogue& e) { return {exact(e.channelBias), e.silu, exact(e.residual)}; }

}  // namespace studio::engine::ops
