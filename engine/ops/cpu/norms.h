#pragma once

#include "engine/ops/cpu/tasks.h"
#include "engine/ops/ops.h"

namespace studio::engine::ops::cpu {

/// A group norm of one input as a scale and a shift per picture and channel: y = x * scale + shift, [B][C] each.
class GroupNormFactors {
 public:
  GroupNormFactors(const Tensor& x, const NormWeights& norm);
  /// Of one picture, [2,C] as normFactors() gives them.
  explicit GroupNormFactors(const Tensor& known);
  const float* scale(std::int64_t picture) const { return data_ + picture * channels_; }
  const float* shift(std::int64_t picture) const { return data_ + (pictures_ + picture) * channels_; }

 private:
  std::int64_t pictures_, channels_;
  Tensor memory_;
  const float* data_;
};

void addChannelSums(ChannelSums& sums, const Tensor& rows);
std::int64_t channelSumsFloats(const Tensor& rows);
Tensor normFactors(const ChannelSums& sums, const NormWeights& norm);

Tensor groupNorm(const Tensor& x, const NormWeights& norm, bool silu);
Tensor layerNorm(const Tensor& x, const NormWeights& norm);

}  // namespace studio::engine::ops::cpu
