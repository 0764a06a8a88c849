#include "engine/vae/autoencoder_kl.h"

#include "engine/api/engine_error.h"
#include "engine/diffusion/resnet_block.h"
#include "engine/ops/ops.h"

#include <ATen/TensorOperators.h>

#include <utility>

namespace studio::engine {
namespace {

constexpr double kEpsilon = 1e-6;
constexpr int kMostLevels = 8, kMostLayers = 8;

std::int64_t outChannels(const TensorSource& source, const std::string& convolution) {
  const auto* shape = source.shapeOf(convolution + ".weight");
  if (shape == nullptr || shape->size() != 4 || (*shape)[0] < 1 || (*shape)[0] % kNormGroups != 0) {
    throw EngineException(ErrorKind::BadFile, "The file's VAE is incomplete or not one of this kind.", convolution);
  }
  return (*shape)[0];
}

}  // namespace

AutoencoderKlConfig autoencoderKlConfigFrom(const TensorSource& source, double scale) {
  AutoencoderKlConfig config;
  config.scale = scale;
  config.channels.clear();
  config.layers = 0;
  const auto* in = source.shapeOf("decoder.conv_in.weight");
  if (in == nullptr || in->size() != 4 || (*in)[1] < 1)
    throw EngineException(ErrorKind::BadFile, "The file has no VAE decoder.", "decoder.conv_in.weight");
  config.latentChannels = (*in)[1];
  for (int i = 0; i < kMostLevels && source.has("decoder.up_blocks." + std::to_string(i) + ".resnets.0.conv1.weight");
       ++i) {
    config.channels.insert(config.channels.begin(),
                           outChannels(source, "decoder.up_blocks." + std::to_string(i) + ".resnets.0.conv1"));
  }
  if (config.channels.size() > 1 && std::int64_t{1} << (config.channels.size() - 1) > kLargestScaleFactor)
    throw EngineException(ErrorKind::BadFile, "The file's VAE shrinks pictures more than this program can use.",
                          std::to_string(config.channels.size()) + " levels");
  while (config.layers < kMostLayers &&
         source.has("decoder.up_blocks.0.resnets." + std::to_string(config.layers + 1) + ".conv1.weight"))
    ++config.layers;
  if (config.channels.empty() || config.layers == 0)
    throw EngineException(ErrorKind::BadFile, "The file's VAE is incomplete or not one of this kind.",
                          "decoder.up_blocks");
  config.hasEncoder = source.has("encoder.conv_in.weight");
  config.hasQuantConv = source.has("post_quant_conv.weight");
  return config;
}

AutoencoderKl::AutoencoderKl(const AutoencoderKlConfig& config) : config_(config) {
  buildDecoder();
  if (config.hasEncoder) buildEncoder();
}

ops::Tensor AutoencoderKl::decodeWhole(BlockRunner& runner, const ops::Tensor& latent) const {
  return run(decoder_, runner, latent / config_.scale);
}

ops::Tensor AutoencoderKl::decodeStrips(BlockRunner& runner, const ops::Tensor& latent, std::int64_t rows,
                                        std::shared_ptr<ops::NormBook> norms) const {
  const auto cut =
      std::make_shared<ops::StripCut>(ops::StripCut{rows, [&runner] { runner.throwIfCancelled(); }, std::move(norms)});
  ops::StripedImage x(latent / config_.scale, cut);
  for (const Block& block : decoder_.blocks) {
    runner.run(block.weights, [&](const WeightLease& w) {
      x = block.runStrips ? block.runStrips(w, std::move(x)) : ops::StripedImage(block.run(w, x.takeWhole()), cut);
    });
  }
  return x.takeWhole();
}

ops::Tensor AutoencoderKl::encode(BlockRunner& runner, const ops::Tensor& pixels) const {
  const ops::Tensor moments = run(encoder_, runner, pixels);  // [B, 2 * latent, H/8, W/8]
  return moments.narrow(1, 0, config_.latentChannels) * config_.scale;
}

ops::Tensor AutoencoderKl::run(const Half& half, BlockRunner& runner, ops::Tensor x) {
  for (const Block& block : half.blocks) {
    runner.run(block.weights, [&](const WeightLease& w) { x = block.run(w, x); });
  }
  return x;
}

void AutoencoderKl::addConv(Half& half, const std::string& name, ops::Conv2dShape shape) {
  const int block = half.table.beginBlock(name);
  const ConvRef conv = half.table.conv(name, shape);
  half.blocks.push_back({block, [=](const WeightLease& w, const ops::Tensor& x) { return ops::conv2d(x, w[conv]); }});
}

void AutoencoderKl::addResnet(Half& half, const std::string& name, std::int64_t in, std::int64_t out) {
  const int block = half.table.beginBlock(name);
  const ResnetBlock resnet(half.table, name, in, out, 0, kEpsilon);
  half.blocks.push_back({block, [=](const WeightLease& w, const ops::Tensor& x) { return resnet.forward(w, x); },
                         [=](const WeightLease& w, ops::StripedImage x) { return resnet.forward(w, std::move(x)); }});
}

/// Self-attention with one head over all cells.
void AutoencoderKl::addAttention(Half& half, const std::string& name, std::int64_t channels) {
  const int block = half.table.beginBlock(name);
  const NormRef group_norm = half.table.norm(name + ".group_norm", channels, kNormGroups, kEpsilon);
  const LinearRef to_q = half.table.linear(name + ".to_q", channels, channels);
  const LinearRef to_k = half.table.linear(name + ".to_k", channels, channels);
  const LinearRef to_v = half.table.linear(name + ".to_v", channels, channels);
  const LinearRef to_out = half.table.linear(name + ".to_out.0", channels, channels);
  half.blocks.push_back(
      {block, [=](const WeightLease& w, const ops::Tensor& x) {
         const ops::Tensor h = ops::tokensFromImage(ops::groupNorm(x, w[group_norm]));  // [B, H*W, C]
         const ops::Tensor attended =
             ops::attention(ops::linear(h, w[to_q]), ops::linear(h, w[to_k]), ops::linear(h, w[to_v]), 1);
         return ops::imageFromTokens(ops::linear(attended, w[to_out], {.residual = ops::tokensFromImage(x)}), x.size(2),
                                     x.size(3));
       }});
}

void AutoencoderKl::addMiddle(Half& half, const std::string& side, std::int64_t channels) {
  addResnet(half, side + ".mid_block.resnets.0", channels, channels);
  addAttention(half, side + ".mid_block.attentions.0", channels);
  addResnet(half, side + ".mid_block.resnets.1", channels, channels);
}

void AutoencoderKl::addOut(Half& half, const std::string& side, std::int64_t in, std::int64_t out) {
  const int block = half.table.beginBlock(side + ".conv_out");
  const NormRef conv_norm_out = half.table.norm(side + ".conv_norm_out", in, kNormGroups, kEpsilon);
  const ConvRef conv_out = half.table.conv(side + ".conv_out", {.out = out, .in = in, .kernel = 3, .padding = 1});
  half.blocks.push_back({block,
                         [=](const WeightLease& w, const ops::Tensor& x) {
                           return ops::normSiluConv2d(x, w[conv_norm_out], w[conv_out]);
                         },
                         [=](const WeightLease& w, ops::StripedImage x) {
                           ops::StripedImage out(x.cut());
                           const ops::Tensor factors = x.normFactors(w[conv_norm_out]);
                           for (const auto& rows : x.strips()) {
                             ops::Strip strip = x.take(rows);
                             strip.factors = factors;
                             out.append(ops::convStrip(strip, w[conv_out]));
                           }
                           return ops::StripedImage(out.takeWhole(), x.cut());
                         }});
}

void AutoencoderKl::addUpsampler(const std::string& name, std::int64_t channels) {
  const int block = decoder_.table.beginBlock(name);
  const ConvRef conv =
      decoder_.table.conv(name + ".conv", {.out = channels, .in = channels, .kernel = 3, .padding = 1});
  decoder_.blocks.push_back(
      {block, [=](const WeightLease& w, const ops::Tensor& x) { return ops::upsampleConv2d(x, w[conv]); },
       [=](const WeightLease& w, ops::StripedImage x) {
         ops::StripedImage out(x.cut());
         for (const auto& rows : x.strips(2)) {
           ops::Strip strip = x.take({rows.top / 2, rows.bottom / 2});
           strip.enlarged = true;
           out.append(ops::convStrip(strip, w[conv]));
         }
         return out;
       }});
}

void AutoencoderKl::buildDecoder() {
  const auto& levels = config_.channels;
  if (config_.hasQuantConv)
    addConv(decoder_, "post_quant_conv", {.out = config_.latentChannels, .in = config_.latentChannels, .kernel = 1});
  addConv(decoder_, "decoder.conv_in", {.out = levels.back(), .in = config_.latentChannels, .kernel = 3, .padding = 1});
  addMiddle(decoder_, "decoder", levels.back());
  std::int64_t channels = levels.back();
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const std::string name = "decoder.up_blocks." + std::to_string(i);
    const std::int64_t out = levels[levels.size() - 1 - i];
    for (int layer = 0; layer <= config_.layers; ++layer) {
      addResnet(decoder_, name + ".resnets." + std::to_string(layer), channels, out);
      channels = out;
    }
    if (i + 1 == levels.size()) break;
    addUpsampler(name + ".upsamplers.0", channels);
  }
  addOut(decoder_, "decoder", channels, 3);
}

void AutoencoderKl::buildEncoder() {
  const auto& levels = config_.channels;
  addConv(encoder_, "encoder.conv_in", {.out = levels.front(), .in = 3, .kernel = 3, .padding = 1});
  std::int64_t channels = levels.front();
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const std::string name = "encoder.down_blocks." + std::to_string(i);
    for (int layer = 0; layer < config_.layers; ++layer) {
      addResnet(encoder_, name + ".resnets." + std::to_string(layer), channels, levels[i]);
      channels = levels[i];
    }
    if (i + 1 < levels.size()) {
      addConv(encoder_, name + ".downsamplers.0.conv",
              {.out = channels, .in = channels, .kernel = 3, .stride = 2, .padding = 1, .padFarSideOnly = true});
    }
  }
  addMiddle(encoder_, "encoder", channels);
  addOut(encoder_, "encoder", channels, 2 * config_.latentChannels);
  if (config_.hasQuantConv)
    addConv(encoder_, "quant_conv", {.out = 2 * config_.latentChannels, .in = 2 * config_.latentChannels, .kernel = 1});
}

}  // namespace studio::engine
