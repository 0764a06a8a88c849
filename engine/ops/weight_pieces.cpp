#include "engine/ops/weight_pieces.h"

#include <ATen/ops/as_strided.h>
#include <c10/util/Exception.h>

namespace studio::engine::ops {
namespace {

void checkLike(const std::vector<Tensor>& own, std::span<const Tensor> pieces) {
  TORCH_INTERNAL_ASSERT(!own.empty() && own.size() == pieces.size(), pieces.size(), " pieces for a weight of ",
                        own.size());
  for (std::size_t i = 0; i < own.size(); ++i) {
    TORCH_INTERNAL_ASSERT(own[i].sizes() == pieces[i].sizes() && own[i].strides() == pieces[i].strides() &&
                              own[i].scalar_type() == pieces[i].scalar_type(),
                          "a piece of ", pieces[i].sizes(), " for one of ", own[i].sizes());
  }
}

std::shared_ptr<const Prepared> preparedOver(const Prepared& prepared, std::span<const Tensor> pieces) {
  checkLike(prepared.pieces(), pieces);
  return prepared.over(pieces);
}

}  // namespace

std::vector<Tensor> pieces(const Tensor& weight, const std::optional<Tensor>& bias) {
  return bias ? std::vector<Tensor>{weight, *bias} : std::vector<Tensor>{weight};
}

std::vector<Tensor> piecesOf(const Conv2dWeights& w) { return w.prepared->pieces(); }
std::vector<Tensor> piecesOf(const LinearWeights& w) { return w.prepared->pieces(); }
std::vector<Tensor> piecesOf(const NormWeights& w) { return {w.scale, w.shift}; }
std::vector<Tensor> piecesOf(const EmbeddingWeights& w) { return {w.table}; }

Conv2dWeights over(const Conv2dWeights& w, std::span<const Tensor> pieces) {
  return {w.shape, preparedOver(*w.prepared, pieces)};
}

LinearWeights over(const LinearWeights& w, std::span<const Tensor> pieces) {
  return {w.out, w.in, preparedOver(*w.prepared, pieces)};
}

NormWeights over(const NormWeights& w, std::span<const Tensor> pieces) {
  checkLike(piecesOf(w), pieces);
  return {pieces[0], pieces[1], w.groups, w.epsilon};
}

EmbeddingWeights over(const EmbeddingWeights& w, std::span<const Tensor> pieces) {
  checkLike(piecesOf(w), pieces);
  return {pieces[0]};
}

Tensor pieceIn(const Tensor& memory, std::int64_t offset, const Tensor& piece) {
  TORCH_INTERNAL_ASSERT(memory.scalar_type() == at::kByte && memory.is_contiguous() && offset >= 0 &&
                            offset % kPieceAlignment == 0 && memory.numel() % kPieceAlignment == 0,
                        "a piece at ", offset, " of ", memory.numel(), " bytes");
  TORCH_INTERNAL_ASSERT(
      piece.is_non_overlapping_and_dense() && offset + static_cast<std::int64_t>(piece.nbytes()) <= memory.numel(),
      "a piece of ", piece.nbytes(), " bytes at ", offset, " of ", memory.numel());
  return memory.view(piece.scalar_type())
      .as_strided(piece.sizes(), piece.strides(), offset / static_cast<std::int64_t>(piece.element_size()));
}

}  // namespace studio::engine::ops
