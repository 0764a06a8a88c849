#include "engine/adapters/lora_metadata.h"

#include "engine/adapters/lora_family.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace studio::engine {
namespace {

constexpr std::size_t kMostTriggers = 12, kLongestTrigger = 200, kLargestMetadata = 16 << 20;
constexpr std::int64_t kLargestRank = 1 << 16;

std::string_view metadataOf(const TensorFileHeader& header, const std::string& name) {
  const auto found = header.metadata.find(name);
  return found == header.metadata.end() ? std::string_view() : std::string_view(found->second);
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

void addName(std::vector<std::string>& names, const std::string& name) {
  if (names.size() < kMostTriggers && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

/// "LoCon" is LoRA on convolutions; a decomposed LoRA is called DoRA, other decomposed kinds keep their own name too.
void nameKind(const AdapterKeys& keys, LoraInfo& info) {
  const AdapterAlgorithm* main = keys.mainAlgorithm();
  if (main == nullptr) return;
  info.algorithm = main->id;
  info.kind = main->label;
  const auto any = [&keys](const auto& is) {
    return std::any_of(keys.modules.begin(), keys.modules.end(), [&is](const auto& entry) { return is(entry.second); });
  };
  const bool decomposed = any([](const AdapterModule& module) {
    return module.shapes.has(Factor::DoraScale) || module.shapes.has(Factor::Magnitude);
  });
  if (main != &kLowRank) {
    if (decomposed) info.kind += " with DoRA";
  } else if (decomposed) {
    info.algorithm = "dora";
    info.kind = "DoRA";
  } else if (any(changesConvolution)) {
    info.algorithm = "locon";
    info.kind = "LoCon";
  }
}

}  // namespace

void describeLora(const TensorFileHeader& header, const AdapterKeys& keys, LoraInfo& info) {
  info.base = loraFamily(header, keys);
  info.triggers = triggersOf(header);
  info.alpha = std::strtod(std::string(metadataOf(header, "ss_network_alpha")).c_str(), nullptr);
  for (const auto& entry : keys.modules) {
    if (info.alpha == 0) info.alpha = entry.second.alpha;
  }
  for (const auto& [key, name] : keys.bundled) addName(info.embeddings, name);
  nameKind(keys, info);
  for (const auto& [name, module] : keys.modules) {
    const auto extent = module.algorithm->extent(module.shapes);
    if (extent) info.rank = std::max(info.rank, static_cast<int>(std::min<std::int64_t>(extent->rank, kLargestRank)));
    ++(isTextModule(name) ? info.textEncoderModules : info.unetModules);
  }
  info.usable = !keys.modules.empty();
  if (!info.usable) info.reason = "This file is not a LoRA.";
}

}  // namespace studio::engine
