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

/// Transformer depths behind a block's resnets.
std::vector<int> layersOf(const TensorSource& source, const std::string& block) {
  std::vector<int> layers;
  for (int i = 0; i < kMostLayers && source.has(block + ".resnets." + std::to_string(i) + ".conv1.weight"); ++i)
    layers.push_back(transformerDepth(source, block + ".attentions." + std::to_string(i)));
  return layers;
}

/// The width of the context is a property of any cross-attention.
std::int64_t contextWidthFrom(const TensorSource& source) {
  for (const std::string& name : source.names()) {
    if (name.ends_with(".attn2.to_k.weight")) return shapeOf(source, name, 2)[1];
  }
  throw EngineException(ErrorKind::BadFile, "The file's UNet has no cross-attention, so it cannot follow a prompt.");
}

/// Every picture that the way down keeps is taken by one resnet of the same level on the way up.
void checkLevels(const UNetConfig& config) {
  for (const UNetLevel& level : config.levels) {
    if (level.up.size() == level.down.size() + 1) continue;
    throw EngineException(ErrorKind::BadFile, "The file's UNet does not fit together: its two halves differ in layers.",
                          std::to_string(level.down.size()) + " down, " + std::to_string(level.up.size()) + " up");
  }
}

}  // namespace

UNetConfig unetConfigFrom(const TensorSource& source, ModelFamily family) {
  UNetConfig config;
  config.family = family;
  config.inChannels = shapeOf(source, "conv_in.weight", 4)[1];
  config.outChannels = shapeOf(source, "conv_out.weight", 4)[0];
  config.timeWidth = shapeOf(source, "time_embedding.linear_1.weight", 2)[0];
  if (source.has("add_embedding.linear_1.weight"))
    config.addedWidth = shapeOf(source, "add_embedding.linear_1.weight", 2)[1];
  for (int i = 0; i < kMostLevels && source.has("down_blocks." + std::to_string(i) + ".resnets.0.conv1.weight"); ++i) {
    const std::string block = "down_blocks." + std::to_string(i);
    config.levels.push_back({shapeOf(source, block + ".resnets.0.conv1.weight", 4)[0], layersOf(source, block), {}});
  }
  if (config.levels.empty())
    throw EngineException(ErrorKind::BadFile, "The file's UNet is incomplete or not one of this kind.",
                          "down_blocks.0");
  for (std::size_t i = 0; i < config.levels.size(); ++i)
    config.levels[config.levels.size() - 1 - i].up = layersOf(source, "up_blocks." + std::to_string(i));
  config.middleDepth = transformerDepth(source, "mid_block.attentions.0");
  config.middleResnets = static_cast<int>(layersOf(source, "mid_block").size());
  config.contextWidth = contextWidthFrom(source);
  checkLevels(config);
  return config;
}

UNetConfig stableDiffusion15UNet() {
  UNetConfig config;
  config.levels = {
      {320, {1, 1}, {1, 1, 1}}, {640, {1, 1}, {1, 1, 1}}, {1280, {1, 1}, {1, 1, 1}}, {1280, {0, 0}, {0, 0, 0}}};
  return config;
}

}  // namespace studio::engine
