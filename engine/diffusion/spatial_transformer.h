#pragma once

#include "engine/diffusion/unet_state.h"
#include "engine/memory/weight_lease.h"
#include "engine/weights/weight_table.h"

#include <string>

namespace studio::engine {

/// What an attention's keys and values are made with; of a context that stays the same they can be kept.
class KeyValueProjection {
 public:
  KeyValueProjection(WeightTable& table, const std::string& attention, std::int64_t width, std::int64_t contextWidth);
  KeysValues forward(const WeightLease& w, const ops::Tensor& context) const;  // [B, T, contextWidth]

 private:
  LinearRef to_k, to_v;
};

/// Multi-head attention to given keys and values (Vaswani et al. 2017, 3.2.2).
class Attention {
 public:
  Attention(WeightTable& table, const std::string& name, std::int64_t width, std::int64_t heads);
  /// x + attention(h, context).                                                            // [B, T, width]
  ops::Tensor forward(const WeightLease& w, const ops::Tensor& h, const KeysValues& context,
                      const ops::Tensor& x) const;

 private:
  std::int64_t heads_;
  LinearRef to_q, to_out;
};

/// Self-attention, cross-attention to the text, gated feed-forward, each behind a layer norm
/// (Rombach et al. 2022, appendix E.2.1).
class TransformerBlock {
 public:
  TransformerBlock(WeightTable& table, const std::string& name, std::int64_t width, std::int64_t heads);
  /// `text`: by a KeyValueProjection of "<name>.attn2".
  ops::Tensor forward(const WeightLease& w, const ops::Tensor& x, const KeysValues& text) const;  // [B, T, width]

 private:
  NormRef norm1, norm2, norm3;
  KeyValueProjection self;
  Attention attn1, attn2;
  LinearRef ff_in, ff_out;
};

}  // namespace studio::engine
