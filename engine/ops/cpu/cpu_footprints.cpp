#include "engine/ops/cpu/attention.h"
#include "engine/ops/cpu/convolution.h"
#include "engine/ops/cpu/matrix_product.h"
#include "engine/ops/cpu/norms.h"
#include "engine/ops/cpu/packed_weights.h"
#include "engine/ops/footprint.h"

/// Scratch of the CPU's operators: our own in fp32; in 16-bit formats what reduced_precision.cpp and
/// plain_operators.cpp allocate, while oneDNN's convolutions write from blocked input without a copy.
namespace studio::engine::ops {
namespace cpu {
namespace {

bool isFloat(const Tensor& x) { return x.scalar_type() == at::kFloat; }
std::int64_t bytesOf(const Tensor& x) { return static_cast<std::int64_t>(x.nbytes()); }
std::int64_t floats(std::int64_t count) { return count * static_cast<std::int64_t>(sizeof(float)); }

/// Of a tensor: the allocator counts in multiples of this.
std::int64_t rounded(std::int64_t bytes) { return (bytes + 63) / 64 * 64; }

std::int64_t preparedBytes(std::int64_t out, std::int64_t in, std::int64_t taps, bool bias, ComputeFormat format) {
  const auto size = static_cast<std::int64_t>(c10::elementSize(scalarType(format)));
  const std::int64_t stored =
      format == ComputeFormat::Float32 ? PackedWeights::storedFloats(out, in, taps) : out * in * taps;
  return rounded(size * stored) + (bias ? rounded(size * out) : 0);
}

std::int64_t preparedConv2d(const Conv2dShape& s, bool bias, ComputeFormat format) {
  return preparedBytes(s.out, s.in, s.kernel * s.kernel, bias, format);
}
std::int64_t preparedLinear(std::int64_t out, std::int64_t in, bool bias, ComputeFormat format) {
  return preparedBytes(out, in, 1, bias, format);
}

std::int64_t convFootprint(const Tensor& x, const Conv2dShape& s) {
  return isFloat(x) ? floats(convolutionWorkspaceFloats(s, x.size(0), x.size(2), x.size(3))) : 0;
}

bool isMatrix(const Conv2dShape& s) { return s.kernel == 1 && s.stride == 1 && s.padding == 0; }

/// Scale and shift of each picture and channel, and for a matrix product the normalised picture.
std::int64_t normSiluConvFootprint(const Tensor& x, const Conv2dShape& s) {
  if (!isFloat(x)) return bytesOf(x);
  return floats(2 * x.size(0) * x.size(1)) + convFootprint(x, s) + (isMatrix(s) ? bytesOf(x) : 0);
}

std::int64_t upsampleConvFootprint(const Tensor& x, const Conv2dShape& s) {
  if (!isFloat(x)) return 4 * bytesOf(x);
  return floats(convolutionWorkspaceFloats(s, x.size(0), 2 * x.size(2), 2 * x.size(3))) +
         (isMatrix(s) ? 4 * bytesOf(x) : 0);
}

/// In 16-bit formats a norm goes through fp32, and the padded input is a copy.
std::int64_t convStripFootprint(const Strip& strip, const Conv2dShape& s) {
  const std::int64_t scale = strip.enlarged ? 2 : 1;
  if (!isFloat(strip.x)) return (1 + scale * scale + (strip.factors ? 2 : 0)) * bytesOf(strip.x);
  return floats(convolutionWorkspaceFloats(s, 1, scale * strip.rows(), scale * strip.x.size(3)));
}

std::int64_t addChannelSumsFootprint(const Tensor& rows) {
  return isFloat(rows) ? floats(cpu::channelSumsFloats(rows)) : 4 * bytesOf(rows);
}

std::int64_t linearFootprint(const Tensor& x, const LinearWeights& w) {
  return isFloat(x) ? floats(matrixWorkspaceFloats(x.numel() / w.in, w.in, w.out)) : 0;
}

std::int64_t linearGegluFootprint(const Tensor& x, const LinearWeights& w) {
  const std::int64_t result = x.numel() / w.in * w.out * static_cast<std::int64_t>(x.element_size());
  if (!isFloat(x)) return result;
  return gatesInside(w) ? 0 : result + result / 2 + linearFootprint(x, w);
}

std::int64_t groupNormFootprint(const Tensor& x) { return isFloat(x) ? floats(2 * x.size(0) * x.size(1)) : 0; }
std::int64_t layerNormFootprint(const Tensor&) { return 0; }

std::int64_t attentionFootprint(const Tensor& q, const Tensor& k, std::int64_t heads) {
  if (!isFloat(q)) return bytesOf(q);  // the answer head by head, before it is put in the order of tokens
  return floats(attentionWorkspaceFloats(q.size(0), q.size(1), k.size(1), heads, q.size(2) / heads));
}

}  // namespace
}  // namespace cpu

const FootprintTable& cpuFootprints() {
  static const FootprintTable table{
      .preparedConv2d = cpu::preparedConv2d,
      .preparedLinear = cpu::preparedLinear,
      .conv2d = cpu::convFootprint,
      .normSiluConv2d = cpu::normSiluConvFootprint,
      .upsampleConv2d = cpu::upsampleConvFootprint,
      .convStrip = cpu::convStripFootprint,
      .addChannelSums = cpu::addChannelSumsFootprint,
      .linear = cpu::linearFootprint,
      .linearGeglu = cpu::linearGegluFootprint,
      .groupNorm = cpu::groupNormFootprint,
      .layerNorm = cpu::layerNormFootprint,
      .attention = cpu::attentionFootprint,
  };
  return table;
}

}  // namespace studio::engine::ops
