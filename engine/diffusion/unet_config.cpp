#include "engine/diffusion/unet_config.h"

#include "engine/api/engine_error.h"

#include <string>

namespace studio::engine {
namespace {

constexpr int kMostLevels = 8, kMostLayers = 8, kDeepestTransformer = 64;

const std::vector<std::int64_t>& shapeOf(const TensorSource& source, const std::string& name, std::size_t dimensions) {
  const auto* shape = source.shapeOf(name);
  bool good = shape != nullptr && shape->size() >= dimensions;
  if (good) {
    for (const std::int64_t side : *shape) good = good && side > 0;
  }
  if (!good) throw EngineException(ErrorKind::BadFile, "The file's UNet is incomplete or not one of this kind.", name);
  return *shape;
}

int transformerDepth(const TensorSource& source, const std::string& attention) {
  int depth = 0;
  while (depth < kDeepestTransformer &&
         source.has(attention + ".transformer_blocks." + std::to_string(depth) + ".attn1.to_q.weight"))
    ++depth;
  return depth;
}

UNetLevel levelFrom(const TensorSource& source, const std::string& block) {
  UNetLevel level;
  level.layers = 0;
  while (level.layers < kMostLayers && source.has(block + ".resnets." + std::to_string(level.layers) + ".conv1.weight"))
    ++level.layers;
  level.channels = shapeOf(source, block + ".resnets.0.conv1.weight", 4)[0];
  level.transformerDepth = transformerDepth(source, block + ".attentions.0");
  return level;
}

/// The width of the context is a property of any cross-attention.
std::int64_t contextWidthFrom(const TensorSource& source, const UNetConfig& config) {
  if (config.middleDepth > 0)
    return shapeOf(source, "mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight", 2)[1];
  throw EngineException(ErrorKind::BadFile, "The file's UNet has no cross-attention, so it cannot follow a prompt.");
}

}  // namespace

UNetConfig unetConfigFrom(const TensorSource& source, ModelFamily family) {
  UNetConfig config;
  config.family = family;
  config.inChannels = shapeOf(source, "conv_in.weight", 4)[1];
  config.outChannels = shapeOf(source, "conv_out.weight", 4)[0];
  config.timeWidth = shapeOf(source, "time_embedding.linear_1.weight", 2)[0];
  for (int i = 0; i < kMostLevels && source.has("down_blocks." + std::to_string(i) + ".resnets.0.conv1.weight"); ++i) {
    config.levels.push_back(levelFrom(source, "down_blocks." + std::to_string(i)));
  }
  if (config.levels.empty())
    throw EngineException(ErrorKind::BadFile, "The file's UNet is incomplete or not one of this kind.",
                          "down_blocks.0");
  config.middleDepth = transformerDepth(source, "mid_block.attentions.0");
  config.contextWidth = contextWidthFrom(source, config);
  return config;
}

UNetConfig stableDiffusion15UNet() {
  UNetConfig config;
  config.levels = {{320, 2, 1}, {640, 2, 1}, {1280, 2, 1}, {1280, 2, 0}};
  return config;
}

}  // namespace studio::engine
