#pragma once

#include "engine/ops/cpu/packed_weights.h"
#include "engine/ops/ops.h"

namespace studio::engine::ops::cpu {

/// A on rows of `in` values, [groups][rows][in] contiguous; a channel bias is one row per group.
struct MatrixInput {
  const float* a = nullptr;
  std::int64_t groups = 1, rows = 0;
};

/// out [groups][rows][out] = epilogue(A * weights). Used by linear layers and 1x1 convolutions.
void matrixProduct(const MatrixInput& input, const PackedWeights& weights, const Epilogue& epilogue, float* out);

/// Scratch of a product of `rows` rows without a channel bias; rows of A that are copied.
std::int64_t matrixWorkspaceFloats(std::int64_t rows, std::int64_t in, std::int64_t out);
/// Whether linearGeglu multiplies the halves while they are in registers; else both halves are made first.
bool gatesInside(const LinearWeights& w);

Tensor linear(const Tensor& x, const LinearWeights& w, const Epilogue& epilogue);
Tensor linearGeglu(const Tensor& x, const LinearWeights& w);

}  // namespace studio::engine::ops::cpu
