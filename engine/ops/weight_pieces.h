#pragma once

#include "engine/ops/weights.h"

#include <optional>
#include <span>
#include <vector>

/// Prepared weights as the tensors they are made of, and the same weights over other memory: how they get from the host
/// to a device without being prepared again. Nothing here copies.
namespace studio::engine::ops {

/// In their order; they share the weight's memory. None: a form that cannot be taken apart.
std::vector<Tensor> piecesOf(const Conv2dWeights& w);
std::vector<Tensor> piecesOf(const LinearWeights& w);
std::vector<Tensor> piecesOf(const NormWeights& w);
std::vector<Tensor> piecesOf(const EmbeddingWeights& w);

/// The same weight made of `pieces`, which are as many as its own and like them in sizes, strides and format.
Conv2dWeights over(const Conv2dWeights& w, std::span<const Tensor> pieces);
LinearWeights over(const LinearWeights& w, std::span<const Tensor> pieces);
NormWeights over(const NormWeights& w, std::span<const Tensor> pieces);
EmbeddingWeights over(const EmbeddingWeights& w, std::span<const Tensor> pieces);

/// Distance of pieces in one stretch of memory: libraries choose other kernels for what is less aligned.
inline constexpr std::int64_t kPieceAlignment = 256;
constexpr std::int64_t alignedToPieces(std::int64_t bytes) {
  return (bytes + kPieceAlignment - 1) / kPieceAlignment * kPieceAlignment;
}

/// A tensor like `piece` at this offset of `memory` (bytes [n], contiguous, its size and the offset aligned to pieces).
Tensor pieceIn(const Tensor& memory, std::int64_t offset, const Tensor& piece);

/// For classes of prepared weights.
std::vector<Tensor> pieces(const Tensor& weight, const std::optional<Tensor>& bias);

}  // namespace studio::engine::ops
