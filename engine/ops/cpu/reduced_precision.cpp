#include "engine/ops/cpu/reduced_precision.h"

#include "engine/ops/cpu/elementwise.h"
#include "engine/ops/plain/plain_operators.h"
#include "engine/ops/weight_pieces.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/group_norm.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/silu.h>

namespace studio::engine::ops::cpu::reduced {
namespace {

using Sizes = std::vector<std::int64_t>;
using Scalars = c10::List<std::optional<at::Scalar>>;

/// An operator of the mkldnn name space: they have no C++ functions.
template <class Signature>
auto onednn(const char* name) {
  return c10::Dispatcher::singleton().findSchemaOrThrow(name, "").typed<Signature>();
}

/// `weight` is oneDNN's own blocked form when `blocked`, else a plain tensor.
class ReducedWeights final : public Prepared {
 public:
  Tensor weight;
  std::optional<Tensor> bias;
  bool blocked = false;
  std::int64_t size = 0;
  std::int64_t bytes() const override { return size; }
  std::vector<Tensor> pieces() const override { return blocked ? std::vector<Tensor>() : ops::pieces(weight, bias); }
  std::shared_ptr<const Prepared> over(std::span<const Tensor> pieces) const override {
    if (blocked) return nullptr;
    auto other = std::make_shared<ReducedWeights>(*this);
    other->weight = pieces[0];
    if (bias) other->bias = pieces[1];
    return other;
  }
};

const ReducedWeights& weightsOf(const std::shared_ptr<const Prepared>& prepared) {
  return static_cast<const ReducedWeights&>(*prepared);
}

std::shared_ptr<ReducedWeights> plainWeights(const Tensor& weight, const std::optional<Tensor>& bias,
                                             ComputeFormat format) {
  auto result = std::make_shared<ReducedWeights>();
  result->weight = weight.to(scalarType(format)).contiguous();
  if (bias) result->bias = bias->to(scalarType(format)).contiguous();
  result->size = static_cast<std::int64_t>(result->weight.nbytes()) +
                 (bias ? static_cast<std::int64_t>(result->bias->nbytes()) : 0);
  return result;
}

/// Fresh results of this file are changed in place.
Tensor finish(Tensor y, const Epilogue& epilogue) {
  if (epilogue.channelBias) y.add_(epilogue.channelBias->unsqueeze(-1).unsqueeze(-1));
  if (epilogue.silu) at::silu_(y);
  if (epilogue.residual) y.add_(*epilogue.residual);
  return y;
}

Tensor convolved(const Tensor& x, const Conv2dWeights& w, const Sizes& padding, const Epilogue& epilogue) {
  const ReducedWeights& weights = weightsOf(w.prepared);
  const std::int64_t stride = w.shape.stride;
  if (!weights.blocked)
    return finish(
        at::conv2d(x, weights.weight, weights.bias, stride, padding).contiguous(at::MemoryFormat::ChannelsLast),
        epilogue);
  using Convolve = Tensor(const Tensor&, const Tensor&, const std::optional<Tensor>&, at::IntArrayRef, at::IntArrayRef,
                          at::IntArrayRef, std::int64_t, std::string_view, Scalars, std::optional<std::string_view>);
  const Tensor y =
      onednn<Convolve>("mkldnn::_convolution_pointwise")
          .call(x, weights.weight, weights.bias, padding, Sizes{stride, stride}, Sizes{1, 1}, 1, "none", Scalars(), "");
  return finish(y.contiguous(at::MemoryFormat::ChannelsLast), epilogue);
}

}  // namespace

bool isSupported(ComputeFormat format) {
  const char* question =
      format == ComputeFormat::BFloat16 ? "mkldnn::_is_mkldnn_bf16_supported" : "mkldnn::_is_mkldnn_fp16_supported";
  const auto found = c10::Dispatcher::singleton().findSchema({question, ""});
  return found.has_value() && found->typed<bool()>().call();
}

Conv2dWeights prepareConv2d(const Tensor& weight, const std::optional<Tensor>& bias, const Conv2dShape& shape,
                            ComputeFormat format, at::Device) {
  const auto prepared = plainWeights(weight, bias, format);
  prepared->blocked = isSupported(format);
  if (prepared->blocked) {
    const std::int64_t padding = shape.padFarSideOnly ? 0 : shape.padding;
    using Reorder =
        Tensor(const Tensor&, at::IntArrayRef, at::IntArrayRef, at::IntArrayRef, std::int64_t, at::OptionalIntArrayRef);
    prepared->weight = onednn<Reorder>("mkldnn::_reorder_convolution_weight")
                           .call(prepared->weight, Sizes{padding, padding}, Sizes{shape.stride, shape.stride},
                                 Sizes{1, 1}, 1, std::nullopt);
  } else {
    prepared->weight = prepared->weight.contiguous(at::MemoryFormat::ChannelsLast);
  }
  return {shape, prepared};
}

LinearWeights prepareLinear(const Tensor& weight, const std::optional<Tensor>& bias, ComputeFormat format, at::Device) {
  const auto prepared = plainWeights(weight, bias, format);
  prepared->blocked = isSupported(format);
  if (prepared->blocked) {
    using Reorder = Tensor(const Tensor&, std::optional<std::int64_t>);
    prepared->weight = onednn<Reorder>("mkldnn::_reorder_linear_weight").call(prepared->weight, std::nullopt);
  }
  return {weight.size(0), weight.size(1), prepared};
}

Tensor conv2d(const Tensor& x, const Conv2dWeights& w, const Epilogue& epilogue) {
  const Conv2dShape& s = w.shape;
  if (!s.padFarSideOnly) return convolved(x, w, {s.padding, s.padding}, epilogue);
  return convolved(at::constant_pad_nd(x, {0, s.padding, 0, s.padding}).contiguous(at::MemoryFormat::ChannelsLast), w,
                   {0, 0}, epilogue);
}

Tensor convStrip(const Strip& strip, const Conv2dWeights& w, const Epilogue& epilogue) {
  return convolved(plain::stripInput(strip), w, {0, 1}, epilogue);
}

Tensor normSiluConv2d(const Tensor& x, const NormWeights& norm, const Conv2dWeights& w, const Epilogue& epilogue) {
  return reduced::conv2d(reduced::groupNorm(x, norm, true), w, epilogue);
}

Tensor upsampleConv2d(const Tensor& x, const Conv2dWeights& w) {
  return reduced::conv2d(cpu::upsampleNearest(x), w, {});
}

Tensor linear(const Tensor& x, const LinearWeights& w, const Epilogue& epilogue) {
  const ReducedWeights& weights = weightsOf(w.prepared);
  if (!weights.blocked) return finish(at::linear(x, weights.weight, weights.bias), epilogue);
  using Multiply = Tensor(const Tensor&, const Tensor&, const std::optional<Tensor>&, std::string_view, Scalars,
                          std::optional<std::string_view>);
  return finish(onednn<Multiply>("mkldnn::_linear_pointwise")
                    .call(x.contiguous(), weights.weight, weights.bias, "none", Scalars(), ""),
                epilogue);
}

Tensor linearGeglu(const Tensor& x, const LinearWeights& w) {
  const auto halves = reduced::linear(x, w, {}).chunk(2, -1);
  return at::gelu(halves[1]).mul_(halves[0]);
}

Tensor groupNorm(const Tensor& x, const NormWeights& norm, bool silu) {
  Tensor y =
      at::group_norm(x, norm.groups, norm.scale, norm.shift, norm.epsilon).contiguous(at::MemoryFormat::ChannelsLast);
  return silu ? at::silu_(y) : y;
}

Tensor layerNorm(const Tensor& x, const NormWeights& norm) {
  return at::layer_norm(x, {x.size(-1)}, norm.scale, norm.shift, norm.epsilon);
}

}  // namespace studio::engine::ops::cpu::reduced
