// BOFT: several stages of block rotations, outputs shuffled between them like the stages of a fast Fourier transform
// (Liu et al. 2024, section 4). The strength bends every stage towards the identity.
#include "engine/adapters/adapter_algorithm.h"
#include "engine/adapters/algorithms/skew_rotation.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/matmul.h>

namespace studio::engine {
namespace {

/// blocks [stages, n, b, b] with b even, rescale [n · b, 1, …]; the last stage must shuffle within the outputs.
std::optional<AdapterExtent> boftExtent(const FactorShapes& shapes) {
  const Shape *blocks = shapes.find(Factor::OftBlocks), *rescale = shapes.find(Factor::OftRescale);
  if (blocks == nullptr || blocks->size() != 4 || elementsOf(*blocks) < 1) return std::nullopt;
  const std::int64_t stages = (*blocks)[0], size = (*blocks)[2], outputs = (*blocks)[1] * size;
  if (size != (*blocks)[3] || size % 2 != 0 || stages > 32 || outputs % ((size / 2) << stages) != 0)
    return std::nullopt;
  if (rescale != nullptr && elementsOf(*rescale) != outputs) return std::nullopt;
  return AdapterExtent{size, outputs, 0};
}

/// One stage: pairs of runs of `run` outputs are interleaved, blocks turned, and the order put back.
at::Tensor stage(const at::Tensor& weight, const at::Tensor& turn, std::int64_t run) {  // [out, columns], [n, b, b]
  const std::int64_t outputs = weight.size(0), columns = weight.size(1);
  const at::Tensor shuffled = weight.reshape({-1, 2, run, columns}).transpose(1, 2);
  const at::Tensor turned = at::matmul(turn, shuffled.reshape({turn.size(0), turn.size(1), columns}));
  return turned.reshape({-1, run, 2, columns}).transpose(1, 2).reshape({outputs, columns});
}

at::Tensor boftDelta(const at::Tensor& base, const AdapterFactors& factors, double strength) {
  const at::Tensor& blocks = factors.at(Factor::OftBlocks);
  const std::int64_t size = blocks.size(2);
  const double limit = factors.number(Factor::Alpha).value_or(0) * static_cast<double>(base.size(0));
  const at::Tensor turns = rotations(blocks, limit) * strength + at::eye(size, blocks.options()) * (1 - strength);
  const at::Tensor weight = base.reshape({base.size(0), -1});
  at::Tensor changed = weight;
  for (std::int64_t i = 0; i < turns.size(0); ++i) changed = stage(changed, turns.select(0, i), (size / 2) << i);
  if (factors.has(Factor::OftRescale)) {
    const at::Tensor rescale = factors.at(Factor::OftRescale).reshape({-1, 1});
    changed = changed * (rescale * strength + (1 - strength));
  }
  return (changed - weight).reshape(base.sizes());
}

}  // namespace

const AdapterAlgorithm kButterfly{"boft", "BOFT", boftExtent, boftDelta};

}  // namespace studio::engine
