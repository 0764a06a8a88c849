#include "engine/weights/key_map.h"

#include "engine/weights/ldm_names.h"
#include "engine/weights/open_clip_names.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace studio::engine {
namespace {

std::string withoutPrefix(const std::string& text, std::string_view prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

/// Tensors that training, older programs or converters leave behind and no network needs.
bool isLeftover(std::string_view key) {
  static constexpr std::array<std::string_view, 14> kStarts{
      "model_ema.",  "betas",           "alphas_cumprod", "sqrt_",     "log_one_minus_alphas_cumprod",
      "posterior_",  "logvar",          "loss.",          "optimizer", "callbacks",
      "global_step", "denoiser.sigmas", "v_pred",         "ztsnr"};
  if (std::any_of(kStarts.begin(), kStarts.end(), [key](std::string_view start) { return key.starts_with(start); }))
    return true;
  return key.ends_with("position_ids") || key.ends_with("logit_scale") || key.ends_with("attn_mask") ||
         key.find("model_ema.") != std::string_view::npos || key.starts_with("first_stage_model.loss.") ||
         key.starts_with("edm_");
}

/// diffusers' AutoencoderTiny counts the decoder's layers without the leading clamp.
std::optional<std::string> tinyVaeName(const std::string& key) {
  for (const std::string_view start : {"taesd_encoder.", "first_stage_model.taesd_encoder."}) {
    if (key.starts_with(start)) return "encoder." + key.substr(start.size());
  }
  for (const std::string_view start : {"taesd_decoder.", "first_stage_model.taesd_decoder."}) {
    if (key.starts_with(start)) return "decoder." + key.substr(start.size());
  }
  // stable-diffusion.cpp gives the layers of a tiny autoencoder the place of the large one.
  for (const std::string_view start : {"first_stage_model.encoder.", "first_stage_model.decoder."}) {
    if (key.size() > start.size() && key.starts_with(start) && key[start.size()] >= '0' && key[start.size()] <= '9')
      return key.substr(std::string_view("first_stage_model.").size());
  }
  if (key.starts_with("encoder.layers.")) return "encoder." + key.substr(15);
  if (!key.starts_with("decoder.layers.")) return std::nullopt;
  const std::size_t dot = key.find('.', 15);
  const std::string digits = key.substr(15, dot == std::string::npos ? dot : dot - 15);
  if (dot == std::string::npos || digits.empty() || digits.size() > 3 ||
      digits.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  return "decoder." + std::to_string(std::stoi(digits) + 1) + key.substr(dot);
}

/// Which naming each part of a file uses, found from tell-tale keys.
struct FileShape {
  std::string ldmUnet;  ///< prefix of LDM's UNet names, when found
  std::string diffusersUnet;
  std::string ldmVae;
  std::string diffusersVae;
  bool hasLdmUnet = false, hasDiffusersUnet = false, hasLdmVae = false, hasDiffusersVae = false,
       plainTinyDecoder = false, plainOpenClip = false, plainText = false, bareText = false;
};

FileShape shapeOf(const std::vector<std::string>& keys) {
  const auto has = [&keys](const std::string& key) { return std::find(keys.begin(), keys.end(), key) != keys.end(); };
  FileShape shape;
  for (const std::string prefix : {"model.diffusion_model.", ""}) {
    if (!shape.hasLdmUnet && has(prefix + "input_blocks.0.0.weight")) shape.hasLdmUnet = true, shape.ldmUnet = prefix;
    if (!shape.hasDiffusersUnet && has(prefix + "conv_in.weight") && has(prefix + "time_embedding.linear_1.weight"))
      shape.hasDiffusersUnet = true, shape.diffusersUnet = prefix;
  }
  for (const std::string prefix : {"first_stage_model.", "vae.", ""}) {
    if (!shape.hasLdmVae && has(prefix + "decoder.conv_in.weight") && has(prefix + "decoder.mid.block_1.conv1.weight"))
      shape.hasLdmVae = true, shape.ldmVae = prefix;
    if (!shape.hasDiffusersVae && has(prefix + "decoder.conv_in.weight") &&
        has(prefix + "decoder.mid_block.resnets.0.conv1.weight"))
      shape.hasDiffusersVae = true, shape.diffusersVae = prefix;
  }
  shape.plainOpenClip = has("transformer.resblocks.0.attn.in_proj_weight");
  shape.plainText = has("text_model.embeddings.token_embedding.weight");
  shape.bareText = has("embeddings.token_embedding.weight") && has("encoder.layers.0.self_attn.q_proj.weight");
  shape.plainTinyDecoder = has("1.weight") && has("3.conv.0.weight");
  return shape;
}

/// How the names of a text encoder may begin, longest first.
struct TextPrefix {
  std::string_view start;
  Part part;
};
constexpr std::array<TextPrefix, 9> kTransformersText{
    {{"cond_stage_model.transformer.text_model.", Part::TextEncoder},
     {"cond_stage_model.transformer.", Part::TextEncoder},
     {"cond_stage_model.1.transformer.text_model.", Part::TextEncoder2},
     {"cond_stage_model.1.transformer.", Part::TextEncoder2},
     {"conditioner.embedders.0.transformer.text_model.", Part::TextEncoder},
     {"conditioner.embedders.1.transformer.text_model.", Part::TextEncoder2},
     {"text_encoder.text_model.", Part::TextEncoder},
     {"text_encoder_2.text_model.", Part::TextEncoder2},
     {"text_model.", Part::TextEncoder}}};
// SDXL's first encoder is CLIP-L in transformers' names: an OpenCLIP there is the refiner's only one.
constexpr std::array<TextPrefix, 4> kOpenClipText{{{"cond_stage_model.model.", Part::TextEncoder},
                                                   {"cond_stage_model.1.model.", Part::TextEncoder2},
                                                   {"conditioner.embedders.0.model.", Part::TextEncoder2},
                                                   {"conditioner.embedders.1.model.", Part::TextEncoder2}}};

bool isPlainTextName(const std::string& key) {
  return key.starts_with("encoder.layers.") || key.starts_with("embeddings.") || key.starts_with("final_layer_norm.") ||
         key == "text_projection.weight";
}

std::vector<CanonicalKey> openClipKeys(Part part, const std::string& name) {
  std::vector<CanonicalKey> keys;
  for (OpenClipName& found : namesFromOpenClip(name)) keys.push_back({part, std::move(found.name), found.pick});
  return keys;
}

/// A text encoder's tensor; `part` as the folder says it, where there is one.
std::vector<CanonicalKey> textKeys(const std::string& key, const FileShape& shape, std::optional<Part> part) {
  if (shape.plainOpenClip) return openClipKeys(part.value_or(Part::TextEncoder), key);
  for (const auto& [start, itsPart] : kOpenClipText) {
    if (key.starts_with(start)) return openClipKeys(itsPart, key.substr(start.size()));
  }
  for (const auto& [start, itsPart] : kTransformersText) {
    if (key.starts_with(start)) return {{part.value_or(itsPart), key.substr(start.size())}};
  }
  if ((part || shape.bareText) && isPlainTextName(key)) return {{part.value_or(Part::TextEncoder), key}};
  if (shape.plainText && key == "text_projection.weight") return {{Part::TextEncoder, key}};
  return {};
}

std::optional<CanonicalKey> place(const std::string& key, const FileShape& shape, const LdmUnetNames& unetNames) {
  if (const auto name = tinyVaeName(key)) return CanonicalKey{Part::TinyVae, *name};
  if (shape.plainTinyDecoder && key.find_first_not_of("0123456789") == key.find('.'))
    return CanonicalKey{Part::TinyVae, "decoder." + key};
  if (shape.hasLdmVae && key.starts_with(shape.ldmVae)) {
    if (const auto name = vaeNameFromLdm(withoutPrefix(key, shape.ldmVae), unetNames.vaeLevels()))
      return CanonicalKey{Part::Vae, *name};
  }
  if (shape.hasDiffusersVae && key.starts_with(shape.diffusersVae)) {
    if (const auto name = vaeNameFromDiffusers(withoutPrefix(key, shape.diffusersVae)))
      return CanonicalKey{Part::Vae, *name};
  }
  if (shape.hasLdmUnet && key.starts_with(shape.ldmUnet)) {
    if (const auto name = unetNames.unetName(withoutPrefix(key, shape.ldmUnet))) return CanonicalKey{Part::UNet, *name};
  }
  if (shape.hasDiffusersUnet && key.starts_with(shape.diffusersUnet))
    return CanonicalKey{Part::UNet, withoutPrefix(key, shape.diffusersUnet)};
  return std::nullopt;
}

}  // namespace

const char* partName(Part part) {
  switch (part) {
    case Part::UNet:
      return "UNet";
    case Part::TextEncoder:
      return "Text encoder";
    case Part::TextEncoder2:
      return "Text encoder 2";
    case Part::Vae:
    case Part::TinyVae:
      return "VAE";
  }
  return "?";
}

KeyMap mapKeys(const std::vector<std::string>& keys, std::optional<Part> part) {
  const FileShape shape = shapeOf(keys);
  const LdmUnetNames unetNames(keys, shape.ldmUnet, shape.ldmVae);
  const bool mayHaveText = !part || part == Part::TextEncoder || part == Part::TextEncoder2;
  KeyMap map;
  for (const std::string& key : keys) {
    if (isLeftover(key)) {
      ++map.ignored;
      continue;
    }
    std::vector<CanonicalKey> places;
    if (mayHaveText) places = textKeys(key, shape, part);
    if (places.empty()) {
      if (auto other = place(key, shape, unetNames)) places.push_back(std::move(*other));
    }
    if (places.empty()) ++(key.find("text_projection") == std::string::npos ? map.unknown : map.ignored);
    for (CanonicalKey& canonical : places) map.keys.emplace(key, std::move(canonical));
  }
  return map;
}

}  // namespace studio::engine
