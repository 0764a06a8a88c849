#include "engine/pipeline/damage_search.h"

#include <ATen/ops/isfinite.h>

namespace studio::engine {
namespace {

bool holdsNumbers(const TensorSource& source, const std::string& name) {
  const at::Tensor tensor = source.load(name);
  return !tensor.is_floating_point() || at::isfinite(tensor).all().item<bool>();
}

}  // namespace

std::optional<std::string> firstDamagedTensor(const TensorSource& source) {
  for (const std::string& name : source.names()) {
    if (!holdsNumbers(source, name)) return name;
  }
  return std::nullopt;
}

std::optional<std::filesystem::path> firstDamagedLora(const EffectiveModel::Sources& sources, ModelFamily family,
                                                      const std::vector<LoraUse>& loras, Part part) {
  if (!sources.contains(part)) return std::nullopt;
  for (const LoraUse& use : loras) {
    EffectiveModel alone(sources, family);
    if (!alone.addAll({use}, false).skipped.empty()) continue;
    const auto weights = alone.weights(part);
    for (const std::string& name : weights->touched()) {
      if (!holdsNumbers(*weights, name) && holdsNumbers(*sources.at(part), name)) return use.file;
    }
  }
  return std::nullopt;
}

}  // namespace studio::engine
