#pragma once

#include "engine/ops/cpu/tasks.h"
#include "engine/ops/ops.h"

namespace studio::engine::ops::cpu {

/// A group norm of one input as a scale and a shift per picture and channel: y = x * scale + shift, [B][C] each.
class GroupNormFactors {
 public:
  GroupNormFactors(const Tensor& x, const NormWeights& norm);
  const float* scale(std::int64_t picture) const { return memory_.data() + picture * channels_; }
  const float* shift(std::int64_t picture) const { return memory_.data() + (pictures_ + picture) * channels_; }

 private:
  std::int64_t pictures_, channels_;
  Scratch memory_;
};

Tensor groupNorm(const Tensor& x, const NormWeights& norm, bool silu);
Tensor layerNorm(const Tensor& x, const NormWeights& norm);

}  // namespace studio::engine::ops::cpu
