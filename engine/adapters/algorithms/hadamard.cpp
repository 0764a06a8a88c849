// LoHa: the element-wise product of two low-rank matrices (Hyeon-Woo et al. 2022, FedPara, section 2.2), for
// convolutions with a Tucker core in each (proposition 3).
#include "engine/adapters/adapter_algorithm.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/einsum.h>
#include <ATen/ops/matmul.h>

namespace studio::engine {
namespace {

/// One of the two products, a [out, r] · b [r, columns], or with a core t [r, r, k, k]: a [r, out], b [r, in].
std::optional<AdapterExtent> productExtent(const Shape* a, const Shape* b, const Shape* core) {
  if (a == nullptr || b == nullptr || a->size() != 2 || b->size() != 2 || (*b)[0] < 1 || (*b)[1] < 1) {
    return std::nullopt;
  }
  const std::int64_t rank = (*b)[0];
  if (core == nullptr) return (*a)[1] == rank ? std::optional(AdapterExtent{rank, (*a)[0], (*b)[1]}) : std::nullopt;
  if (core->size() != 4 || (*core)[0] != (*a)[0] || (*core)[1] != rank || (*core)[2] < 1 || (*core)[2] > 64 ||
      (*core)[3] < 1 || (*core)[3] > 64) {
    return std::nullopt;
  }
  return AdapterExtent{rank, (*a)[1], (*b)[1] * (*core)[2] * (*core)[3]};
}

std::optional<AdapterExtent> hadamardExtent(const FactorShapes& shapes) {
  const auto one =
      productExtent(shapes.find(Factor::HadaW1A), shapes.find(Factor::HadaW1B), shapes.find(Factor::HadaT1));
  const auto two =
      productExtent(shapes.find(Factor::HadaW2A), shapes.find(Factor::HadaW2B), shapes.find(Factor::HadaT2));
  if (!one || !two || one->outputs != two->outputs || one->columns != two->columns) return std::nullopt;
  return one;
}

at::Tensor product(const at::Tensor& a, const at::Tensor& b, const at::Tensor& core) {
  return core.defined() ? at::einsum("ijkl,jr,ip->prkl", {core, b, a}) : at::matmul(a, b);
}

at::Tensor hadamardDelta(const at::Tensor& base, const AdapterFactors& factors, double strength) {
  const at::Tensor one =
      product(factors.at(Factor::HadaW1A), factors.at(Factor::HadaW1B), factors.find(Factor::HadaT1));
  const at::Tensor two =
      product(factors.at(Factor::HadaW2A), factors.at(Factor::HadaW2B), factors.find(Factor::HadaT2));
  const double scale = factors.scale(factors.at(Factor::HadaW1B).size(0)) * strength;
  return (one.reshape(base.sizes()) * two.reshape(base.sizes())) * scale;
}

}  // namespace

const AdapterAlgorithm kHadamard{"loha", "LoHa", hadamardExtent, hadamardDelta};

}  // namespace studio::engine
