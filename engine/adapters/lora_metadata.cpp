#include "engine/adapters/lora_metadata.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace studio::engine {
namespace {

constexpr std::size_t kMostTriggers = 12, kLongestTrigger = 200, kLargestMetadata = 16 << 20;

std::string_view metadataOf(const TensorFileHeader& header, const std::string& name) {
  const auto found = header.metadata.find(name);
  return found == header.metadata.end() ? std::string_view() : std::string_view(found->second);
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// From the trainer's words; nothing when they say nothing.
ModelFamily familyFromMetadata(const TensorFileHeader& header) {
  for (const char* name : {"modelspec.architecture", "ss_base_model_version"}) {
    const std::string_view text = metadataOf(header, name);
    if (contains(text, "xl")) return ModelFamily::StableDiffusionXl;
    if (contains(text, "v2") || contains(text, "diffusion-2")) return ModelFamily::StableDiffusion2;
    if (contains(text, "v1") || contains(text, "diffusion-1")) return ModelFamily::StableDiffusion1;
  }
  return ModelFamily::Unknown;
}

/// The width of the text embeddings shows in the keys' layers of cross-attention.
ModelFamily familyFromShapes(const TensorFileHeader& header, const LoraKeys& keys) {
  for (const auto& [name, module] : keys.modules) {
    if (!contains(name, "attn2") || !(name.ends_with("to_k") || name.ends_with("to_v"))) continue;
    const auto& shape = header.tensors.at(module.down).shape;
    if (shape.size() < 2) continue;
    if (shape[1] == 768) return ModelFamily::StableDiffusion1;
    if (shape[1] == 1024) return ModelFamily::StableDiffusion2;
    if (shape[1] == 2048) return ModelFamily::StableDiffusionXl;
  }
  return ModelFamily::Unknown;
}

void addTrigger(std::vector<std::string>& triggers, std::string word) {
  const auto isSpace = [](char c) { return c == ' ' || c == '\t' || c == '\n'; };
  while (!word.empty() && isSpace(word.back())) word.pop_back();
  word.erase(word.begin(), std::find_if_not(word.begin(), word.end(), isSpace));
  if (word.empty() || word.size() > kLongestTrigger || triggers.size() >= kMostTriggers) return;
  if (std::find(triggers.begin(), triggers.end(), word) == triggers.end()) triggers.push_back(std::move(word));
}

/// kohya's `ss_tag_frequency`: {folder: {tag: count}}; the most frequent tags of all folders.
std::vector<std::string> frequentTags(std::string_view text) {
  std::vector<std::pair<double, std::string>> counted;
  const auto json = text.size() > kLargestMetadata ? nlohmann::json() : nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return {};
  for (const auto& folder : json) {
    if (!folder.is_object()) continue;
    for (const auto& [tag, count] : folder.items()) {
      if (count.is_number()) counted.emplace_back(-count.get<double>(), tag);
    }
  }
  const std::size_t shown = std::min<std::size_t>(counted.size(), 4);
  std::partial_sort(counted.begin(), counted.begin() + static_cast<std::ptrdiff_t>(shown), counted.end());
  std::vector<std::string> tags;
  for (std::size_t i = 0; i < shown; ++i) addTrigger(tags, counted[i].second);
  return tags;
}

std::vector<std::string> triggersOf(const TensorFileHeader& header) {
  std::vector<std::string> triggers;
  std::string_view phrase = metadataOf(header, "modelspec.trigger_phrase");
  while (!phrase.empty()) {
    const std::size_t comma = phrase.find(',');
    addTrigger(triggers, std::string(phrase.substr(0, comma)));
    phrase = comma == std::string_view::npos ? std::string_view() : phrase.substr(comma + 1);
  }
  return triggers.empty() ? frequentTags(metadataOf(header, "ss_tag_frequency")) : triggers;
}

}  // namespace

void describeLora(const TensorFileHeader& header, const LoraKeys& keys, LoraInfo& info) {
  info.base = familyFromMetadata(header);
  if (info.base == ModelFamily::Unknown) info.base = familyFromShapes(header, keys);
  info.triggers = triggersOf(header);
  info.alpha = std::strtod(std::string(metadataOf(header, "ss_network_alpha")).c_str(), nullptr);
  info.usable = keys.kind == "LoRA" && !keys.modules.empty();
  if (info.usable) return;
  info.reason = keys.kind == "LoRA" ? "This file is not a LoRA."
                                    : "This is a " + keys.kind + " file; this version applies LoRA and LoCon only.";
}

}  // namespace studio::engine
