#include "engine/adapters/peft_config.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <fstream>
#include <string>

namespace studio::engine {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr std::size_t kLargestConfig = 4U << 20;
constexpr std::string_view kPeftPrefix = "base_model.model.";

std::string configBeside(const std::filesystem::path& path, const AdapterKeys& keys) {
  const bool peft = !keys.modules.empty() && keys.modules.begin()->first.starts_with(kPeftPrefix);
  if (!peft && path.stem() != "adapter_model") return {};
  std::ifstream in(path.parent_path() / "adapter_config.json", std::ios::binary);
  std::string text(kLargestConfig, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  return text;
}

std::string configOf(const std::filesystem::path& path, const TensorFileHeader& header, const AdapterKeys& keys) {
  const auto entry = header.metadata.find("lora_adapter_metadata");
  return entry != header.metadata.end() ? entry->second : configBeside(path, keys);
}

/// PEFT matches patterns with the end of a layer's name; "^" asks for all of it.
bool fitsPattern(std::string_view layer, std::string_view pattern) {
  if (pattern.starts_with('^')) return layer == pattern.substr(1);
  return layer == pattern ||
         (layer.size() > pattern.size() && layer.ends_with(pattern) && layer[layer.size() - pattern.size() - 1] == '.');
}

double alphaFor(std::string_view layer, const OrderedJson& config, const std::string& prefix) {
  const auto patterns = config.find(prefix + "alpha_pattern");
  if (patterns != config.end() && patterns->is_object()) {
    for (const auto& [pattern, alpha] : patterns->items()) {
      if (alpha.is_number() && fitsPattern(layer, pattern)) return alpha.get<double>();
    }
  }
  const auto alpha = config.find(prefix + "lora_alpha");
  return alpha != config.end() && alpha->is_number() ? alpha->get<double>() : 0;
}

/// "unet." when the layer belongs to it and the configuration speaks of it; diffusers writes one for each network.
std::string componentOf(std::string_view layer, const OrderedJson& config) {
  for (const std::string component : {"unet.", "text_encoder.", "text_encoder_2."}) {
    if (layer.starts_with(component) && config.contains(component + "lora_alpha")) return component;
  }
  return {};
}

}  // namespace

void applyPeftConfig(const std::filesystem::path& path, const TensorFileHeader& header, AdapterKeys& keys) {
  const std::string text = configOf(path, header, keys);
  if (text.empty() || text.size() > kLargestConfig) return;
  const OrderedJson config = OrderedJson::parse(text, nullptr, false);
  if (!config.is_object()) return;
  for (auto& [name, module] : keys.modules) {
    const Shape* down = module.shapes.find(Factor::Down);
    if (module.algorithm != &kLowRank || module.shapes.has(Factor::Alpha) || down == nullptr) continue;
    const std::string component = componentOf(name, config);
    std::string_view layer = std::string_view(name).substr(component.size());
    if (layer.starts_with(kPeftPrefix)) layer.remove_prefix(kPeftPrefix.size());
    const double alpha = alphaFor(layer, config, component);
    if (!std::isfinite(alpha) || alpha <= 0) continue;
    const auto stabilised = config.find(component + "use_rslora");
    const bool byRoot = stabilised != config.end() && stabilised->is_boolean() && stabilised->get<bool>();
    const double scaled = byRoot && !down->empty() ? alpha * std::sqrt(static_cast<double>(down->front())) : alpha;
    if (std::isfinite(scaled)) module.alpha = scaled;
  }
}

}  // namespace studio::engine
