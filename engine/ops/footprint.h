#pragma once

#include "engine/ops/ops.h"

#include <cstdint>

namespace studio::engine::ops {

/// What one kind of device allocates for an operator, in bytes: the size of prepared weights, and scratch, which is
/// everything besides the result. The shape run adds it to its curve. Activations are given by meta tensors; their
/// element type stands for the compute format. What is said for the CPU's fp32 is exact and tested against the
/// allocator; elsewhere libraries decide, and it is an upper bound of what was seen.
/// Scratch of the CPU grows with the threads of the calling thread.
struct FootprintTable {
  std::int64_t (*preparedConv2d)(const Conv2dShape&, bool bias, ComputeFormat);
  std::int64_t (*preparedLinear)(std::int64_t out, std::int64_t in, bool bias, ComputeFormat);
  std::int64_t (*conv2d)(const Tensor& x, const Conv2dShape&);
  std::int64_t (*normSiluConv2d)(const Tensor& x, const Conv2dShape&);
  std::int64_t (*upsampleConv2d)(const Tensor& x, const Conv2dShape&);
  std::int64_t (*convStrip)(const Strip&, const Conv2dShape&);
  std::int64_t (*addChannelSums)(const Tensor& rows);
  std::int64_t (*linear)(const Tensor& x, const LinearWeights&);
  std::int64_t (*linearGeglu)(const Tensor& x, const LinearWeights&);
  std::int64_t (*groupNorm)(const Tensor& x);
  std::int64_t (*layerNorm)(const Tensor& x);
  std::int64_t (*attention)(const Tensor& q, const Tensor& k, std::int64_t heads);
};

const FootprintTable& cpuFootprints();
const FootprintTable& gpuFootprints();

/// The device a shape run on this thread speaks for; outside of any scope the CPU.
class FootprintScope {
 public:
  explicit FootprintScope(const FootprintTable& table);
  ~FootprintScope();
  FootprintScope(const FootprintScope&) = delete;
  FootprintScope& operator=(const FootprintScope&) = delete;

  static const FootprintTable& current();

 private:
  const FootprintTable* before_;
};

}  // namespace studio::engine::ops
