#pragma once

#include "engine/ops/ops.h"

/// The CPU's operators in 16-bit formats, on oneDNN: weights re-ordered once for its kernels (AMX, AVX-512 bf16), fp32
/// sums inside, statistics in fp32. What has no better form here is the plain formula.
namespace studio::engine::ops::cpu::reduced {

/// True when oneDNN has kernels for the format on this processor; else weights stay plain and everything is slow.
bool isSupported(ComputeFormat format);

Conv2dWeights prepareConv2d(const Tensor& weight, const std::optional<Tensor>& bias, const Conv2dShape& shape,
                            ComputeFormat format, at::Device device);
LinearWeights prepareLinear(const Tensor& weight, const std::optional<Tensor>& bias, ComputeFormat format,
                            at::Device device);

Tensor conv2d(const Tensor& x, const Conv2dWeights& w, const Epilogue& epilogue);
Tensor normSiluConv2d(const Tensor& x, const NormWeights& norm, const Conv2dWeights& w, const Epilogue& epilogue);
Tensor upsampleConv2d(const Tensor& x, const Conv2dWeights& w);
Tensor convStrip(const Strip& strip, const Conv2dWeights& w, const Epilogue& epilogue);
Tensor linear(const Tensor& x, const LinearWeights& w, const Epilogue& epilogue);
Tensor linearGeglu(const Tensor& x, const LinearWeights& w);
Tensor groupNorm(const Tensor& x, const NormWeights& norm, bool silu);
Tensor layerNorm(const Tensor& x, const NormWeights& norm);

}  // namespace studio::engine::ops::cpu::reduced
