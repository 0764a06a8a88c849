#include "engine/ops/ops.h"

#include "engine/api/engine_error.h"
#include "engine/ops/operator_table.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <c10/util/Exception.h>

#include <cmath>
#include <vector>

namespace studio::engine::ops {
namespace {

const OperatorTable& tableOf(at::Device device) {
  if (device.is_meta()) return shapeOperators();
  if (device.is_cpu()) return cpuOperators();
  const OperatorTable* gpu = gpuOperators();
  if (gpu == nullptr)
    throw EngineException(ErrorKind::Device, "This build of the engine has no GPU back end.", device.str());
  return *gpu;
}

const OperatorTable& tableOf(const Tensor& x) { return tableOf(x.device()); }

void checkImage(const Tensor& x, std::int64_t channels) {
  TORCH_INTERNAL_ASSERT(x.dim() == 4 && x.size(1) == channels, "expected [B,", channels, ",H,W], got ", x.sizes());
  TORCH_INTERNAL_ASSERT(x.is_contiguous(at::MemoryFormat::ChannelsLast), "activation is not channels-last: ", x.sizes(),
                        " strides ", x.strides());
}

std::int64_t outputSide(std::int64_t side, const Conv2dShape& shape) {
  const std::int64_t padding = shape.padFarSideOnly ? shape.padding : 2 * shape.padding;
  return (side + padding - shape.kernel) / shape.stride + 1;
}

/// What is added to an output is read as far as the output reaches.
void checkEpilogue(const Epilogue& epilogue, at::IntArrayRef output) {
  TORCH_INTERNAL_ASSERT(!epilogue.residual || epilogue.residual->sizes() == output, "a residual of ",
                        epilogue.residual->sizes(), " for an output of ", output);
  const std::optional<Tensor>& bias = epilogue.channelBias;
  TORCH_INTERNAL_ASSERT(!bias || (bias->dim() == 2 && bias->size(0) == output[0] && bias->size(1) == output[1]),
                        "a bias of ", bias->sizes(), " for an output of ", output);
}

void checkConvolution(const Tensor& x, const Conv2dShape& shape, const Epilogue& epilogue) {
  checkImage(x, shape.in);
  checkEpilogue(epilogue, {x.size(0), shape.out, outputSide(x.size(2), shape), outputSide(x.size(3), shape)});
}

void checkNorm(const Tensor& x, const NormWeights& norm, std::int64_t channels) {
  TORCH_INTERNAL_ASSERT(norm.scale.numel() == channels, "norm of ", norm.scale.numel(), " channels for ", x.sizes());
}

}  // namespace

at::ScalarType scalarType(ComputeFormat format) {
  switch (format) {
    case ComputeFormat::Float32:
      return at::kFloat;
    case ComputeFormat::BFloat16:
      return at::kBFloat16;
    case ComputeFormat::Float16:
      return at::kHalf;
  }
  return at::kFloat;
}

Conv2dWeights prepareConv2d(const Tensor& weight, const std::optional<Tensor>& bias, const Conv2dShape& shape,
                            ComputeFormat format, const Home& home) {
  return tableOf(home.works).prepareConv2d(weight, bias, shape, format, home.lies);
}

LinearWeights prepareLinear(const Tensor& weight, const std::optional<Tensor>& bias, ComputeFormat format,
                            const Home& home) {
  return tableOf(home.works).prepareLinear(weight, bias, format, home.lies);
}

NormWeights prepareNorm(const Tensor& scale, const Tensor& shift, std::int64_t groups, double epsilon,
                        const Home& home) {
  const auto own = [&](const Tensor& x) {
    return x.to(at::TensorOptions().device(home.lies).dtype(at::kFloat), /*non_blocking=*/false, /*copy=*/true);
  };
  return {own(scale), own(shift), groups, epsilon};
}

EmbeddingWeights prepareEmbedding(const Tensor& table, ComputeFormat format, const Home& home) {
  return {table.to(at::TensorOptions().device(home.lies).dtype(scalarType(format)), /*non_blocking=*/false,
                   /*copy=*/true)};
}

Tensor place(const Tensor& x, ComputeFormat format, at::Device device) {
  const Tensor moved = x.to(at::TensorOptions().device(device).dtype(scalarType(format)));
  return x.dim() == 4 ? moved.contiguous(at::MemoryFormat::ChannelsLast) : moved.contiguous();
}

Tensor readBack(const Tensor& x) { return x.to(at::TensorOptions().device(at::kCPU).dtype(at::kFloat)).contiguous(); }

Tensor conv2d(const Tensor& x, const Conv2dWeights& w, const Epilogue& epilogue) {
  checkConvolution(x, w.shape, epilogue);
  return tableOf(x).conv2d(x, w, epilogue);
}

Tensor normSiluConv2d(const Tensor& x, const NormWeights& norm, const Conv2dWeights& w, const Epilogue& epilogue) {
  checkConvolution(x, w.shape, epilogue);
  checkNorm(x, norm, w.shape.in);
  return tableOf(x).normSiluConv2d(x, norm, w, epilogue);
}

Tensor upsampleConv2d(const Tensor& x, const Conv2dWeights& w) {
  checkImage(x, w.shape.in);
  return tableOf(x).upsampleConv2d(x, w);
}

Tensor linear(const Tensor& x, const LinearWeights& w, const Epilogue& epilogue) {
  TORCH_INTERNAL_ASSERT(x.size(-1) == w.in, "linear layer of width ", w.in, " given ", x.sizes());
  TORCH_INTERNAL_ASSERT(!epilogue.channelBias, "a linear layer has no bias of channels");
  std::vector<std::int64_t> output = x.sizes().vec();
  output.back() = w.out;
  checkEpilogue(epilogue, output);
  return tableOf(x).linear(x, w, epilogue);
}

Tensor linearGeglu(const Tensor& x, const LinearWeights& w) {
  TORCH_INTERNAL_ASSERT(x.size(-1) == w.in && w.out % 2 == 0, "gated layer ", w.in, " -> ", w.out, " given ",
                        x.sizes());
  return tableOf(x).linearGeglu(x, w);
}

Tensor groupNorm(const Tensor& x, const NormWeights& norm) {
  checkImage(x, norm.scale.numel());
  return tableOf(x).groupNorm(x, norm, false);
}

Tensor groupNormSilu(const Tensor& x, const NormWeights& norm) {
  checkImage(x, norm.scale.numel());
  return tableOf(x).groupNorm(x, norm, true);
}

Tensor layerNorm(const Tensor& x, const NormWeights& norm) {
  checkNorm(x, norm, x.size(-1));
  return tableOf(x).layerNorm(x, norm);
}

Tensor convStrip(const Strip& strip, const Conv2dWeights& w, const Epilogue& epilogue) {
  checkImage(strip.x, w.shape.in);
  TORCH_INTERNAL_ASSERT(w.shape.kernel == 3 && w.shape.stride == 1 && w.shape.padding == 1 && strip.x.size(0) == 1,
                        "a strip of ", strip.x.sizes(), " for a kernel of ", w.shape.kernel);
  const std::int64_t scale = strip.enlarged ? 2 : 1;
  checkEpilogue(epilogue, {1, w.shape.out, scale * strip.rows(), scale * strip.x.size(3)});
  TORCH_INTERNAL_ASSERT(!strip.factors || strip.factors->numel() == 2 * w.shape.in, "factors of ",
                        strip.factors->sizes(), " for ", strip.x.sizes());
  return tableOf(strip.x).convStrip(strip, w, epilogue);
}

void addChannelSums(ChannelSums& sums, const Tensor& rows) {
  checkImage(rows, sums.pivot.defined() ? sums.pivot.numel() : rows.size(1));
  TORCH_INTERNAL_ASSERT(rows.size(0) == 1, "strips of ", rows.size(0), " pictures at once");
  tableOf(rows).addChannelSums(sums, rows);
  sums.pixels += rows.size(2) * rows.size(3);
}

Tensor normFactors(const ChannelSums& sums, const NormWeights& norm) {
  TORCH_INTERNAL_ASSERT(sums.pixels > 0 && norm.scale.numel() == sums.pivot.numel(), "norm of ", norm.scale.numel(),
                        " channels for ", sums.pixels, " pixels");
  return tableOf(sums.pivot).normFactors(sums, norm);
}

Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, std::int64_t heads, bool causal) {
  TORCH_INTERNAL_ASSERT(q.dim() == 3 && k.sizes() == v.sizes() && q.size(2) == k.size(2) && q.size(2) % heads == 0,
                        "attention over ", q.sizes(), " ", k.sizes());
  return tableOf(q).attention(q, k, v, heads, causal);
}

Tensor silu(const Tensor& x) { return tableOf(x).silu(x); }
Tensor gelu(const Tensor& x) { return tableOf(x).gelu(x); }
Tensor quickGelu(const Tensor& x) { return tableOf(x).quickGelu(x); }
Tensor relu(const Tensor& x) { return tableOf(x).relu(x); }
Tensor tanhClamp(const Tensor& x, double limit) { return tableOf(x).tanhClamp(x, limit); }

Tensor add(const Tensor& a, const Tensor& b) {
  TORCH_INTERNAL_ASSERT(a.sizes() == b.sizes(), "add of ", a.sizes(), " and ", b.sizes());
  return tableOf(a).add(a, b);
}

Tensor concatChannels(const Tensor& a, const Tensor& b) {
  checkImage(a, a.size(1));
  checkImage(b, b.size(1));
  return tableOf(a).concatChannels(a, b);
}

Tensor upsampleNearest(const Tensor& x) {
  checkImage(x, x.size(1));
  return tableOf(x).upsampleNearest(x);
}

Tensor tokensFromImage(const Tensor& x) {
  checkImage(x, x.size(1));
  return x.permute({0, 2, 3, 1}).view({x.size(0), x.size(2) * x.size(3), x.size(1)});
}

Tensor imageFromTokens(const Tensor& x, std::int64_t height, std::int64_t width) {
  return x.view({x.size(0), height, width, x.size(2)}).permute({0, 3, 1, 2});
}

Tensor embedding(const Tensor& ids, const EmbeddingWeights& table) {
  return tableOf(table.table).embedding(ids, table);
}

Tensor timestepEmbedding(const Tensor& timesteps, std::int64_t width, ComputeFormat format, at::Device device) {
  const std::int64_t half = width / 2;
  const Tensor frequency = at::arange(half, at::kFloat).mul(-std::log(10000.0) / static_cast<double>(half)).exp();
  const Tensor angle = timesteps.to(at::kFloat).unsqueeze(1) * frequency.unsqueeze(0);
  return place(at::cat({angle.cos(), angle.sin()}, 1), format, device);
}

}  // namespace studio::engine::ops
