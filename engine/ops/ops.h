#pragma once

#include "engine/ops/weights.h"

#include <cstdint>
#include <optional>

/// The operators every network is written in. Activations are logically NCHW, channels-last in memory when 4-D
/// (checked), in one compute format per job. Dispatch goes by the first activation's device: cpu, cuda, or meta,
/// where only shapes are computed. Called from the engine thread; no operator keeps state.
namespace studio::engine::ops {

/// What a convolution or linear layer adds while it writes its output: out = f(xW + b) with
/// f(y) = residual + silu?(y + channelBias).
struct Epilogue {
  std::optional<Tensor> channelBias = std::nullopt;  ///< [B, out], conv2d only
  bool silu = false;
  std::optional<Tensor> residual = std::nullopt;  ///< shape of the output
};

// Weights ---------------------------------------------------------------------------------------------------------
/// Turn raw weights (any float format, on the host, contiguous) into the operator's form.
Conv2dWeights prepareConv2d(const Tensor& weight, const std::optional<Tensor>& bias, const Conv2dShape& shape,
                            ComputeFormat format, const Home& home);
LinearWeights prepareLinear(const Tensor& weight, const std::optional<Tensor>& bias, ComputeFormat format,
                            const Home& home);
NormWeights prepareNorm(const Tensor& scale, const Tensor& shift, std::int64_t groups, double epsilon,
                        const Home& home);
EmbeddingWeights prepareEmbedding(const Tensor& table, ComputeFormat format, const Home& home);

// Borders of the compute format -----------------------------------------------------------------------------------
/// fp32 on the host -> compute format on the device, channels-last when 4-D.
Tensor place(const Tensor& x, ComputeFormat format, at::Device device);
/// Back to fp32 on the host, plain contiguous.
Tensor readBack(const Tensor& x);

// Convolution and matrices ----------------------------------------------------------------------------------------
Tensor conv2d(const Tensor& x, const Conv2dWeights& w, const Epilogue& epilogue = {});  // [B,in,H,W] -> [B,out,H',W']
/// conv2d(groupNorm(x) then SiLU): the norm is applied while the input is read where the kernel can.
Tensor normSiluConv2d(const Tensor& x, const NormWeights& norm, const Conv2dWeights& w, const Epilogue& epilogue = {});
/// conv2d of x enlarged twice by nearest neighbour.
Tensor upsampleConv2d(const Tensor& x, const Conv2dWeights& w);                         // [B,in,H,W] -> [B,out,2H,2W]
Tensor linear(const Tensor& x, const LinearWeights& w, const Epilogue& epilogue = {});  // [..,in] -> [..,out]
/// Gated GELU (Shazeer 2020): halves a, b of the linear layer's output, a * gelu(b); exact gelu.
Tensor linearGeglu(const Tensor& x, const LinearWeights& w);  // [..,in] -> [..,out/2]

// Norms -----------------------------------------------------------------------------------------------------------
Tensor groupNorm(const Tensor& x, const NormWeights& norm);  // [B,C,H,W]
Tensor groupNormSilu(const Tensor& x, const NormWeights& norm);
Tensor layerNorm(const Tensor& x, const NormWeights& norm);  // over the last dimension

// Pictures strip by strip -----------------------------------------------------------------------------------------
/// Rows of a picture and what a 3x3 kernel reads of their neighbours. Where the picture is cut at multiples of
/// kStripStep rows the results are those for the whole picture, bit by bit on the CPU in fp32.
struct Strip {
  Tensor x;                                      ///< [1,C,above+rows+below,W]
  std::int64_t above = 0, below = 0;             ///< rows of neighbours; 0 at the picture's edges
  std::optional<Tensor> factors = std::nullopt;  ///< of a group norm, applied with SiLU while the strip is read
  bool enlarged = false;                         ///< read as if enlarged twice by nearest neighbour
  std::int64_t rows() const { return x.size(2) - above - below; }
  Tensor inner() const { return x.narrow(2, above, rows()); }  ///< without the neighbours
};
inline constexpr std::int64_t kStripStep = 8;

/// conv2d of a kernel of 3 and stride 1 for the strip's rows, which are twice as many and as long when enlarged.
Tensor convStrip(const Strip& strip, const Conv2dWeights& w, const Epilogue& epilogue = {});  // -> [1,out,rows,W]

/// What a group norm has to know of a picture that comes strip by strip.
struct ChannelSums {
  Tensor pivot;  ///< first pixel, fp32 [C]: what is summed is the distance from it
  Tensor sums;   ///< fp64 [2,C]: distances and their squares
  std::int64_t pixels = 0;
};
/// Adds rows [1,C,rows,W] of a picture, from top to bottom.
void addChannelSums(ChannelSums& sums, const Tensor& rows);
/// Scale and shift of every channel, fp32 [2,C].
Tensor normFactors(const ChannelSums& sums, const NormWeights& norm);

// Attention -------------------------------------------------------------------------------------------------------
/// Scaled dot-product attention; never holds the full score matrix. q [B,T,H*D], k and v [B,S,H*D] -> [B,T,H*D].
Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, std::int64_t heads, bool causal = false);

// Element by element ----------------------------------------------------------------------------------------------
Tensor silu(const Tensor& x);
Tensor gelu(const Tensor& x);
Tensor quickGelu(const Tensor& x);  ///< x * sigmoid(1.702 x), CLIP's activation
Tensor relu(const Tensor& x);
Tensor tanhClamp(const Tensor& x, double limit);  ///< tanh(x / limit) * limit
Tensor add(const Tensor& a, const Tensor& b);

// Shape -----------------------------------------------------------------------------------------------------------
Tensor concatChannels(const Tensor& a, const Tensor& b);  // [B,C1,H,W], [B,C2,H,W] -> [B,C1+C2,H,W]
Tensor upsampleNearest(const Tensor& x);                  // [B,C,H,W] -> [B,C,2H,2W]
Tensor tokensFromImage(const Tensor& x);                  // [B,C,H,W] -> [B,H*W,C], no copy
Tensor imageFromTokens(const Tensor& x, std::int64_t height, std::int64_t width);  // [B,H*W,C] -> [B,C,H,W], no copy
Tensor embedding(const Tensor& ids, const EmbeddingWeights& table);                // int64 [B,T] -> [B,T,width]
/// Sinusoidal position of a fractional timestep (Vaswani et al. 2017, 3.5; cosine half first), fp32 host [B] ->
/// [B,width] placed like `like`.
Tensor timestepEmbedding(const Tensor& timesteps, std::int64_t width, ComputeFormat format, at::Device device);

}  // namespace studio::engine::ops
