// GLoRA: W·A + B with both of low rank (Chavan et al. 2023, section 3). The two orders in which programs store the
// factors are told apart by shape.
#include "engine/adapters/adapter_algorithm.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/einsum.h>
#include <ATen/ops/matmul.h>

namespace studio::engine {
namespace {

struct Sides {
  std::int64_t rows = 0, columns = 0;
};

Sides sidesOf(const Shape& shape) { return {shape.empty() ? 0 : shape.front(), columnsOf(shape)}; }

/// LyCORIS: a1 [in, r], a2 [r, in], b1 [out, r], b2 [r, in · kernel].
std::optional<AdapterExtent> upFirst(Sides a1, Sides a2, Sides b1, Sides b2) {
  const std::int64_t rank = a2.rows;
  if (a1.columns != rank || b1.columns != rank || b2.rows != rank || a1.rows != a2.columns) return std::nullopt;
  return AdapterExtent{rank, b1.rows, b2.columns};
}

/// Older files: a1 [r, in], a2 [in, r], b1 [r, in], b2 [out, r].
std::optional<AdapterExtent> downFirst(Sides a1, Sides a2, Sides b1, Sides b2) { return upFirst(a2, a1, b2, b1); }

std::optional<AdapterExtent> gloraExtent(const FactorShapes& shapes) {
  const Shape *a1 = shapes.find(Factor::GloraA1), *a2 = shapes.find(Factor::GloraA2),
              *b1 = shapes.find(Factor::GloraB1), *b2 = shapes.find(Factor::GloraB2);
  if (a1 == nullptr || a2 == nullptr || b1 == nullptr || b2 == nullptr) return std::nullopt;
  for (const Shape* shape : {a1, a2, b1, b2}) {
    if (shape->size() < 2 || elementsOf(*shape) < 1) return std::nullopt;
  }
  const Sides sides[4] = {sidesOf(*a1), sidesOf(*a2), sidesOf(*b1), sidesOf(*b2)};
  if (auto extent = upFirst(sides[0], sides[1], sides[2], sides[3])) return extent;
  return downFirst(sides[0], sides[1], sides[2], sides[3]);
}

at::Tensor gloraDelta(const at::Tensor& base, const AdapterFactors& factors, double strength) {
  at::Tensor a1 = factors.at(Factor::GloraA1).flatten(1), a2 = factors.at(Factor::GloraA2).flatten(1),
             b1 = factors.at(Factor::GloraB1).flatten(1), b2 = factors.at(Factor::GloraB2).flatten(1);
  if (a1.size(1) != a2.size(0) || b1.size(0) != base.size(0)) {
    std::swap(a1, a2);
    std::swap(b1, b2);
  }
  const double scale = factors.scale(a2.size(0)) * strength;
  const at::Tensor rotated = at::einsum("oi...,ij->oj...", {base, at::matmul(a1, a2)});
  return (rotated + at::matmul(b1, b2).reshape(base.sizes())) * scale;
}

}  // namespace

const AdapterAlgorithm kGeneralized{"glora", "GLoRA", gloraExtent, gloraDelta};

}  // namespace studio::engine
