#include "engine/weights/file_kind.h"

#include "engine/weights/embedding_tensors.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace studio::engine {
namespace {

using Tensors = std::map<std::string, TensorInfo>;

bool has(const Tensors& tensors, const std::string& name) { return tensors.contains(name); }

bool anyStarts(const Tensors& tensors, const std::string& start) {
  const auto it = tensors.lower_bound(start);
  return it != tensors.end() && it->first.starts_with(start);
}

/// Side `index` of a tensor's shape; 0 when there is no such tensor or side.
std::int64_t sideOf(const Tensors& tensors, const std::string& name, std::size_t index) {
  const auto found = tensors.find(name);
  return found == tensors.end() || found->second.shape.size() <= index ? 0 : found->second.shape[index];
}

ModelFamily familyOfTextWidth(std::int64_t width) {
  switch (width) {
    case 768:
      return ModelFamily::StableDiffusion1;
    case 1024:
      return ModelFamily::StableDiffusion2;
    case 1280:
    case 2048:
      return ModelFamily::StableDiffusionXl;
    default:
      return ModelFamily::Unknown;
  }
}

bool isControlNetwork(const Tensors& tensors) {
  static constexpr std::array<std::string_view, 7> kSigns{"input_hint_block.0.weight",
                                                          "control_model.input_hint_block.0.weight",
                                                          "controlnet_cond_embedding.conv_in.weight",
                                                          "adapter.body.0.resnets.0.block1.weight",
                                                          "body.0.block1.weight",
                                                          "controlnet_x_embedder.weight",
                                                          "adapter.body.0.block1.weight"};
  return std::any_of(kSigns.begin(), kSigns.end(),
                     [&](std::string_view sign) { return has(tensors, std::string(sign)); }) ||
         anyStarts(tensors, "lllite_");
}

ModelFamily controlFamily(const Tensors& tensors) {
  for (const auto& [name, info] : tensors) {
    if (name.ends_with("attn2.to_k.weight") && info.shape.size() == 2) return familyOfTextWidth(info.shape[1]);
  }
  return ModelFamily::Unknown;
}

/// A1111's hypernetworks: pairs of small networks, named by the width of the text or attention that they change.
bool isHypernetwork(const Tensors& tensors) {
  static constexpr std::array<std::string_view, 6> kWidths{"320", "640", "768", "1024", "1280", "2048"};
  return std::any_of(kWidths.begin(), kWidths.end(), [&](std::string_view width) {
    return has(tensors, std::string(width) + ".0.linear.0.weight") &&
           has(tensors, std::string(width) + ".1.linear.0.weight");
  });
}

/// Half of a tiny autoencoder in the names of its author (Bohan 2023), which count layers. The one with 32 channels of
/// latent is Flux.2's.
RecognisedFile tinyAutoencoderIn(const Tensors& tensors) {
  constexpr std::int64_t kFlux2Channels = 32, kPixelChannels = 3;
  RecognisedFile file;
  const bool encodes = has(tensors, "1.conv.0.weight") && sideOf(tensors, "0.weight", 1) == kPixelChannels;
  const bool decodes = has(tensors, "3.conv.0.weight") && has(tensors, "1.weight") && !has(tensors, "0.weight");
  if (encodes) file.kind = FileKind::PreviewEncoder;
  std::int64_t channels = decodes ? sideOf(tensors, "1.weight", 1) : 0;
  for (int i = 0; encodes && i < 64; ++i) {
    const std::string name = std::to_string(i) + ".weight";
    if (has(tensors, name)) channels = sideOf(tensors, name, 0);
  }
  if (channels == kFlux2Channels) file.family = ModelFamily::Flux2;
  return file;
}

RecognisedFile upscaler(std::string architecture, int scale) {
  RecognisedFile file;
  file.kind = FileKind::Upscaler;
  file.architecture = std::move(architecture);
  file.scale = scale;
  return file;
}

/// The last convolution of Real-ESRGAN's compact network makes 3 · scale² channels (Wang et al. 2021).
RecognisedFile compactUpscaler(const Tensors& tensors, const std::string& prefix) {
  std::int64_t channels = 0;
  for (int i = 0; i < 256; ++i) {
    const std::string name = prefix + "body." + std::to_string(i) + ".weight";
    if (tensors.contains(name) && tensors.at(name).shape.size() == 4) channels = sideOf(tensors, name, 0);
  }
  return upscaler("SRVGGNetCompact", static_cast<int>(std::lround(std::sqrt(static_cast<double>(channels) / 3))));
}

RecognisedFile upscalerIn(const Tensors& tensors) {
  for (const std::string prefix : {"", "params_ema.", "params.", "module."}) {
    if (has(tensors, prefix + "conv_first.weight") && has(tensors, prefix + "body.0.rdb1.conv1.weight")) {
      // Smaller factors shuffle 2 × 2 or 4 × 4 pixels into channels first.
      const std::int64_t inputs = sideOf(tensors, prefix + "conv_first.weight", 1);
      return upscaler("RRDBNet", inputs == 12 ? 2 : inputs == 48 ? 1 : 4);
    }
    if (has(tensors, prefix + "model.0.weight") && anyStarts(tensors, prefix + "model.1.sub.0.")) {
      const bool fourfold = has(tensors, prefix + "model.6.weight");
      return upscaler("RRDBNet", fourfold ? 4 : 2);
    }
    if (has(tensors, prefix + "body.0.weight") && sideOf(tensors, prefix + "body.0.weight", 2) == 3 &&
        sideOf(tensors, prefix + "body.1.weight", 0) > 0)
      return compactUpscaler(tensors, prefix);
    if (has(tensors, prefix + "layers.0.residual_group.blocks.0.attn.relative_position_bias_table"))
      return upscaler(has(tensors, prefix + "layers.0.residual_group.overlap_attn.qkv.weight") ? "HAT" : "SwinIR", 0);
    if (has(tensors, prefix + "layers.0.blocks.0.attn.temperature")) return upscaler("DAT", 0);
    if (has(tensors, prefix + "conv_first.weight")) return upscaler("unknown", 0);
  }
  return {};
}

bool isForeignTextEncoder(const Tensors& tensors) {
  return has(tensors, "encoder.block.0.layer.0.SelfAttention.q.weight") || has(tensors, "enc.blk.0.attn_k.weight") ||
         has(tensors, "model.layers.0.self_attn.q_proj.weight");
}

}  // namespace

RecognisedFile recogniseFile(const TensorFileHeader& header) {
  const Tensors& tensors = header.tensors;
  RecognisedFile file;
  if (isControlNetwork(tensors)) {
    file.kind = FileKind::ControlNet;
    file.family = controlFamily(tensors);
    return file;
  }
  if (isHypernetwork(tensors)) {
    file.kind = FileKind::Hypernetwork;
    return file;
  }
  if (const auto embedding = embeddingTensorsIn(tensors)) {
    file.kind = FileKind::Embedding;
    file.family = embedding->family();
    file.vectors = embedding->vectors;
    return file;
  }
  file = tinyAutoencoderIn(tensors);
  if (file.kind != FileKind::Unknown || file.family != ModelFamily::Unknown) return file;
  file = upscalerIn(tensors);
  if (file.kind == FileKind::Unknown && isForeignTextEncoder(tensors)) file.kind = FileKind::TextEncoder;
  return file;
}

}  // namespace studio::engine
