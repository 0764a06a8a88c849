// Whole differences of a weight: LyCORIS' full and norm kinds. Differences of biases are added beside them.
#include "engine/adapters/adapter_algorithm.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/zeros_like.h>

namespace studio::engine {
namespace {

std::optional<AdapterExtent> fullExtent(const FactorShapes& shapes) {
  const Shape* diff = shapes.find(Factor::Diff);
  if (diff == nullptr) diff = shapes.find(Factor::NormScale);
  if (diff == nullptr) return AdapterExtent{};  // only the bias changes
  if (diff->empty() || elementsOf(*diff) < 1) return std::nullopt;
  return AdapterExtent{0, diff->front(), columnsOf(*diff)};
}

at::Tensor fullDelta(const at::Tensor& base, const AdapterFactors& factors, double strength) {
  const Factor factor = factors.has(Factor::Diff) ? Factor::Diff : Factor::NormScale;
  if (!factors.has(factor)) return at::zeros_like(base);
  return factors.at(factor).reshape(base.sizes()) * strength;
}

}  // namespace

const AdapterAlgorithm kFullDifference{"full", "full difference", fullExtent, fullDelta};

}  // namespace studio::engine
