#include "engine/ops/footprint.h"

#include <algorithm>

/// Scratch of the plain operators on a GPU, from what plain_operators.cpp allocates; cuDNN's own workspace is one
/// buffer that it keeps, a constant of the device and not of a shape.
namespace studio::engine::ops {
namespace plain {
namespace {

std::int64_t bytesOf(const Tensor& x) { return static_cast<std::int64_t>(x.nbytes()); }

std::int64_t preparedBytes(std::int64_t count, ComputeFormat format) {
  return static_cast<std::int64_t>(c10::elementSize(scalarType(format))) * count;
}
std::int64_t preparedConv2d(const Conv2dShape& s, bool bias, ComputeFormat format) {
  return preparedBytes(s.out * s.in * s.kernel * s.kernel + (bias ? s.out : 0), format);
}
std::int64_t preparedLinear(std::int64_t out, std::int64_t in, bool bias, ComputeFormat format) {
  return preparedBytes(out * in + (bias ? out : 0), format);
}

std::int64_t outSide(std::int64_t side, const Conv2dShape& s) {
  return (side + (s.padFarSideOnly ? s.padding : 2 * s.padding) - s.kernel) / s.stride + 1;
}

/// Every part of the epilogue makes a new picture while the one before is alive.
std::int64_t convFootprint(const Tensor& x, const Conv2dShape& s) {
  return x.size(0) * s.out * outSide(x.size(2), s) * outSide(x.size(3), s) *
         static_cast<std::int64_t>(x.element_size());
}

/// In fp32: the input, the normed one and its SiLU.
std::int64_t groupNormFootprint(const Tensor& x) { return 2 * x.numel() * static_cast<std::int64_t>(sizeof(float)); }
std::int64_t layerNormFootprint(const Tensor& x) { return 2 * x.numel() * static_cast<std::int64_t>(sizeof(float)); }

std::int64_t normSiluConvFootprint(const Tensor& x, const Conv2dShape& s) {
  return bytesOf(x) + std::max(groupNormFootprint(x), convFootprint(x, s));
}
std::int64_t upsampleConvFootprint(const Tensor& x, const Conv2dShape& s) {
  return 4 * bytesOf(x) + 4 * convFootprint(x, s);
}
/// As for a norm and a convolution of the strip, of which the padded input is one more copy.
std::int64_t convStripFootprint(const Strip& strip, const Conv2dShape& s) {
  const std::int64_t scale = strip.enlarged ? 4 : 1;
  return (1 + scale) * bytesOf(strip.x) +
         std::max(strip.factors ? groupNormFootprint(strip.x) : 0, scale * convFootprint(strip.x, s));
}
std::int64_t addChannelSumsFootprint(const Tensor& rows) { return groupNormFootprint(rows); }
std::int64_t linearFootprint(const Tensor& x, const LinearWeights& w) {
  return x.numel() / w.in * w.out * static_cast<std::int64_t>(x.element_size());
}
std::int64_t linearGegluFootprint(const Tensor& x, const LinearWeights& w) { return 2 * linearFootprint(x, w); }
std::int64_t attentionFootprint(const Tensor& q, const Tensor&, std::int64_t) { return bytesOf(q); }

}  // namespace
}  // namespace plain

const FootprintTable& gpuFootprints() {
  static const FootprintTable table{
      .preparedConv2d = plain::preparedConv2d,
      .preparedLinear = plain::preparedLinear,
      .conv2d = plain::convFootprint,
      .normSiluConv2d = plain::normSiluConvFootprint,
      .upsampleConv2d = plain::upsampleConvFootprint,
      .convStrip = plain::convStripFootprint,
      .addChannelSums = plain::addChannelSumsFootprint,
      .linear = plain::linearFootprint,
      .linearGeglu = plain::linearGegluFootprint,
      .groupNorm = plain::groupNormFootprint,
      .layerNorm = plain::layerNormFootprint,
      .attention = plain::attentionFootprint,
  };
  return table;
}

}  // namespace studio::engine::ops
