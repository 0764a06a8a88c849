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

/// Layers of a LoRA, or those of them that a model has.
struct LayerCount {
  int unet = 0, text = 0;
  int all() const { return unet + text; }
};

LayerCount layersOf(const LoraFile& file) {
  LayerCount count;
  for (const auto& entry : file.keys().modules) ++(isTextModule(entry.first) ? count.text : count.unet);
  return count;
}

std::optional<Sentence> partialFit(const LoraFile& file, LayerCount fitting) {
  const LayerCount all = layersOf(file);
  if (fitting.all() >= all.all()) return std::nullopt;
  const char* pattern = fitting.unet >= all.unet && fitting.text == 0
                            ? "Of the LoRA %1, %2 of %3 layers fit this model; those of the text encoder are left out."
                        : fitting.text >= all.text && fitting.unet == 0
                            ? "Of the LoRA %1, %2 of %3 layers fit this model; those of the UNet are left out."
                            : "Of the LoRA %1, %2 of %3 layers fit this model; the others are left out.";
  return sentence(pattern, nameOf(file), fitting.all(), all.all());
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

std::optional<Sentence> EffectiveModel::add(const LoraUse& use) {
  const AppliedLora lora = appliedFrom(use);
  checkFamily(*lora.file);
  std::map<Part, std::shared_ptr<EffectiveWeights>> changed;
  LayerCount fitting;
  for (const auto& [part, weights] : networks_) {
    changed[part] = std::make_shared<EffectiveWeights>(*weights);
    (part == Part::UNet ? fitting.unet : fitting.text) += changed[part]->add(lora, names_);
  }
  if (fitting.all() == 0) {
    const char* pattern = loraFamily(lora.file->header(), lora.file->keys()) == ModelFamily::Unknown
                              ? "The base of the LoRA %1 is unknown: none of its layers is in this model."
                              : "The LoRA %1 was made for another kind of model: none of its layers is in this one.";
    throw EngineException(ErrorKind::WrongFamily, sentence(pattern, nameOf(*lora.file)), utf8FromPath(use.file));
  }
  networks_ = std::move(changed);
  return partialFit(*lora.file, fitting);
}

LoraReport EffectiveModel::addAll(const std::vector<LoraUse>& uses, bool strict) {
  LoraReport report;
  for (const LoraUse& use : uses) {
    try {
      if (auto partial = add(use)) report.partial.push_back(std::move(*partial));
    } catch (const EngineException& error) {
      if (strict || error.error().kind == ErrorKind::MissingFile) throw;
      report.skipped.push_back({use, error.error()});
    }
  }
  return report;
}

}  // namespace studio::engine
