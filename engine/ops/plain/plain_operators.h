#pragma once

#include "engine/ops/ops.h"
#include "engine/ops/weight_pieces.h"

/// Every operator as its formula in ATen calls, on any device ATen knows. The reference for the fused kernels'
/// tests, the GPU's first implementation, and what the CPU table uses where nothing faster is worth having.
namespace studio::engine::ops::plain {

/// Weights as tensors in the compute format.
class PlainWeights final : public Prepared {
 public:
  PlainWeights(Tensor weightTensor, std::optional<Tensor> biasTensor)
      : weight(std::move(weightTensor)), bias(std::move(biasTensor)) {}
  std::int64_t bytes() const override;
  std::vector<Tensor> pieces() const override { return ops::pieces(weight, bias); }
  std::shared_ptr<const Prepared> over(std::span<const Tensor> pieces) const override;

  Tensor weight;
  std::optional<Tensor> bias;
};

Conv2dWeights prepareConv2d(const Tensor& weight, const std::optional<Tensor>& bias, const Conv2dShape& shape,
                            ComputeFormat format, at::Device device);
LinearWeights prepareLinear(const Tensor& weight, const std::optional<Tensor>& bias, ComputeFormat format,
                            at::Device device);
Tensor conv2d(const Tensor& x, const Conv2dWeights& w, const Epilogue& epilogue);
Tensor normSiluConv2d(const Tensor& x, const NormWeights& norm, const Conv2dWeights& w, const Epilogue& epilogue);
Tensor upsampleConv2d(const Tensor& x, const Conv2dWeights& w);
Tensor convStrip(const Strip& strip, const Conv2dWeights& w, const Epilogue& epilogue);
/// What a kernel of 3 reads for a strip: normed, enlarged, with a row of neighbours or of zeros above and below.
Tensor stripInput(const Strip& strip);
void addChannelSums(ChannelSums& sums, const Tensor& rows);
Tensor normFactors(const ChannelSums& sums, const NormWeights& norm);
Tensor linear(const Tensor& x, const LinearWeights& w, const Epilogue& epilogue);
Tensor linearGeglu(const Tensor& x, const LinearWeights& w);
Tensor groupNorm(const Tensor& x, const NormWeights& norm, bool silu);
Tensor layerNorm(const Tensor& x, const NormWeights& norm);
Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, std::int64_t heads, bool causal);
Tensor silu(const Tensor& x);
Tensor gelu(const Tensor& x);
Tensor quickGelu(const Tensor& x);
Tensor relu(const Tensor& x);
Tensor tanhClamp(const Tensor& x, double limit);
Tensor add(const Tensor& a, const Tensor& b);
Tensor concatChannels(const Tensor& a, const Tensor& b);
Tensor upsampleNearest(const Tensor& x);
Tensor embedding(const Tensor& ids, const EmbeddingWeights& table);

}  // namespace studio::engine::ops::plain
