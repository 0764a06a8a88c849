// OFT: blocks of outputs are rotated (Qiu et al. 2023, section 3). Alpha is not a scale here but the bound on the
// rotations, a fraction of the outputs.
#include "engine/adapters/adapter_algorithm.h"
#include "engine/adapters/algorithms/skew_rotation.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/matmul.h>

namespace studio::engine {
namespace {

/// blocks [n, b, b], rescale [n · b, 1, …].
std::optional<AdapterExtent> oftExtent(const FactorShapes& shapes) {
  const Shape *blocks = shapes.find(Factor::OftBlocks), *rescale = shapes.find(Factor::OftRescale);
  if (blocks == nullptr || blocks->size() != 3 || elementsOf(*blocks) < 1 || (*blocks)[1] != (*blocks)[2])
    return std::nullopt;
  const std::int64_t outputs = (*blocks)[0] * (*blocks)[1];
  if (rescale != nullptr && elementsOf(*rescale) != outputs) return std::nullopt;
  return AdapterExtent{(*blocks)[1], outputs, 0};
}

at::Tensor oftDelta(const at::Tensor& base, const AdapterFactors& factors, double strength) {
  const at::Tensor& blocks = factors.at(Factor::OftBlocks);
  const at::Tensor weight = base.reshape({base.size(0), -1});
  const double limit = factors.number(Factor::Alpha).value_or(0) * static_cast<double>(base.size(0));
  const at::Tensor turned =
      at::matmul(rotations(blocks, limit).transpose(1, 2), weight.reshape({blocks.size(0), blocks.size(1), -1}));
  at::Tensor changed = turned.reshape(weight.sizes());
  if (factors.has(Factor::OftRescale)) changed = changed * factors.at(Factor::OftRescale).reshape({-1, 1});
  return ((changed - weight) * strength).reshape(base.sizes());
}

}  // namespace

const AdapterAlgorithm kOrthogonal{"oft", "OFT", oftExtent, oftDelta};

}  // namespace studio::engine
