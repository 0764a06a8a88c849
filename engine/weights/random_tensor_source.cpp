#include "engine/weights/random_tensor_source.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/empty.h>

#include <cmath>

namespace studio::engine {

RandomTensorSource::RandomTensorSource(const WeightTable& table, std::uint64_t seed) {
  for (const WeightEntry& entry : table.entries()) {
    double fanIn = 1;
    for (std::size_t i = 1; i < entry.shape.size(); ++i) fanIn *= static_cast<double>(entry.shape[i]);
    const bool norm = entry.role == WeightRole::Norm;
    const double spread = norm ? 0.1 : entry.role == WeightRole::Embedding ? 0.05 : std::sqrt(3.0 / fanIn);
    recipes_[entry.name + ".weight"] = {entry.shape, norm ? 1.0 : 0.0, spread, seed++};
    if (entry.bias) recipes_[entry.name + ".bias"] = {{entry.shape.front()}, 0.0, 0.02, seed++};
  }
}

const std::vector<std::int64_t>* RandomTensorSource::shapeOf(const std::string& name) const {
  const auto found = recipes_.find(name);
  return found == recipes_.end() ? nullptr : &found->second.shape;
}

at::Tensor RandomTensorSource::load(const std::string& name) const {
  const Recipe& recipe = recipes_.at(name);
  at::Tensor tensor = at::empty(recipe.shape, at::kFloat);
  tensor.uniform_(recipe.mean - recipe.spread, recipe.mean + recipe.spread,
                  at::detail::createCPUGenerator(recipe.seed));
  return tensor;
}

std::vector<std::string> RandomTensorSource::names() const {
  std::vector<std::string> names;
  for (const auto& entry : recipes_) names.push_back(entry.first);
  return names;
}

}  // namespace studio::engine
