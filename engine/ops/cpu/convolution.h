#pragma once

#include "engine/ops/cpu/norms.h"
#include "engine/ops/cpu/packed_weights.h"
#include "engine/ops/ops.h"

namespace studio::engine::ops::cpu {

/// Where a convolution reads from: a picture as it is, normalised (with SiLU) or enlarged twice, never materialised.
/// Of a strip, `above` and `below` rows belong to its neighbours.
struct ConvolutionInput {
  Tensor x;
  const GroupNormFactors* factors = nullptr;
  int enlarge = 0;
  std::int64_t above = 0, below = 0;
  std::int64_t batch() const { return x.size(0); }
  std::int64_t height() const { return (x.size(2) - above - below) << enlarge; }
  std::int64_t width() const { return x.size(3) << enlarge; }
  std::int64_t channels() const { return x.size(1); }
};

/// A rectangle of the (virtual) input; pixels outside of the picture are zero.
struct Window {
  std::int64_t picture = 0, top = 0, left = 0, rows = 0, pixels = 0;
  std::int64_t firstChannel = 0, channels = 0;
};

/// Copies a window to out [rows][pixels][channels], norm, SiLU and enlargement applied on the way.
void gatherWindow(const ConvolutionInput& input, const Window& window, float* out);

enum class ConvolutionKernel { Direct, Matrix, Winograd };

/// Each kernel fills `out` [B, out, H', W'] in NHWC; `channelBias` and `residual` of the epilogue are contiguous.
void directConvolution(const ConvolutionInput& input, const Conv2dShape& shape, const PackedWeights& weights,
                       const Epilogue& epilogue, Tensor& out);
void winogradConvolution(const ConvolutionInput& input, const PackedWeights& weights, const Epilogue& epilogue,
                         Tensor& out);
bool winogradFits(const Conv2dShape& shape);
std::int64_t winogradWorkspaceFloats(const Conv2dShape& shape, std::int64_t batch, std::int64_t height,
                                     std::int64_t width);
/// Scratch of the kernel that would be chosen; height and width are the input's, as the kernel sees it.
std::int64_t convolutionWorkspaceFloats(const Conv2dShape& shape, std::int64_t batch, std::int64_t height,
                                        std::int64_t width);
std::int64_t directWorkspaceFloats(const Conv2dShape& shape, std::int64_t batch, std::int64_t height,
                                   std::int64_t width);

/// The same with the kernel given, for tests and measurements.
Tensor convolve(const ConvolutionInput& input, const Conv2dShape& shape, const PackedWeights& weights,
                const Epilogue& epilogue, ConvolutionKernel kernel);

Tensor conv2d(const Tensor& x, const Conv2dWeights& w, const Epilogue& epilogue);
Tensor normSiluConv2d(const Tensor& x, const NormWeights& norm, const Conv2dWeights& w, const Epilogue& epilogue);
Tensor upsampleConv2d(const Tensor& x, const Conv2dWeights& w);
Tensor convStrip(const Strip& strip, const Conv2dWeights& w, const Epilogue& epilogue);

}  // namespace studio::engine::ops::cpu
