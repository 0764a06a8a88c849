#include "engine/memory/weight_placing.h"

#include "engine/memory/budget_allocator.h"
#include "engine/ops/ops.h"
#include "engine/ops/weight_pieces.h"

#include <ATen/ops/empty.h>

#include <optional>
#include <string>

namespace studio::engine {
namespace {

/// In the shape run no weight is read: meta tensors of the entry's shape stand in.
at::Tensor rawTensor(const TensorSource& source, const std::string& name, const std::vector<std::int64_t>& shape,
                     const ops::Home& home) {
  if (home.works.is_meta()) return at::empty(shape, at::TensorOptions().device(at::kMeta).dtype(at::kFloat));
  const PoolScope pool(MemoryPool::Host);
  return source.load(name).view(shape);
}

/// In two pieces, each of which is aligned.
std::int64_t stretchOfTwo(std::int64_t bytes) { return ops::alignedToPieces(bytes) + ops::kPieceAlignment; }

std::int64_t stretchFor(const WeightEntry& entry, ops::ComputeFormat format, const ops::FootprintTable& footprint) {
  const std::vector<std::int64_t>& shape = entry.shape;
  switch (entry.role) {
    case WeightRole::Conv:
      return stretchOfTwo(footprint.preparedConv2d(entry.conv, entry.bias, format));
    case WeightRole::Linear:
      return stretchOfTwo(footprint.preparedLinear(shape[0], shape[1], entry.bias, format));
    case WeightRole::Norm:
      return 2 * ops::alignedToPieces(shape[0] * static_cast<std::int64_t>(sizeof(float)));
    case WeightRole::Embedding:
      return ops::alignedToPieces(shape[0] * shape[1] *
                                  static_cast<std::int64_t>(c10::elementSize(ops::scalarType(format))));
  }
  TORCH_INTERNAL_ASSERT(false, "unknown weight role");
}

}  // namespace

PlacedWeight placeWeight(const WeightEntry& entry, const TensorSource& source, ops::ComputeFormat format,
                         const ops::Home& home) {
  const at::Tensor weight = rawTensor(source, entry.name + ".weight", entry.shape, home);
  std::optional<at::Tensor> bias;
  if (entry.bias) bias = rawTensor(source, entry.name + ".bias", {entry.shape.front()}, home);
  switch (entry.role) {
    case WeightRole::Conv:
      return ops::prepareConv2d(weight, bias, entry.conv, format, home);
    case WeightRole::Linear:
      return ops::prepareLinear(weight, bias, format, home);
    case WeightRole::Norm:
      return ops::prepareNorm(weight, *bias, entry.groups, entry.epsilon, home);
    case WeightRole::Embedding:
      return ops::prepareEmbedding(weight, format, home);
  }
  TORCH_INTERNAL_ASSERT(false, "unknown weight role");
}

std::int64_t bytesOf(const PlacedWeight& weight) {
  struct Count {
    std::int64_t operator()(const ops::Conv2dWeights& w) const { return w.prepared->bytes(); }
    std::int64_t operator()(const ops::LinearWeights& w) const { return w.prepared->bytes(); }
    std::int64_t operator()(const ops::NormWeights& w) const {
      return static_cast<std::int64_t>(w.scale.nbytes() + w.shift.nbytes());
    }
    std::int64_t operator()(const ops::EmbeddingWeights& w) const {
      return static_cast<std::int64_t>(w.table.nbytes());
    }
  };
  return std::visit(Count{}, weight);
}

std::vector<at::Tensor> piecesOf(const PlacedWeight& weight) {
  return std::visit([](const auto& w) { return ops::piecesOf(w); }, weight);
}

PlacedWeight over(const PlacedWeight& weight, std::span<const at::Tensor> pieces) {
  return std::visit([&](const auto& w) -> PlacedWeight { return ops::over(w, pieces); }, weight);
}

std::int64_t stretchFor(const WeightTable& table, int block, ops::ComputeFormat format,
                        const ops::FootprintTable& footprint) {
  const WeightBlock& wanted = table.blocks().at(static_cast<std::size_t>(block));
  std::int64_t bytes = 0;
  for (int i = wanted.first; i < wanted.first + wanted.count; ++i)
    bytes += stretchFor(table.entries()[static_cast<std::size_t>(i)], format, footprint);
  return bytes;
}

}  // namespace studio::engine
