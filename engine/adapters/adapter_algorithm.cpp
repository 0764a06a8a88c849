#include "engine/adapters/adapter_algorithm.h"

#include "engine/adapters/weight_decomposition.h"

#include <ATen/TensorOperators.h>

#include <array>
#include <utility>

namespace studio::engine {
namespace {

/// Factors that only one algorithm has. IA3 comes first: a module's plain weight means nothing without its mark.
constexpr std::array<std::pair<Factor, const AdapterAlgorithm*>, 12> kTelltales{
    {{Factor::Ia3OnInput, &kScaledOutputs},
     {Factor::HadaW1A, &kHadamard},
     {Factor::KronW1, &kKronecker},
     {Factor::KronW1A, &kKronecker},
     {Factor::KronW2, &kKronecker},
     {Factor::KronW2A, &kKronecker},
     {Factor::GloraA1, &kGeneralized},
     {Factor::Diff, &kFullDifference},
     {Factor::NormScale, &kFullDifference},
     {Factor::Down, &kLowRank},
     {Factor::DiffBias, &kFullDifference},
     {Factor::NormShift, &kFullDifference}}};

}  // namespace

std::int64_t elementsOf(const Shape& shape) {
  std::int64_t elements = 1;
  for (const std::int64_t side : shape) {
    if (side < 0 || __builtin_mul_overflow(elements, side, &elements)) return 0;
  }
  return elements;
}

std::int64_t columnsOf(const Shape& shape) {
  return shape.empty() ? 0 : elementsOf(Shape(shape.begin() + 1, shape.end()));
}

const AdapterAlgorithm* algorithmOf(const FactorShapes& shapes) {
  if (const Shape* blocks = shapes.find(Factor::OftBlocks)) return blocks->size() == 4 ? &kButterfly : &kOrthogonal;
  for (const auto& [factor, algorithm] : kTelltales) {
    if (shapes.has(factor)) return algorithm;
  }
  return nullptr;
}

bool admits(const AdapterExtent& extent, const Shape& layer) {
  if (layer.empty()) return false;
  return (extent.outputs == 0 || extent.outputs == layer.front()) &&
         (extent.columns == 0 || extent.columns == columnsOf(layer));
}

at::Tensor changedWeight(const at::Tensor& base, const AdapterAlgorithm& algorithm, const AdapterFactors& factors,
                         double strength) {
  return changeWeight(base.clone(), algorithm, factors, strength);
}

at::Tensor changeWeight(const at::Tensor& base, const AdapterAlgorithm& algorithm, const AdapterFactors& factors,
                        double strength) {
  const bool decomposed = isDecomposed(factors);
  if (!decomposed && algorithm.addTo != nullptr && algorithm.addTo(base, factors, strength)) return base;
  if (!decomposed) return base + algorithm.delta(base, factors, strength);
  const at::Tensor whole = withMagnitude(base + algorithm.delta(base, factors, 1), factors);
  return base + (whole - base) * strength;
}

}  // namespace studio::engine
