#include "engine/adapters/lora_family.h"

#include "engine/adapters/layer_names.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace studio::engine {
namespace {

struct Word {
  std::string_view text;
  ModelFamily family;
};

/// Words of `modelspec.architecture` and `ss_base_model_version`, in lower case; the first that occurs decides.
constexpr std::array kWords{Word{"refiner", ModelFamily::StableDiffusionXlRefiner},
                            Word{"xl", ModelFamily::StableDiffusionXl},
                            Word{"flux-2", ModelFamily::Flux2},
                            Word{"flux2", ModelFamily::Flux2},
                            Word{"chroma", ModelFamily::Chroma},
                            Word{"flux", ModelFamily::Flux},
                            Word{"stable-diffusion-3", ModelFamily::StableDiffusion3},
                            Word{"sd3", ModelFamily::StableDiffusion3},
                            Word{"cascade", ModelFamily::StableCascade},
                            Word{"pixart", ModelFamily::PixArt},
                            Word{"aura", ModelFamily::AuraFlow},
                            Word{"qwen", ModelFamily::QwenImage},
                            Word{"z-image", ModelFamily::ZImage},
                            Word{"zimage", ModelFamily::ZImage},
                            Word{"lumina", ModelFamily::Lumina2},
                            Word{"hidream", ModelFamily::HiDream},
                            Word{"hunyuan-video", ModelFamily::HunyuanVideo},
                            Word{"hunyuanvideo", ModelFamily::HunyuanVideo},
                            Word{"hunyuan", ModelFamily::HunyuanDit},
                            Word{"wan", ModelFamily::Wan},
                            Word{"ltx", ModelFamily::LtxVideo},
                            Word{"kandinsky", ModelFamily::Kandinsky},
                            Word{"diffusion-v2", ModelFamily::StableDiffusion2},
                            Word{"diffusion-2", ModelFamily::StableDiffusion2},
                            Word{"sd_v2", ModelFamily::StableDiffusion2},
                            Word{"sd2", ModelFamily::StableDiffusion2},
                            Word{"sd 2", ModelFamily::StableDiffusion2},
                            Word{"diffusion-v1", ModelFamily::StableDiffusion1},
                            Word{"diffusion-1", ModelFamily::StableDiffusion1},
                            Word{"sd_v1", ModelFamily::StableDiffusion1},
                            Word{"sd1", ModelFamily::StableDiffusion1},
                            Word{"sd 1", ModelFamily::StableDiffusion1}};

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string lowered(std::string_view text) {
  std::string result(text.substr(0, 1024));
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
}

ModelFamily familyFromWords(const TensorFileHeader& header) {
  for (const char* name : {"modelspec.architecture", "ss_base_model_version", "baseModel", "ot_model_type"}) {
    const auto found = header.metadata.find(name);
    if (found == header.metadata.end()) continue;
    const std::string text = lowered(found->second);
    for (const Word& word : kWords) {
      if (contains(text, word.text)) return word.family;
    }
  }
  const auto network = header.metadata.find("ss_network_module");
  if (network == header.metadata.end()) return ModelFamily::Unknown;
  if (contains(network->second, "lora_flux")) return ModelFamily::Flux;
  if (contains(network->second, "lora_sd3")) return ModelFamily::StableDiffusion3;
  return ModelFamily::Unknown;
}

/// Layers that only one family has, by a piece of their name with dots turned into underscores.
constexpr std::array kLayers{Word{"double_stream_modulation", ModelFamily::Flux2},
                             Word{"distilled_guidance_layer", ModelFamily::Chroma},
                             Word{"single_transformer_blocks", ModelFamily::Flux},
                             Word{"double_blocks", ModelFamily::Flux},
                             Word{"single_blocks", ModelFamily::Flux},
                             Word{"joint_blocks", ModelFamily::StableDiffusion3},
                             Word{"te2_text_model", ModelFamily::StableDiffusionXl},
                             Word{"text_encoder_2", ModelFamily::StableDiffusionXl},
                             Word{"transformer_blocks_9_", ModelFamily::StableDiffusionXl},
                             Word{"text_encoder_text_model_encoder_layers_22", ModelFamily::StableDiffusion2},
                             Word{"te_text_model_encoder_layers_22", ModelFamily::StableDiffusion2}};

ModelFamily familyOfContext(std::int64_t width) {
  constexpr std::array<std::pair<std::int64_t, ModelFamily>, 4> kWidths{{{768, ModelFamily::StableDiffusion1},
                                                                         {1024, ModelFamily::StableDiffusion2},
                                                                         {1280, ModelFamily::StableDiffusionXlRefiner},
                                                                         {2048, ModelFamily::StableDiffusionXl}}};
  for (const auto& [known, family] : kWidths) {
    if (known == width) return family;
  }
  return ModelFamily::Unknown;
}

/// Columns of a layer as its factors tell them; 0 when they do not.
AdapterExtent extentOf(const AdapterModule& module) {
  return module.algorithm->extent(module.shapes).value_or(AdapterExtent{});
}

bool isUNetName(std::string_view name) {
  return contains(name, "down_blocks_") || contains(name, "up_blocks_") || contains(name, "mid_block_") ||
         contains(name, "input_blocks_") || contains(name, "output_blocks_") || contains(name, "middle_block_");
}

/// The width of the text embeddings shows in the keys' and values' layers of cross-attention.
ModelFamily familyFromCrossAttention(const AdapterKeys& keys) {
  for (const auto& [name, module] : keys.modules) {
    const std::string layer = underscored(name);
    const bool reads = layer.ends_with("to_k") || layer.ends_with("to_v");
    if (!contains(layer, "attn2") || !reads || !isUNetName(layer)) continue;
    const ModelFamily family = familyOfContext(extentOf(module).columns);
    if (family != ModelFamily::Unknown) return family;
  }
  return ModelFamily::Unknown;
}

/// cloneofsimo's files number their layers: the seventh reads the text; the text encoder's are as wide as it is.
ModelFamily familyFromNumbers(const AdapterKeys& keys) {
  for (const char* name : {"unet:6", "text_encoder:0"}) {
    const auto found = keys.modules.find(name);
    if (found != keys.modules.end()) return familyOfContext(extentOf(found->second).columns);
  }
  return ModelFamily::Unknown;
}

/// Transformers deeper than one block, or at levels where only SDXL has any, and the width of text encoders.
ModelFamily familyFromLayers(const AdapterKeys& keys) {
  for (const auto& [name, module] : keys.modules) {
    const std::string layer = underscored(name);
    for (const Word& word : kLayers) {
      if (contains(layer, word.text)) return word.family;
    }
    if (isUNetName(layer) && contains(layer, "transformer_blocks_1_")) return ModelFamily::StableDiffusionXl;
    if (contains(layer, "text_model_encoder_layers") && contains(layer, "q_proj")) {
      const std::int64_t width = extentOf(module).columns;
      if (width == 1280) return ModelFamily::StableDiffusionXl;
      if (width == 768 && contains(layer, "te1_")) return ModelFamily::StableDiffusionXl;
      if (width == 768 || width == 1024) return familyOfContext(width);
    }
  }
  return ModelFamily::Unknown;
}

/// SD 1.x projects into its transformers by convolutions, SD 2.x by matrices; SDXL has none at the outermost level.
ModelFamily familyFromProjections(const AdapterKeys& keys) {
  for (const auto& [name, module] : keys.modules) {
    const std::string layer = underscored(name);
    const bool outermost = contains(layer, "down_blocks_0_attentions") || contains(layer, "up_blocks_3_attentions") ||
                           contains(layer, "input_blocks_1_1_") || contains(layer, "input_blocks_2_1_");
    const Shape* down = module.shapes.find(Factor::Down);
    if (!outermost || !(layer.ends_with("proj_in") || layer.ends_with("proj_out")) || down == nullptr) continue;
    return down->size() == 4 ? ModelFamily::StableDiffusion1 : ModelFamily::StableDiffusion2;
  }
  return ModelFamily::Unknown;
}

}  // namespace

ModelFamily loraFamily(const TensorFileHeader& header, const AdapterKeys& keys) {
  ModelFamily family = familyFromWords(header);
  for (const auto ask : {familyFromCrossAttention, familyFromNumbers, familyFromLayers, familyFromProjections}) {
    if (family == ModelFamily::Unknown) family = ask(keys);
  }
  return family;
}

}  // namespace studio::engine
