#include "engine/diffusion/spatial_transformer.h"

namespace studio::engine {

KeyValueProjection::KeyValueProjection(WeightTable& table, const std::string& attention, std::int64_t width,
                                       std::int64_t contextWidth)
    : to_k(table.linear(attention + ".to_k", contextWidth, width, false)),
      to_v(table.linear(attention + ".to_v", contextWidth, width, false)) {}

KeysValues KeyValueProjection::forward(const WeightLease& w, const ops::Tensor& context) const {
  return {ops::linear(context, w[to_k]), ops::linear(context, w[to_v])};
}

Attention::Attention(WeightTable& table, const std::string& name, std::int64_t width, std::int64_t heads)
    : heads_(heads),
      to_q(table.linear(name + ".to_q", width, width, false)),
      to_out(table.linear(name + ".to_out.0", width, width)) {}

ops::Tensor Attention::forward(const WeightLease& w, const ops::Tensor& h, const KeysValues& context,
                               const ops::Tensor& x) const {
  const ops::Tensor attended = ops::attention(ops::linear(h, w[to_q]), context.keys, context.values, heads_);
  return ops::linear(attended, w[to_out], {.residual = x});
}

TransformerBlock::TransformerBlock(WeightTable& table, const std::string& name, std::int64_t width, std::int64_t heads)
    : norm1(table.norm(name + ".norm1", width)),
      norm2(table.norm(name + ".norm2", width)),
      norm3(table.norm(name + ".norm3", width)),
      self(table, name + ".attn1", width, width),
      attn1(table, name + ".attn1", width, heads),
      attn2(table, name + ".attn2", width, heads),
      ff_in(table.linear(name + ".ff.net.0.proj", width, 8 * width)),
      ff_out(table.linear(name + ".ff.net.2", 4 * width, width)) {}

ops::Tensor TransformerBlock::forward(const WeightLease& w, const ops::Tensor& x, const KeysValues& text) const {
  const ops::Tensor h1 = ops::layerNorm(x, w[norm1]);
  const ops::Tensor a = attn1.forward(w, h1, self.forward(w, h1), x);
  const ops::Tensor b = attn2.forward(w, ops::layerNorm(a, w[norm2]), text, a);
  return ops::linear(ops::linearGeglu(ops::layerNorm(b, w[norm3]), w[ff_in]), w[ff_out], {.residual = b});
}

}  // namespace studio::engine
