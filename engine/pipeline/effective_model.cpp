#include "engine/pipeline/effective_model.h"

#include "engine/adapters/lora_family.h"
#include "engine/api/units.h"

#include <utility>

namespace studio::engine {
namespace {

std::vector<NamedNetwork> named(const EffectiveModel::Sources& sources) {
  std::vector<NamedNetwork> networks;
  for (const auto& [part, source] : sources) networks.push_back({part, source.get()});
  return networks;
}

std::string nameOf(const LoraFile& file) { return utf8FromPath(file.path().filename()); }

AppliedLora appliedFrom(const LoraUse& use) {
  AppliedLora lora{std::make_shared<LoraFile>(use.file), use.weight, use.textWeight.value_or(use.weight),
                   use.dynamicRank};
  if (use.blocks.empty()) return lora;
  const auto blocks = BlockWeights::parse(use.blocks);
  if (!blocks) {
    throw EngineException(ErrorKind::BadFile,
                          sentence("The block weights of the LoRA %1 are not understood.", nameOf(*lora.file)),
                          use.blocks);
  }
  lora.blocks = *blocks;
  return lora;
}

}  // namespace

EffectiveModel::EffectiveModel(Sources sources, ModelFamily family) : family_(family), names_(named(sources)) {
  for (auto& [part, source] : sources) networks_[part] = std::make_shared<EffectiveWeights>(std::move(source), part);
}

void EffectiveModel::checkFamily(const LoraFile& file) const {
  const ModelFamily made = loraFamily(file.header(), file.keys());
  if (made == ModelFamily::Unknown || family_ == ModelFamily::Unknown || made == family_) return;
  throw EngineException(
      ErrorKind::WrongFamily,
      sentence("The LoRA %1 was made for %2 models, not for %3.", nameOf(file), familyName(made), familyName(family_)),
      utf8FromPath(file.path()));
}

void EffectiveModel::add(const LoraUse& use) {
  const AppliedLora lora = appliedFrom(use);
  checkFamily(*lora.file);
  std::map<Part, std::shared_ptr<EffectiveWeights>> changed;
  int layers = 0;
  for (const auto& [part, weights] : networks_) {
    changed[part] = std::make_shared<EffectiveWeights>(*weights);
    layers += changed[part]->add(lora, names_);
  }
  if (layers == 0) {
    throw EngineException(ErrorKind::WrongFamily,
                          sentence("The LoRA %1 was made for another kind of model: none of its layers is in this one.",
                                   nameOf(*lora.file)),
                          utf8FromPath(use.file));
  }
  networks_ = std::move(changed);
}

std::vector<SkippedLora> EffectiveModel::addAll(const std::vector<LoraUse>& uses, bool strict) {
  std::vector<SkippedLora> skipped;
  for (const LoraUse& use : uses) {
    try {
      add(use);
    } catch (const EngineException& error) {
      if (strict || error.error().kind == ErrorKind::MissingFile) throw;
      skipped.push_back({use, error.error()});
    }
  }
  return skipped;
}

}  // namespace studio::engine
