// IA3: every output, or every input, of a layer gets a factor (Liu et al. 2022, section 3.3); stored is the factor's
// difference from 1.
#include "engine/adapters/adapter_algorithm.h"

#include <ATen/TensorOperators.h>

namespace studio::engine {
namespace {

std::optional<AdapterExtent> ia3Extent(const FactorShapes& shapes) {
  const Shape *weight = shapes.find(Factor::Ia3Weight), *mark = shapes.find(Factor::Ia3OnInput);
  if (weight == nullptr || elementsOf(*weight) < 1 || mark == nullptr || elementsOf(*mark) != 1) return std::nullopt;
  return AdapterExtent{};  // whether these are outputs or inputs stands in the data
}

at::Tensor ia3Delta(const at::Tensor& base, const AdapterFactors& factors, double strength) {
  std::vector<std::int64_t> shape(static_cast<std::size_t>(base.dim()), 1);
  const bool onInput = factors.number(Factor::Ia3OnInput).value_or(0) != 0;
  shape[onInput && base.dim() > 1 ? 1 : 0] = -1;
  return base * factors.at(Factor::Ia3Weight).reshape(shape) * strength;
}

}  // namespace

const AdapterAlgorithm kScaledOutputs{"ia3", "IA3", ia3Extent, ia3Delta};

}  // namespace studio::engine
