#include "engine/ops/cpu/attention.h"
#include "engine/ops/cpu/convolution.h"
#include "engine/ops/ops.h"

/// Scratch of the CPU's own fp32 kernels. In 16-bit formats the libraries' scratch counts: oneDNN's convolutions write
/// from blocked input without a copy, and attention keeps blocks per thread; both stay below what fp32 takes.
namespace studio::engine::ops {

std::int64_t conv2dWorkspaceBytes(const Conv2dShape& shape, std::int64_t batch, std::int64_t height, std::int64_t width,
                                  ComputeFormat format) {
  if (format != ComputeFormat::Float32) return 0;
  return cpu::convolutionWorkspaceFloats(shape, batch, height, width) * static_cast<std::int64_t>(sizeof(float));
}

std::int64_t attentionWorkspaceBytes(std::int64_t batch, std::int64_t queries, std::int64_t keys, std::int64_t heads,
                                     std::int64_t headWidth, ComputeFormat format) {
  if (format != ComputeFormat::Float32) return 0;
  return cpu::attentionWorkspaceFloats(batch, queries, keys, heads, headWidth) *
         static_cast<std::int64_t>(sizeof(float));
}

}  // namespace studio::engine::ops
