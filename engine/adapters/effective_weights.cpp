#include "engine/adapters/effective_weights.h"

#include "engine/api/engine_error.h"
#include "engine/api/units.h"

#include <ATen/TensorOperators.h>
#include <c10/util/Exception.h>

#include <utility>

namespace studio::engine {
namespace {

constexpr std::string_view kWeight = ".weight", kBias = ".bias";

std::string biasOf(const std::string& weight) {
  return weight.substr(0, weight.size() - kWeight.size()) + std::string(kBias);
}

/// The factor that changes a layer's bias, if the module has one.
const Shape* biasShape(const AdapterModule& module) {
  const Shape* shape = module.shapes.find(Factor::DiffBias);
  return shape != nullptr ? shape : module.shapes.find(Factor::NormShift);
}

bool changesWeight(const AdapterModule& module) {
  return module.algorithm != &kFullDifference || module.shapes.has(Factor::Diff) ||
         module.shapes.has(Factor::NormScale);
}

[[noreturn]] void refuseSize(const LoraFile& file, const std::string& layer) {
  throw EngineException(
      ErrorKind::WrongFamily,
      sentence("%1 was made for another model: a layer has another size.", utf8FromPath(file.path().filename())),
      layer);
}

[[noreturn]] void refuseFactors(const LoraFile& file, const std::string& detail) {
  throw EngineException(ErrorKind::BadFile,
                        sentence("%1 has a layer that does not fit together.", utf8FromPath(file.path().filename())),
                        detail);
}

/// Known from the header alone, so that a LoRA of another model is refused before anything runs.
void checkModule(const LoraFile& file, const AdapterModule& module, const std::string& layer, const Shape& weight,
                 const Shape* bias) {
  const auto extent = module.algorithm->extent(module.shapes);
  if (!extent) refuseFactors(file, layer);
  if (!admits(*extent, weight)) refuseSize(file, layer);
  const Shape* change = biasShape(module);
  if (change != nullptr && bias != nullptr && elementsOf(*change) != elementsOf(*bias)) refuseSize(file, layer);
}

}  // namespace

EffectiveWeights::EffectiveWeights(std::shared_ptr<const TensorSource> base, Part part)
    : base_(std::move(base)), part_(part) {}

int EffectiveWeights::add(const AppliedLora& lora, const LayerNames& names) {
  std::vector<std::pair<std::string, Change>> found;
  int layers = 0;
  for (const auto& [name, module] : lora.file->keys().modules) {
    const auto layer = names.find(name);
    if (!layer || layer->part != part_ || !base_->has(layer->name)) continue;
    const std::string bias = biasOf(layer->name);
    checkModule(*lora.file, module, layer->name, *base_->shapeOf(layer->name), base_->shapeOf(bias));
    const double strength = part_ == Part::UNet ? lora.weight * lora.blocks.of(names.ldmName(layer->name))
                                                : lora.textWeight * lora.blocks.base();
    const Change change{lora.file, &module, strength, lora.dynamicRank};
    if (changesWeight(module)) found.emplace_back(layer->name, change);
    if (biasShape(module) != nullptr && base_->has(bias)) found.emplace_back(bias, change);
    ++layers;
  }
  for (auto& [tensor, change] : found) changes_[tensor].push_back(std::move(change));
  return layers;
}

std::set<std::string> EffectiveWeights::touched() const {
  std::set<std::string> names;
  for (const auto& entry : changes_) names.insert(entry.first);
  return names;
}

at::Tensor EffectiveWeights::withChange(const at::Tensor& weight, const Change& change, const std::string& name) const {
  AdapterFactors factors = change.file->load(*change.module);
  factors.dynamicRank = change.dynamicRank;
  try {
    if (!name.ends_with(kBias)) return changeWeight(weight, *change.module->algorithm, factors, change.strength);
    const Factor factor = factors.has(Factor::DiffBias) ? Factor::DiffBias : Factor::NormShift;
    return weight + factors.at(factor).reshape(weight.sizes()) * change.strength;
  } catch (const c10::OutOfMemoryError&) {
    throw;
  } catch (const c10::Error& error) {
    refuseFactors(*change.file, name + ": " + error.what_without_backtrace());
  }
}

at::Tensor EffectiveWeights::load(const std::string& name) const {
  const auto found = changes_.find(name);
  if (found == changes_.end()) return base_->load(name);
  // A copy even of fp32: it is changed in place, and the base may be shared.
  at::Tensor weight = base_->load(name).to(at::kFloat, false, true).contiguous();
  for (const Change& change : found->second) {
    at::Tensor changed = withChange(weight, change, name);
    if (changed.sizes() != weight.sizes()) refuseSize(*change.file, name);
    weight = std::move(changed);
  }
  return weight;
}

}  // namespace studio::engine
