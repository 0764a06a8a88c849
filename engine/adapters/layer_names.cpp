#include "engine/adapters/layer_names.h"

#include "engine/adapters/layer_order.h"
#include "engine/adapters/ldm_layers.h"

#include <algorithm>
#include <string_view>

namespace studio::engine {
namespace {

constexpr std::string_view kWeightEnding = ".weight";

/// What programs write before a layer's name: with dots kept, or with underscores for dots.
struct Prefixes {
  std::vector<std::string> dotted, underscored;
};

Prefixes prefixesOf(Part part) {
  if (part == Part::UNet) {
    return {{"unet.", "base_model.model.unet.", "base_model.model.", "diffusion_model.", "model.diffusion_model.", ""},
            {"lora_unet_", "lycoris_unet_", "lycoris_"}};
  }
  if (part == Part::TextEncoder2) {
    return {{"text_encoder_2.text_model.", "text_encoder_2.", "text_encoders.clip_g.transformer.text_model.",
             "clip_g.transformer.text_model."},
            {"lora_te2_text_model_", "lycoris_te2_text_model_"}};
  }
  return {{"text_encoder.text_model.", "text_encoder.", "base_model.model.text_model.", "text_model.",
           "text_encoders.clip_l.transformer.text_model.", "clip_l.transformer.text_model."},
          {"lora_te_text_model_", "lora_te1_text_model_", "lycoris_te_text_model_", "lycoris_te1_text_model_",
           "lycoris_text_model_"}};
}

/// "…attn1.processor.to_out" -> "…attn1.to_out.0": where diffusers' first LoRAs put the name.
std::string withoutProcessor(std::string name) {
  constexpr std::string_view kProcessor = ".processor.";
  const std::size_t at = name.find(kProcessor);
  if (at == std::string::npos) return name;
  name.replace(at, kProcessor.size(), ".");
  if (name.ends_with(".to_out")) name += ".0";
  return name;
}

}  // namespace

std::string underscored(std::string name) {
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

LayerNames::LayerNames(const std::vector<NamedNetwork>& networks) {
  for (const NamedNetwork& network : networks) {
    if (network.source == nullptr) continue;
    addNetwork(network);
    if (network.part == Part::UNet || network.part == Part::TextEncoder) addNumbers(network);
  }
}

void LayerNames::addNetwork(const NamedNetwork& network) {
  std::vector<std::string> layers;
  for (const std::string& tensor : network.source->names()) {
    if (tensor.ends_with(kWeightEnding)) layers.push_back(tensor.substr(0, tensor.size() - kWeightEnding.size()));
  }
  const Prefixes prefixes = prefixesOf(network.part);
  const auto add = [&](const std::string& spelling, const std::string& layer) {
    const CanonicalKey key{network.part, layer + std::string(kWeightEnding)};
    for (const std::string& prefix : prefixes.dotted) names_.emplace(prefix + spelling, key);
    for (const std::string& prefix : prefixes.underscored) names_.emplace(prefix + underscored(spelling), key);
  };
  for (const std::string& layer : layers) add(layer, layer);
  if (network.part != Part::UNet) return;
  for (const auto& [layer, spelling] : ldmLayerNames(layers)) {
    add(spelling, layer);
    ldmNames_.emplace(layer + std::string(kWeightEnding), spelling);
  }
}

void LayerNames::addNumbers(const NamedNetwork& network) {
  const std::string prefix = network.part == Part::UNet ? "unet:" : "text_encoder:";
  int number = 0;
  for (const std::string& tensor : countedLayers(network.source->names(), network.part)) {
    names_.emplace(prefix + std::to_string(number++), CanonicalKey{network.part, tensor});
  }
}

std::string LayerNames::ldmName(const std::string& tensor) const {
  const auto found = ldmNames_.find(tensor);
  return found == ldmNames_.end() ? std::string() : found->second;
}

std::optional<CanonicalKey> LayerNames::find(const std::string& module) const {
  for (const std::string& spelling : {module, withoutProcessor(module)}) {
    const auto found = names_.find(spelling);
    if (found != names_.end()) return found->second;
  }
  return std::nullopt;
}

}  // namespace studio::engine
