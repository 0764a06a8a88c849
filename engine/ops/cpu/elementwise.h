#pragma once

#include "engine/ops/ops.h"

namespace studio::engine::ops::cpu {

Tensor silu(const Tensor& x);
Tensor gelu(const Tensor& x);
Tensor quickGelu(const Tensor& x);
Tensor relu(const Tensor& x);
Tensor tanhClamp(const Tensor& x, double limit);
Tensor add(const Tensor& a, const Tensor& b);
Tensor concatChannels(const Tensor& a, const Tensor& b);
Tensor upsampleNearest(const Tensor& x);

}  // namespace studio::engine::ops::cpu
