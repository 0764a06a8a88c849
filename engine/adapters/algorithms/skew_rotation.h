#pragma once

#include <ATen/core/Tensor.h>

namespace studio::engine {

/// Rotations (I + Q)(I − Q)⁻¹ with Q = B − Bᵀ, Cayley's parametrisation (Qiu et al. 2023, section 3.2), for a stack of
/// blocks B [..., b, b]. A `limit` above 0 bounds the norm of all Q together.
at::Tensor rotations(const at::Tensor& blocks, double limit);

}  // namespace studio::engine
