#include "engine/ops/cpu/convolution.h"

#include "engine/ops/cpu/kernels/kernel_table.h"
#include "engine/ops/cpu/matrix_product.h"

#include <ATen/ops/empty.h>

#include <cstring>

namespace studio::engine::ops::cpu {
namespace {

Epilogue contiguousEpilogue(const Epilogue& epilogue) {
  Epilogue result = epilogue;
  if (result.channelBias) result.channelBias = result.channelBias->contiguous();
  if (result.residual) result.residual = result.residual->contiguous(at::MemoryFormat::ChannelsLast);
  return result;
}

std::int64_t outSide(std::int64_t side, const Conv2dShape& s) {
  return (side + (s.padFarSideOnly ? s.padding : 2 * s.padding) - s.kernel) / s.stride + 1;
}

/// A 1x1 convolution is a matrix product over pixels.
void matrixConvolution(const ConvolutionInput& input, const PackedWeights& weights, const Epilogue& epilogue,
                       Tensor& out) {
  Tensor x = input.x;
  if (input.factors != nullptr || input.enlarge != 0) {
    x = imageLike(input.x, input.channels(), input.height(), input.width());
    float* target = x.data_ptr<float>();
    forEachTask(input.batch() * input.height(), [&](std::int64_t row, std::int64_t) {
      gatherWindow(input,
                   {.picture = row / input.height(),
                    .top = row % input.height(),
                    .rows = 1,
                    .pixels = input.width(),
                    .channels = input.channels()},
                   target + row * input.width() * input.channels());
    });
  }
  matrixProduct({x.const_data_ptr<float>(), x.size(0), x.size(2) * x.size(3)}, weights, epilogue,
                out.data_ptr<float>());
}

ConvolutionKernel kernelFor(const Conv2dShape& shape, std::int64_t height, std::int64_t width) {
  if (shape.kernel == 1 && shape.stride == 1 && shape.padding == 0) return ConvolutionKernel::Matrix;
  // In a picture smaller than a tile most of the transform is zeros, and rounding weighs more (1e-5 at 1x1).
  return winogradFits(shape) && std::min(height, width) >= 4 ? ConvolutionKernel::Winograd : ConvolutionKernel::Direct;
}

}  // namespace

void gatherWindow(const ConvolutionInput& input, const Window& window, float* out) {
  const KernelTable& table = kernels();
  const std::int64_t channels = input.channels(), inputWidth = input.x.size(3), inputHeight = input.x.size(2),
                     rowFloats = window.pixels * window.channels;
  const std::int64_t first = std::clamp<std::int64_t>(-window.left, 0, window.pixels);
  const std::int64_t last = std::clamp<std::int64_t>(input.width() - window.left, first, window.pixels);
  const std::size_t before = static_cast<std::size_t>(first * window.channels) * sizeof(float);
  const std::size_t after = static_cast<std::size_t>((window.pixels - last) * window.channels) * sizeof(float);
  const float* picture =
      input.x.const_data_ptr<float>() + window.picture * inputHeight * inputWidth * channels + window.firstChannel;
  for (std::int64_t row = 0; row < window.rows; ++row, out += rowFloats) {
    const std::int64_t y = ((window.top + row) >> input.enlarge) + input.above;  // of x
    if (y < 0 || y >= inputHeight || first == last) {
      std::memset(out, 0, static_cast<std::size_t>(rowFloats) * sizeof(float));
      continue;
    }
    std::memset(out, 0, before);
    std::memset(out + last * window.channels, 0, after);
    // An enlarged row starts in the middle of an input pixel when its first column is odd: copy that one alone.
    std::int64_t from = first;
    PixelRow pixels{
        .channels = window.channels, .inStride = channels, .outStride = window.channels, .enlarge = input.enlarge};
    if (input.factors != nullptr) {
      pixels.scale = input.factors->scale(window.picture) + window.firstChannel;
      pixels.shift = input.factors->shift(window.picture) + window.firstChannel;
      pixels.silu = true;
    }
    const float* inputRow = picture + y * inputWidth * channels;
    const auto copy = [&](std::int64_t count) {
      pixels.in = inputRow + ((window.left + from) >> input.enlarge) * channels;
      pixels.out = out + from * window.channels;
      pixels.pixels = count;
      table.pixelRow(pixels);
      from += count;
    };
    if (input.enlarge != 0 && ((window.left + from) & 1) != 0) copy(1);
    if (from < last) copy(last - from);
  }
}

std::int64_t convolutionWorkspaceFloats(const Conv2dShape& shape, std::int64_t batch, std::int64_t height,
                                        std::int64_t width) {
  switch (kernelFor(shape, height, width)) {
    case ConvolutionKernel::Matrix:
      return matrixWorkspaceFloats(batch * height * width, shape.in, shape.out);
    case ConvolutionKernel::Direct:
      return directWorkspaceFloats(shape, batch, outSide(height, shape), outSide(width, shape));
    case ConvolutionKernel::Winograd:
      return winogradWorkspaceFloats(shape, batch, height, width);
  }
  return 0;
}

Tensor convolve(const ConvolutionInput& input, const Conv2dShape& shape, const PackedWeights& weights,
                const Epilogue& epilogue, ConvolutionKernel kernel) {
  Tensor out = imageLike(input.x, shape.out, outSide(input.height(), shape), outSide(input.width(), shape));
  const Epilogue finish = contiguousEpilogue(epilogue);
  switch (kernel) {
    case ConvolutionKernel::Matrix:
      matrixConvolution(input, weights, finish, out);
      break;
    case ConvolutionKernel::Direct:
      directConvolution(input, shape, weights, finish, out);
      break;
    case ConvolutionKernel::Winograd:
      winogradConvolution(input, weights, finish, out);
      break;
  }
  return out;
}

namespace {

Tensor convolveBest(const ConvolutionInput& input, const Conv2dWeights& w, const Epilogue& epilogue) {
  return convolve(input, w.shape, packedWeights(w.prepared), epilogue,
                  kernelFor(w.shape, input.height(), input.width()));
}

}  // namespace

Tensor conv2d(const Tensor& x, const Conv2dWeights& w, const Epilogue& epilogue) {
  return convolveBest({x}, w, epilogue);
}

Tensor normSiluConv2d(const Tensor& x, const NormWeights& norm, const Conv2dWeights& w, const Epilogue& epilogue) {
  const GroupNormFactors factors(x, norm);
  return convolveBest({x, &factors}, w, epilogue);
}

Tensor upsampleConv2d(const Tensor& x, const Conv2dWeights& w) { return convolveBest({x, nullptr, 1}, w, {}); }

Tensor convStrip(const Strip& strip, const Conv2dWeights& w, const Epilogue& epilogue) {
  std::optional<GroupNormFactors> factors;
  if (strip.factors) factors.emplace(*strip.factors);
  return convolveBest({.x = strip.x,
                       .factors = factors ? &*factors : nullptr,
                       .enlarge = strip.enlarged ? 1 : 0,
                       .above = strip.above,
                       .below = strip.below},
                      w, epilogue);
}

}  // namespace studio::engine::ops::cpu
