// LoKr: the Kronecker product of a small and a large matrix, either of them possibly of low rank
// (Edalati et al. 2022, KronA; Yeh et al. 2024, section 3.2).
#include "engine/adapters/adapter_algorithm.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/einsum.h>
#include <ATen/ops/kron.h>
#include <ATen/ops/matmul.h>

namespace studio::engine {
namespace {

/// A matrix written whole, or as a [rows, r] · b [r, columns], or with a core [r, r, k, k]: a [r, rows], b [r, in].
std::optional<AdapterExtent> matrixExtent(const Shape* whole, const Shape* a, const Shape* b, const Shape* core) {
  if (whole != nullptr) {
    if (whole->size() < 2 || elementsOf(*whole) < 1) return std::nullopt;
    return AdapterExtent{0, whole->front(), columnsOf(*whole)};
  }
  if (a == nullptr || b == nullptr || a->size() != 2 || b->size() < 2 || (*b)[0] < 1 || columnsOf(*b) < 1) {
    return std::nullopt;
  }
  const std::int64_t rank = (*b)[0];
  if (core == nullptr) {
    return (*a)[1] == rank ? std::optional(AdapterExtent{rank, (*a)[0], columnsOf(*b)}) : std::nullopt;
  }
  if (core->size() != 4 || (*core)[0] != (*a)[0] || (*core)[1] != rank || b->size() != 2 || (*core)[2] < 1 ||
      (*core)[2] > 64 || (*core)[3] < 1 || (*core)[3] > 64) {
    return std::nullopt;
  }
  return AdapterExtent{rank, (*a)[1], (*b)[1] * (*core)[2] * (*core)[3]};
}

std::optional<AdapterExtent> kroneckerExtent(const FactorShapes& shapes) {
  const auto one =
      matrixExtent(shapes.find(Factor::KronW1), shapes.find(Factor::KronW1A), shapes.find(Factor::KronW1B), nullptr);
  const auto two = matrixExtent(shapes.find(Factor::KronW2), shapes.find(Factor::KronW2A), shapes.find(Factor::KronW2B),
                                shapes.find(Factor::KronT2));
  if (!one || !two) return std::nullopt;
  AdapterExtent extent{two->rank > 0 ? two->rank : one->rank, 0, 0};
  if (__builtin_mul_overflow(one->outputs, two->outputs, &extent.outputs) ||
      __builtin_mul_overflow(one->columns, two->columns, &extent.columns)) {
    return std::nullopt;
  }
  return extent;
}

at::Tensor kroneckerDelta(const at::Tensor& base, const AdapterFactors& factors, double strength) {
  std::int64_t rank = 0;  // both matrices whole: alpha has no meaning
  at::Tensor one = factors.find(Factor::KronW1), two = factors.find(Factor::KronW2);
  if (!one.defined()) {
    rank = factors.at(Factor::KronW1B).size(0);
    one = at::matmul(factors.at(Factor::KronW1A), factors.at(Factor::KronW1B).reshape({rank, -1}));
  }
  if (!two.defined()) {
    const at::Tensor &a = factors.at(Factor::KronW2A), &b = factors.at(Factor::KronW2B);
    rank = b.size(0);
    const at::Tensor core = factors.find(Factor::KronT2);
    two = core.defined() ? at::einsum("ijkl,jr,ip->prkl", {core, b, a}) : at::matmul(a, b.reshape({rank, -1}));
  }
  const at::Tensor product = at::kron(one.reshape({one.size(0), -1}), two.reshape({two.size(0), -1}));
  return (product * (factors.scale(rank) * strength)).reshape(base.sizes());
}

}  // namespace

const AdapterAlgorithm kKronecker{"lokr", "LoKr", kroneckerExtent, kroneckerDelta};

}  // namespace studio::engine
