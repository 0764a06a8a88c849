#include "engine/adapters/algorithms/skew_rotation.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/linalg_inv.h>
#include <ATen/ops/matmul.h>

namespace studio::engine {

at::Tensor rotations(const at::Tensor& blocks, double limit) {
  at::Tensor skew = blocks - blocks.transpose(-1, -2);
  const double norm = skew.norm().item<double>() + 1e-8;
  if (limit > 0 && norm > limit) skew = skew * (limit / norm);
  const at::Tensor identity = at::eye(blocks.size(-1), blocks.options());
  return at::matmul(identity + skew, at::linalg_inv(identity - skew));
}

}  // namespace studio::engine
