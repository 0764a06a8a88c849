#include "engine/diffusion/unet.h"

#include "engine/api/engine_error.h"
#include "engine/diffusion/resnet_block.h"
#include "engine/diffusion/spatial_transformer.h"
#include "engine/weights/model_family.h"

#include <utility>

namespace studio::engine {
namespace {

constexpr double kResnetEpsilon = 1e-5, kTransformerEpsilon = 1e-6;

std::string numbered(const char* name, std::size_t number) { return name + std::to_string(number); }

/// Twice as large, or less by one where the way down rounded an odd side up: cropped before the convolution, so that
/// the border is the same as in diffusers.                                                     // -> [B, C, 2H, 2W]
ops::Tensor enlarged(const ops::Tensor& x, const ops::Tensor& skip, const ops::Conv2dWeights& conv) {
  const std::int64_t height = skip.size(2), width = skip.size(3);
  if (height == 2 * x.size(2) && width == 2 * x.size(3)) return ops::upsampleConv2d(x, conv);
  const ops::Tensor cropped = ops::upsampleNearest(x).narrow(2, 0, height).narrow(3, 0, width);
  return ops::conv2d(cropped.contiguous(at::MemoryFormat::ChannelsLast), conv);
}

}  // namespace

UNet::UNet(const UNetConfig& config) : config_(config) {
  for (const UNetLevel& level : config.levels) {
    if (level.channels % kNormGroups == 0 && level.channels % attentionHeads(config.family, level.channels) == 0)
      continue;
    throw EngineException(ErrorKind::BadFile, "The file's UNet has a width that this layout cannot have.",
                          std::to_string(level.channels) + " channels");
  }
  addTimeEmbedding();
  addDown();
  addMiddle();
  addUp();
  addOut();
}

ops::Tensor UNet::forward(BlockRunner& runner, const ops::Tensor& x, const ops::Tensor& timesteps,
                          const ops::Tensor& context) const {
  UNetState state;
  state.x = x;
  state.context = context;
  state.timeEmbedding =
      ops::timestepEmbedding(timesteps, config_.levels.front().channels, runner.format(), runner.device());
  for (const Block& block : blocks_) {
    runner.run(block.weights, [&](const WeightLease& w) { block.run(w, state); });
  }
  return state.x;
}

void UNet::addTimeEmbedding() {
  const int block = table_.beginBlock("time_embedding");
  const LinearRef linear_1 =
      table_.linear("time_embedding.linear_1", config_.levels.front().channels, config_.timeWidth);
  const LinearRef linear_2 = table_.linear("time_embedding.linear_2", config_.timeWidth, config_.timeWidth);
  add(block, [=](const WeightLease& w, UNetState& s) {
    s.timeEmbedding =
        ops::silu(ops::linear(ops::silu(ops::linear(s.timeEmbedding, w[linear_1])), w[linear_2]));  // [B, timeWidth]
  });
}

void UNet::addResnet(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t skip, bool keepsSkip) {
  const int block = table_.beginBlock(name);
  const ResnetBlock resnet(table_, name, in + skip, out, config_.timeWidth, kResnetEpsilon);
  add(block, [=](const WeightLease& w, UNetState& s) {
    const ops::Tensor x = skip > 0 ? ops::concatChannels(s.x, s.popSkip()) : s.x;
    s.x = resnet.forward(w, x, s.timeEmbedding);  // [B, out, H, W]
    if (keepsSkip) s.skips.push_back(s.x);
  });
}

void UNet::addTransformer(const std::string& name, std::int64_t channels, int depth, bool keepsSkip) {
  const int entry = table_.beginBlock(name + ".proj_in");
  const NormRef norm = table_.norm(name + ".norm", channels, kNormGroups, kTransformerEpsilon);
  const LinearRef proj_in = table_.linear(name + ".proj_in", channels, channels);
  add(entry, [=](const WeightLease& w, UNetState& s) {
    s.tokens = ops::linear(ops::tokensFromImage(ops::groupNorm(s.x, w[norm])), w[proj_in]);  // [B, H*W, C]
  });
  for (int i = 0; i < depth; ++i) {
    const std::string blockName = name + ".transformer_blocks." + std::to_string(i);
    const int block = table_.beginBlock(blockName);
    const TransformerBlock transformer(table_, blockName, channels, config_.contextWidth,
                                       attentionHeads(config_.family, channels));
    add(block, [=](const WeightLease& w, UNetState& s) { s.tokens = transformer.forward(w, s.tokens, s.context); });
  }
  const int exit = table_.beginBlock(name + ".proj_out");
  const LinearRef proj_out = table_.linear(name + ".proj_out", channels, channels);
  add(exit, [=](const WeightLease& w, UNetState& s) {
    const ops::Tensor projected = ops::linear(s.tokens, w[proj_out], {.residual = ops::tokensFromImage(s.x)});
    s.x = ops::imageFromTokens(projected, s.x.size(2), s.x.size(3));  // [B, C, H, W]
    s.tokens = ops::Tensor();
    if (keepsSkip) s.skips.push_back(s.x);
  });
}

void UNet::addDown() {
  const std::int64_t first = config_.levels.front().channels;
  const int entry = table_.beginBlock("conv_in");
  const ConvRef conv_in = table_.conv("conv_in", {.out = first, .in = config_.inChannels, .kernel = 3, .padding = 1});
  add(entry, [=](const WeightLease& w, UNetState& s) {
    s.x = ops::conv2d(s.x, w[conv_in]);
    s.skips.push_back(s.x);
  });
  std::int64_t channels = first;
  for (std::size_t i = 0; i < config_.levels.size(); ++i) {
    const UNetLevel& level = config_.levels[i];
    const std::string name = numbered("down_blocks.", i);
    const bool attends = level.transformerDepth > 0;
    for (int layer = 0; layer < level.layers; ++layer) {
      addResnet(name + ".resnets." + std::to_string(layer), channels, level.channels, 0, !attends);
      channels = level.channels;
      if (attends)
        addTransformer(name + ".attentions." + std::to_string(layer), channels, level.transformerDepth, true);
    }
    if (i + 1 == config_.levels.size()) break;
    const int shrink = table_.beginBlock(name + ".downsamplers.0");
    const ConvRef conv = table_.conv(name + ".downsamplers.0.conv",
                                     {.out = channels, .in = channels, .kernel = 3, .stride = 2, .padding = 1});
    add(shrink, [=](const WeightLease& w, UNetState& s) {
      s.x = ops::conv2d(s.x, w[conv]);  // [B, C, H/2, W/2]
      s.skips.push_back(s.x);
    });
  }
}

void UNet::addMiddle() {
  const std::int64_t channels = config_.levels.back().channels;
  addResnet("mid_block.resnets.0", channels, channels, 0, false);
  addTransformer("mid_block.attentions.0", channels, config_.middleDepth, false);
  addResnet("mid_block.resnets.1", channels, channels, 0, false);
}

void UNet::addUp() {
  // The widths of the skips, in the order the way down pushed them.
  std::vector<std::int64_t> skips{config_.levels.front().channels};
  for (std::size_t i = 0; i < config_.levels.size(); ++i) {
    const int pushed = config_.levels[i].layers + (i + 1 < config_.levels.size() ? 1 : 0);
    skips.insert(skips.end(), static_cast<std::size_t>(pushed), config_.levels[i].channels);
  }
  std::int64_t channels = config_.levels.back().channels;
  for (std::size_t i = 0; i < config_.levels.size(); ++i) {
    const UNetLevel& level = config_.levels[config_.levels.size() - 1 - i];
    const std::string name = numbered("up_blocks.", i);
    for (int layer = 0; layer <= level.layers; ++layer) {
      addResnet(name + ".resnets." + std::to_string(layer), channels, level.channels, skips.back(), false);
      skips.pop_back();
      channels = level.channels;
      if (level.transformerDepth > 0)
        addTransformer(name + ".attentions." + std::to_string(layer), channels, level.transformerDepth, false);
    }
    if (i + 1 == config_.levels.size()) break;
    const int enlarge = table_.beginBlock(name + ".upsamplers.0");
    const ConvRef conv =
        table_.conv(name + ".upsamplers.0.conv", {.out = channels, .in = channels, .kernel = 3, .padding = 1});
    add(enlarge, [=](const WeightLease& w, UNetState& s) { s.x = enlarged(s.x, s.skips.back(), w[conv]); });
  }
}

void UNet::addOut() {
  const std::int64_t channels = config_.levels.front().channels;
  const int exit = table_.beginBlock("conv_out");
  const NormRef conv_norm_out = table_.norm("conv_norm_out", channels, kNormGroups, kResnetEpsilon);
  const ConvRef conv_out =
      table_.conv("conv_out", {.out = config_.outChannels, .in = channels, .kernel = 3, .padding = 1});
  add(exit, [=](const WeightLease& w, UNetState& s) { s.x = ops::normSiluConv2d(s.x, w[conv_norm_out], w[conv_out]); });
}

}  // namespace studio::engine
