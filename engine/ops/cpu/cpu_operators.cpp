#include "engine/ops/cpu/attention.h"
#include "engine/ops/cpu/convolution.h"
#include "engine/ops/cpu/elementwise.h"
#include "engine/ops/cpu/matrix_product.h"
#include "engine/ops/cpu/norms.h"
#include "engine/ops/cpu/packed_weights.h"
#include "engine/ops/cpu/reduced_precision.h"
#include "engine/ops/operator_table.h"
#include "engine/ops/plain/plain_operators.h"

/// The CPU's table: fp32 goes to our own kernels, 16-bit formats to the reduced ones.
namespace studio::engine::ops {
namespace {

bool isFloat(const Tensor& x) { return x.scalar_type() == at::kFloat; }

Conv2dWeights prepareOnCpu(const Tensor& weight, const std::optional<Tensor>& bias, const Conv2dShape& shape,
                           ComputeFormat format, at::Device device) {
  if (format != ComputeFormat::Float32) return cpu::reduced::prepareConv2d(weight, bias, shape, format, device);
  return {shape, std::make_shared<cpu::PackedWeights>(weight, bias)};
}

LinearWeights prepareLinearOnCpu(const Tensor& weight, const std::optional<Tensor>& bias, ComputeFormat format,
                                 at::Device device) {
  if (format != ComputeFormat::Float32) return cpu::reduced::prepareLinear(weight, bias, format, device);
  return {weight.size(0), weight.size(1), std::make_shared<cpu::PackedWeights>(weight, bias)};
}

Tensor convStripOnCpu(const Strip& strip, const Conv2dWeights& w, const Epilogue& epilogue) {
  return isFloat(strip.x) ? cpu::convStrip(strip, w, epilogue) : cpu::reduced::convStrip(strip, w, epilogue);
}

void addChannelSumsOnCpu(ChannelSums& sums, const Tensor& rows) {
  isFloat(rows) ? cpu::addChannelSums(sums, rows) : plain::addChannelSums(sums, rows);
}

/// Chooses between our operator and the plain one by the format of the first argument.
template <auto Own, auto Plain, class... Arguments>
Tensor byFormat(const Tensor& x, Arguments... arguments) {
  return isFloat(x) ? Own(x, arguments...) : Plain(x, arguments...);
}

}  // namespace

const OperatorTable& cpuOperators() {
  static const OperatorTable table{
      .prepareConv2d = prepareOnCpu,
      .prepareLinear = prepareLinearOnCpu,
      .conv2d = byFormat<cpu::conv2d, cpu::reduced::conv2d, const Conv2dWeights&, const Epilogue&>,
      .normSiluConv2d = byFormat<cpu::normSiluConv2d, cpu::reduced::normSiluConv2d, const NormWeights&,
                                 const Conv2dWeights&, const Epilogue&>,
      .upsampleConv2d = byFormat<cpu::upsampleConv2d, cpu::reduced::upsampleConv2d, const Conv2dWeights&>,
      .linear = byFormat<cpu::linear, cpu::reduced::linear, const LinearWeights&, const Epilogue&>,
      .linearGeglu = byFormat<cpu::linearGeglu, cpu::reduced::linearGeglu, const LinearWeights&>,
      .groupNorm = byFormat<cpu::groupNorm, cpu::reduced::groupNorm, const NormWeights&, bool>,
      .convStrip = convStripOnCpu,
      .addChannelSums = addChannelSumsOnCpu,
      .normFactors = cpu::normFactors,
      .layerNorm = byFormat<cpu::layerNorm, cpu::reduced::layerNorm, const NormWeights&>,
      .attention = byFormat<cpu::attention, plain::attention, const Tensor&, const Tensor&, std::int64_t, bool>,
      .silu = byFormat<cpu::silu, plain::silu>,
      .gelu = byFormat<cpu::gelu, plain::gelu>,
      .quickGelu = byFormat<cpu::quickGelu, plain::quickGelu>,
      .relu = byFormat<cpu::relu, plain::relu>,
      .tanhClamp = byFormat<cpu::tanhClamp, plain::tanhClamp, double>,
      .add = byFormat<cpu::add, plain::add, const Tensor&>,
      .concatChannels = cpu::concatChannels,
      .upsampleNearest = cpu::upsampleNearest,
      .embedding = plain::embedding,
  };
  return table;
}

}  // namespace studio::engine::ops
