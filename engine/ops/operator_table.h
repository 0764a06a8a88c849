#pragma once

#include "engine/ops/ops.h"

namespace studio::engine::ops {

/// One implementation of all operators that differ between devices. ops.cpp checks arguments once and calls through
/// the table of the activation's device.
struct OperatorTable {
  Conv2dWeights (*prepareConv2d)(const Tensor&, const std::optional<Tensor>&, const Conv2dShape&, ComputeFormat,
                                 at::Device);
  LinearWeights (*prepareLinear)(const Tensor&, const std::optional<Tensor>&, ComputeFormat, at::Device);
  Tensor (*conv2d)(const Tensor&, const Conv2dWeights&, const Epilogue&);
  Tensor (*normSiluConv2d)(const Tensor&, const NormWeights&, const Conv2dWeights&, const Epilogue&);
  Tensor (*upsampleConv2d)(const Tensor&, const Conv2dWeights&);
  Tensor (*linear)(const Tensor&, const LinearWeights&, const Epilogue&);
  Tensor (*linearGeglu)(const Tensor&, const LinearWeights&);
  Tensor (*groupNorm)(const Tensor&, const NormWeights&, bool silu);
  Tensor (*convStrip)(const Strip&, const Conv2dWeights&, const Epilogue&);
  void (*addChannelSums)(ChannelSums&, const Tensor& rows);
  Tensor (*normFactors)(const ChannelSums&, const NormWeights&);
  Tensor (*layerNorm)(const Tensor&, const NormWeights&);
  Tensor (*attention)(const Tensor&, const Tensor&, const Tensor&, std::int64_t heads, bool causal);
  Tensor (*silu)(const Tensor&);
  Tensor (*gelu)(const Tensor&);
  Tensor (*quickGelu)(const Tensor&);
  Tensor (*relu)(const Tensor&);
  Tensor (*tanhClamp)(const Tensor&, double);
  Tensor (*add)(const Tensor&, const Tensor&);
  Tensor (*concatChannels)(const Tensor&, const Tensor&);
  Tensor (*upsampleNearest)(const Tensor&);
  Tensor (*embedding)(const Tensor&, const EmbeddingWeights&);
};

const OperatorTable& cpuOperators();
const OperatorTable& shapeOperators();
/// Nothing when this build has no GPU back end (ops/gpu is then another file).
const OperatorTable* gpuOperators();

}  // namespace studio::engine::ops
