#pragma once

#include "engine/diffusion/unet_state.h"
#include "engine/memory/weight_lease.h"
#include "engine/weights/weight_table.h"

#include <string>

namespace studio::engine {

/// Multi-head attention with its projections (Vaswani et al. 2017, 3.2.2); keys and values from `context`.
class CrossAttention {
 public:
  CrossAttention(WeightTable& table, const std::string& name, std::int64_t width, std::int64_t contextWidth,
                 std::int64_t heads);
  /// x + attention(h, context).                                                            // [B, T, width]
  ops::Tensor forward(const WeightLease& w, const ops::Tensor& h, const ops::Tensor& context,
                      const ops::Tensor& x) const;

 private:
  std::int64_t heads_;
  LinearRef to_q, to_k, to_v, to_out;
};

/// Self-attention, cross-attention to the text, gated feed-forward, each behind a layer norm
/// (Rombach et al. 2022, appendix E.2.1).
class TransformerBlock {
 public:
  TransformerBlock(WeightTable& table, const std::string& name, std::int64_t width, std::int64_t contextWidth,
                   std::int64_t heads);
  ops::Tensor forward(const WeightLease& w, const ops::Tensor& x, const ops::Tensor& context) const;  // [B, T, width]

 private:
  NormRef norm1, norm2, norm3;
  CrossAttention attn1, attn2;
  LinearRef ff_in, ff_out;
};

}  // namespace studio::engine
