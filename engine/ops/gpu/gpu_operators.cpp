#include "engine/ops/operator_table.h"
#include "engine/ops/plain/plain_operators.h"

namespace studio::engine::ops {

const OperatorTable* gpuOperators() {
  static const OperatorTable table{
      .prepareConv2d = plain::prepareConv2d,
      .prepareLinear = plain::prepareLinear,
      .conv2d = plain::conv2d,
      .normSiluConv2d = plain::normSiluConv2d,
      .upsampleConv2d = plain::upsampleConv2d,
      .linear = plain::linear,
      .linearGeglu = plain::linearGeglu,
      .groupNorm = plain::groupNorm,
      .convStrip = plain::convStrip,
      .addChannelSums = plain::addChannelSums,
      .normFactors = plain::normFactors,
      .layerNorm = plain::layerNorm,
      .attention = plain::attention,
      .silu = plain::silu,
      .gelu = plain::gelu,
      .quickGelu = plain::quickGelu,
      .relu = plain::relu,
      .tanhClamp = plain::tanhClamp,
      .add = plain::add,
      .concatChannels = plain::concatChannels,
      .upsampleNearest = plain::upsampleNearest,
      .embedding = plain::embedding,
  };
  return &table;
}

}  // namespace studio::engine::ops
