#include "engine/diffusion/unet.h"

#include "engine/api/engine_error.h"
#include "engine/diffusion/resnet_block.h"
#include "engine/diffusion/spatial_transformer.h"
#include "engine/weights/family_traits.h"

#include <ATen/ops/cat.h>

#include <algorithm>
#include <utility>

namespace studio::engine {
namespace {

constexpr double kResnetEpsilon = 1e-5, kTransformerEpsilon = 1e-6;
constexpr std::int64_t kNumberWidth = 256;  ///< Fourier features of each number of the added conditioning

std::string numbered(const std::string& name, std::size_t number) { return name + std::to_string(number); }

/// Twice as large, or less by one where the way down rounded an odd side up: cropped before the convolution, so that
/// the border is the same as in diffusers.                                                     // -> [B, C, 2H, 2W]
ops::Tensor enlarged(const ops::Tensor& x, const ops::Tensor& skip, const ops::Conv2dWeights& conv) {
  const std::int64_t height = skip.size(2), width = skip.size(3);
  if (height == 2 * x.size(2) && width == 2 * x.size(3)) return ops::upsampleConv2d(x, conv);
  const ops::Tensor cropped = ops::upsampleNearest(x).narrow(2, 0, height).narrow(3, 0, width);
  return ops::conv2d(cropped.contiguous(at::MemoryFormat::ChannelsLast), conv);
}

bool isKept(const UNetState& state, int projection) {
  return state.kept != nullptr && (*state.kept)[static_cast<std::size_t>(projection)].keys.defined();
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
  if (config.addedWidth > 0) addAddedEmbedding();
  addDown();
  addMiddle();
  addUp();
  addOut();
}

std::int64_t UNet::pooledWidth(std::int64_t numbers) const {
  return std::max<std::int64_t>(0, config_.addedWidth - numbers * kNumberWidth);
}

ops::Tensor UNet::forward(BlockRunner& runner, const ops::Tensor& x, const ops::Tensor& timesteps,
                          const UNetConditioning& conditioning) const {
  UNetState state;
  state.x = x;
  state.context = conditioning.context;
  state.kept = conditioning.kept.get();
  if (state.kept != nullptr) state.kept->resize(static_cast<std::size_t>(projections_));
  state.timeEmbedding =
      ops::timestepEmbedding(timesteps, config_.levels.front().channels, runner.format(), runner.device());
  if (config_.addedWidth > 0) {
    const ops::Tensor numbers =
        ops::timestepEmbedding(conditioning.numbers.flatten(), kNumberWidth, runner.format(), runner.device());
    state.added = at::cat({conditioning.pooled, numbers.view({x.size(0), -1})}, 1);  // [B, addedWidth]
  }
  for (const Block& block : blocks_) {
    if (block.projection >= 0 && isKept(state, block.projection)) continue;
    runner.run(block.weights, [&](const WeightLease& w) { block.run(w, state); });
  }
  return state.x;
}

void UNet::addTimeEmbedding() {
  const int block = table_.beginBlock("time_embedding");
  const LinearRef linear_1 =
      table_.linear("time_embedding.linear_1", config_.levels.front().channels, config_.timeWidth);
  const LinearRef linear_2 = table_.linear("time_embedding.linear_2", config_.timeWidth, config_.timeWidth);
  const bool isLast = config_.addedWidth == 0;
  add(block, [=](const WeightLease& w, UNetState& s) {
    const ops::Tensor embedding = ops::linear(ops::silu(ops::linear(s.timeEmbedding, w[linear_1])), w[linear_2]);
    s.timeEmbedding = isLast ? ops::silu(embedding) : embedding;  // [B, timeWidth]
  });
}

/// Podell et al. 2023, section 2.2: pooled text and sizes are added to the time embedding.
void UNet::addAddedEmbedding() {
  const int block = table_.beginBlock("add_embedding");
  const LinearRef linear_1 = table_.linear("add_embedding.linear_1", config_.addedWidth, config_.timeWidth);
  const LinearRef linear_2 = table_.linear("add_embedding.linear_2", config_.timeWidth, config_.timeWidth);
  add(block, [=](const WeightLease& w, UNetState& s) {
    const ops::Tensor hidden = ops::silu(ops::linear(s.added, w[linear_1]));
    s.timeEmbedding = ops::silu(ops::linear(hidden, w[linear_2], {.residual = s.timeEmbedding}));  // [B, timeWidth]
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

int UNet::addTextProjection(const std::string& name, std::int64_t channels) {
  const int block = table_.beginBlock(name + ".attn2.context");
  const KeyValueProjection projection(table_, name + ".attn2", channels, config_.contextWidth);
  const int number = projections_++;
  const auto run = [=](const WeightLease& w, UNetState& s) {
    KeysValues& made = s.kept != nullptr ? (*s.kept)[static_cast<std::size_t>(number)] : s.text;
    made = projection.forward(w, s.context);  // [B, T, channels]
  };
  add(block, run, number);
  return number;
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
    const int projection = addTextProjection(blockName, channels);
    const int block = table_.beginBlock(blockName);
    const TransformerBlock transformer(table_, blockName, channels, attentionHeads(config_.family, channels));
    add(block, [=](const WeightLease& w, UNetState& s) {
      const KeysValues text = s.kept != nullptr ? (*s.kept)[static_cast<std::size_t>(projection)] : std::move(s.text);
      s.text = {};
      s.tokens = transformer.forward(w, s.tokens, text);  // [B, H*W, C]
    });
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
    for (std::size_t layer = 0; layer < level.down.size(); ++layer) {
      const int depth = level.down[layer];
      addResnet(numbered(name + ".resnets.", layer), channels, level.channels, 0, depth == 0);
      channels = level.channels;
      if (depth > 0) addTransformer(numbered(name + ".attentions.", layer), channels, depth, true);
    }
    if (i + 1 < config_.levels.size()) addShrink(name + ".downsamplers.0", channels);
  }
}

void UNet::addShrink(const std::string& name, std::int64_t channels) {
  const int block = table_.beginBlock(name);
  const ConvRef conv =
      table_.conv(name + ".conv", {.out = channels, .in = channels, .kernel = 3, .stride = 2, .padding = 1});
  add(block, [=](const WeightLease& w, UNetState& s) {
    s.x = ops::conv2d(s.x, w[conv]);  // [B, C, H/2, W/2]
    s.skips.push_back(s.x);
  });
}

void UNet::addMiddle() {
  const std::int64_t channels = config_.levels.back().channels;
  if (config_.middleResnets > 0) addResnet("mid_block.resnets.0", channels, channels, 0, false);
  if (config_.middleDepth > 0) addTransformer("mid_block.attentions.0", channels, config_.middleDepth, false);
  if (config_.middleResnets > 1) addResnet("mid_block.resnets.1", channels, channels, 0, false);
}

void UNet::addUp() {
  // The widths of the skips, in the order the way down pushed them.
  std::vector<std::int64_t> skips{config_.levels.front().channels};
  for (std::size_t i = 0; i < config_.levels.size(); ++i) {
    const std::size_t pushed = config_.levels[i].down.size() + (i + 1 < config_.levels.size() ? 1 : 0);
    skips.insert(skips.end(), pushed, config_.levels[i].channels);
  }
  std::int64_t channels = config_.levels.back().channels;
  for (std::size_t i = 0; i < config_.levels.size(); ++i) {
    const UNetLevel& level = config_.levels[config_.levels.size() - 1 - i];
    const std::string name = numbered("up_blocks.", i);
    for (std::size_t layer = 0; layer < level.up.size(); ++layer) {
      addResnet(numbered(name + ".resnets.", layer), channels, level.channels, skips.back(), false);
      skips.pop_back();
      channels = level.channels;
      if (level.up[layer] > 0) addTransformer(numbered(name + ".attentions.", layer), channels, level.up[layer], false);
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
