#pragma once

#include "engine/ops/ops.h"

namespace studio::engine::ops::cpu {

Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, std::int64_t heads, bool causal);
std::int64_t attentionWorkspaceFloats(std::int64_t batch, std::int64_t queries, std::int64_t keys, std::int64_t heads,
                                      std::int64_t headWidth);

}  // namespace studio::engine::ops::cpu
