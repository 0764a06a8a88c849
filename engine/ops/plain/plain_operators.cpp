#include "engine/ops/plain/plain_operators.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/group_norm.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/upsample_nearest2d.h>
#include <ATen/ops/zeros.h>

#include <algorithm>

namespace studio::engine::ops::plain {
namespace {

const PlainWeights& weightsOf(const std::shared_ptr<const Prepared>& prepared) {
  return static_cast<const PlainWeights&>(*prepared);
}

std::optional<Tensor> inFormat(const std::optional<Tensor>& x, const at::TensorOptions& options) {
  return x ? std::optional<Tensor>(x->to(options)) : std::nullopt;
}

Tensor finish(Tensor y, const Epilogue& epilogue) {
  if (epilogue.channelBias) y = y + epilogue.channelBias->unsqueeze(-1).unsqueeze(-1);
  if (epilogue.silu) y = at::silu(y);
  if (epilogue.residual) y = y + *epilogue.residual;
  return y;
}

}  // namespace

std::int64_t PlainWeights::bytes() const {
  return static_cast<std::int64_t>(weight.nbytes()) + (bias ? static_cast<std::int64_t>(bias->nbytes()) : 0);
}

std::shared_ptr<const Prepared> PlainWeights::over(std::span<const Tensor> pieces) const {
  return std::make_shared<PlainWeights>(pieces[0], bias ? std::optional<Tensor>(pieces[1]) : std::nullopt);
}

Conv2dWeights prepareConv2d(const Tensor& weight, const std::optional<Tensor>& bias, const Conv2dShape& shape,
                            ComputeFormat format, at::Device device) {
  const auto options = at::TensorOptions().dtype(scalarType(format)).device(device);
  return {shape, std::make_shared<PlainWeights>(weight.to(options).contiguous(at::MemoryFormat::ChannelsLast),
                                                inFormat(bias, options))};
}

LinearWeights prepareLinear(const Tensor& weight, const std::optional<Tensor>& bias, ComputeFormat format,
                            at::Device device) {
  const auto options = at::TensorOptions().dtype(scalarType(format)).device(device);
  return {weight.size(0), weight.size(1), std::make_shared<PlainWeights>(weight.to(options), inFormat(bias, options))};
}

Tensor conv2d(const Tensor& x, const Conv2dWeights& w, const Epilogue& epilogue) {
  const PlainWeights& weights = weightsOf(w.prepared);
  const Conv2dShape& s = w.shape;
  const Tensor padded =
      s.padFarSideOnly ? at::constant_pad_nd(x, {0, s.padding, 0, s.padding}).contiguous(at::MemoryFormat::ChannelsLast)
                       : x;
  const std::int64_t padding = s.padFarSideOnly ? 0 : s.padding;
  const Tensor y =
      at::conv2d(padded, weights.weight, weights.bias, s.stride, padding).contiguous(at::MemoryFormat::ChannelsLast);
  return finish(y, epilogue).contiguous(at::MemoryFormat::ChannelsLast);
}

Tensor normSiluConv2d(const Tensor& x, const NormWeights& norm, const Conv2dWeights& w, const Epilogue& epilogue) {
  return plain::conv2d(plain::groupNorm(x, norm, true), w, epilogue);
}

Tensor upsampleConv2d(const Tensor& x, const Conv2dWeights& w) {
  return plain::conv2d(plain::upsampleNearest(x), w, {});
}

Tensor stripInput(const Strip& strip) {
  Tensor x = strip.x;
  if (strip.factors) {
    const auto perChannel = [&](std::int64_t row) { return strip.factors->select(0, row).view({1, -1, 1, 1}); };
    Tensor wide = x.to(at::kFloat, /*non_blocking=*/false, /*copy=*/true);
    wide.mul_(perChannel(0)).add_(perChannel(1));
    x = at::silu_(wide).to(x.scalar_type());
  }
  if (strip.enlarged) x = plain::upsampleNearest(x);
  const std::int64_t scale = strip.enlarged ? 2 : 1, above = std::min<std::int64_t>(strip.above, 1),
                     below = std::min<std::int64_t>(strip.below, 1);
  const Tensor read = x.narrow(2, scale * strip.above - above, scale * strip.rows() + above + below);
  return at::constant_pad_nd(read, {0, 0, 1 - above, 1 - below}).contiguous(at::MemoryFormat::ChannelsLast);
}

Tensor convStrip(const Strip& strip, const Conv2dWeights& w, const Epilogue& epilogue) {
  const PlainWeights& weights = weightsOf(w.prepared);
  const Tensor y = at::conv2d(stripInput(strip), weights.weight, weights.bias, 1, at::IntArrayRef{0, 1});
  return finish(y.contiguous(at::MemoryFormat::ChannelsLast), epilogue).contiguous(at::MemoryFormat::ChannelsLast);
}

void addChannelSums(ChannelSums& sums, const Tensor& rows) {
  const std::int64_t channels = rows.size(1);
  if (!sums.pivot.defined()) {
    sums.pivot = rows.select(0, 0).select(1, 0).select(1, 0).to(at::kFloat).clone();
    sums.sums = at::zeros({2, channels}, sums.pivot.options().dtype(at::kDouble));
  }
  Tensor distance = rows.to(at::kFloat) - sums.pivot.view({1, channels, 1, 1});
  sums.sums.select(0, 0).add_(distance.sum({0, 2, 3}, false, at::kDouble));
  sums.sums.select(0, 1).add_(distance.square_().sum({0, 2, 3}, false, at::kDouble));
}

Tensor normFactors(const ChannelSums& sums, const NormWeights& norm) {
  const auto pixels = static_cast<double>(sums.pixels);
  const Tensor mean = sums.sums.select(0, 0) / pixels + sums.pivot.to(at::kDouble);
  const Tensor deviation = sums.sums.select(0, 1) - sums.sums.select(0, 0).square() / pixels;
  const Tensor means = mean.view({norm.groups, -1}), groupMean = means.mean(1, /*keepdim=*/true);
  const Tensor variance =
      ((means - groupMean).square().sum(1, true) * pixels + deviation.view({norm.groups, -1}).sum(1, true)) /
      (pixels * static_cast<double>(means.size(1)));
  const Tensor factor = (variance + norm.epsilon).rsqrt();
  const Tensor scale = norm.scale.to(at::kDouble).view({norm.groups, -1}) * factor;
  const Tensor shift = norm.shift.to(at::kDouble).view({norm.groups, -1}) - groupMean * scale;
  return at::stack({scale.flatten(), shift.flatten()}).to(at::kFloat);
}

Tensor linear(const Tensor& x, const LinearWeights& w, const Epilogue& epilogue) {
  const PlainWeights& weights = weightsOf(w.prepared);
  return finish(at::linear(x, weights.weight, weights.bias), epilogue);
}

Tensor linearGeglu(const Tensor& x, const LinearWeights& w) {
  const auto halves = plain::linear(x, w, {}).chunk(2, -1);
  return halves[0] * at::gelu(halves[1]);
}

Tensor groupNorm(const Tensor& x, const NormWeights& norm, bool silu) {
  const Tensor y = at::group_norm(x.to(at::kFloat), norm.groups, norm.scale, norm.shift, norm.epsilon);
  return (silu ? at::silu(y) : y).to(x.scalar_type()).contiguous(at::MemoryFormat::ChannelsLast);
}

Tensor layerNorm(const Tensor& x, const NormWeights& norm) {
  return at::layer_norm(x.to(at::kFloat), {x.size(-1)}, norm.scale, norm.shift, norm.epsilon).to(x.scalar_type());
}

Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, std::int64_t heads, bool causal) {
  const auto split = [heads](const Tensor& t) {
    return t.view({t.size(0), t.size(1), heads, t.size(2) / heads}).transpose(1, 2);
  };
  const Tensor y = at::scaled_dot_product_attention(split(q), split(k), split(v), std::nullopt, 0.0, causal);
  return y.transpose(1, 2).reshape(q.sizes());
}

Tensor silu(const Tensor& x) { return at::silu(x); }
Tensor gelu(const Tensor& x) { return at::gelu(x); }
Tensor quickGelu(const Tensor& x) { return x * at::sigmoid(x * 1.702); }
Tensor relu(const Tensor& x) { return x.relu(); }
Tensor tanhClamp(const Tensor& x, double limit) { return (x / limit).tanh() * limit; }
Tensor add(const Tensor& a, const Tensor& b) { return a + b; }

Tensor concatChannels(const Tensor& a, const Tensor& b) {
  return at::cat({a, b}, 1).contiguous(at::MemoryFormat::ChannelsLast);
}

Tensor upsampleNearest(const Tensor& x) {
  return at::upsample_nearest2d(x, {x.size(2) * 2, x.size(3) * 2}).contiguous(at::MemoryFormat::ChannelsLast);
}

Tensor embedding(const Tensor& ids, const EmbeddingWeights& table) { return at::embedding(table.table, ids); }

}  // namespace studio::engine::ops::plain
