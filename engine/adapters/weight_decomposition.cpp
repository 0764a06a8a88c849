#include "engine/adapters/weight_decomposition.h"

#include "engine/api/engine_error.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/linalg_vector_norm.h>

#include <limits>

namespace studio::engine {
namespace {

/// Length of each slice across the axes other than `axis`, kept broadcastable.
at::Tensor lengths(const at::Tensor& weight, std::int64_t axis) {
  std::vector<std::int64_t> others;
  for (std::int64_t i = 0; i < weight.dim(); ++i) {
    if (i != axis) others.push_back(i);
  }
  return at::linalg_vector_norm(weight, 2, others, /*keepdim=*/true) + std::numeric_limits<float>::epsilon();
}

}  // namespace

bool isDecomposed(const AdapterFactors& factors) {
  return factors.has(Factor::DoraScale) || factors.has(Factor::Magnitude);
}

at::Tensor withMagnitude(const at::Tensor& weight, const AdapterFactors& factors) {
  const bool perOutput = factors.has(Factor::Magnitude);
  const at::Tensor magnitude = factors.at(perOutput ? Factor::Magnitude : Factor::DoraScale);
  const bool fitsOutputs = magnitude.numel() == weight.size(0);
  const bool fitsInputs = weight.dim() > 1 && magnitude.numel() == weight.size(1);
  // [out, 1, …] or [out] is written for outputs, [1, in, …] for inputs.
  const bool writtenForOutputs = magnitude.dim() < 2 || magnitude.size(0) == weight.size(0);
  std::int64_t axis = 0;
  if (perOutput || writtenForOutputs) axis = fitsOutputs ? 0 : -1;
  if (!perOutput && !writtenForOutputs) axis = fitsInputs ? 1 : (fitsOutputs ? 0 : -1);
  if (axis < 0) {
    throw EngineException(ErrorKind::BadFile, "A layer of the LoRA does not fit together.",
                          std::to_string(magnitude.numel()) + " magnitudes");
  }
  std::vector<std::int64_t> shape(static_cast<std::size_t>(weight.dim()), 1);
  shape[static_cast<std::size_t>(axis)] = magnitude.numel();
  return weight * (magnitude.reshape(shape) / lengths(weight, axis));
}

}  // namespace studio::engine
