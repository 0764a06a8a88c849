#include "engine/adapters/effective_weights.h"

#include "engine/api/engine_error.h"
#include "engine/api/units.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/einsum.h>
#include <ATen/ops/matmul.h>

#include <utility>

namespace studio::engine {
namespace {

/// up · (mid) · down as a tensor shaped like the layer's weight.
at::Tensor delta(const LoraLayer& layer, const std::vector<std::int64_t>& shape) {
  const std::int64_t rank = layer.down.size(0);
  const at::Tensor up = layer.up.reshape({layer.up.size(0), rank});
  if (layer.mid.defined()) {
    const at::Tensor down = layer.down.reshape({rank, -1});
    return at::einsum("or,rskl,si->oikl", {up, layer.mid, down});
  }
  const at::Tensor product = at::matmul(up, layer.down.reshape({rank, -1}));
  return product.numel() == c10::multiply_integers(shape) ? product.reshape(shape) : product;
}

std::int64_t elementsOf(const std::vector<std::int64_t>& shape) { return c10::multiply_integers(shape); }

/// Known from the header alone, so that a LoRA of another model is refused before anything runs.
void checkSize(const LoraFile& file, const LoraKeys::Module& module, const std::vector<std::int64_t>& shape) {
  const auto& tensors = file.header().tensors;
  const auto& down = tensors.at(module.down).shape;
  const auto& up = tensors.at(module.up).shape;
  const bool whole = !down.empty() && down[0] > 0 && !up.empty() && !shape.empty();
  if (whole && up[0] == shape[0] && (!module.mid.empty() || elementsOf(down) / down[0] * up[0] == elementsOf(shape)))
    return;
  throw EngineException(ErrorKind::WrongFamily,
                        utf8FromPath(file.path().filename()) + " was made for another model: a layer has another size.",
                        module.down);
}

}  // namespace

EffectiveWeights::EffectiveWeights(std::shared_ptr<const TensorSource> base, Part part)
    : base_(std::move(base)), part_(part) {}

int EffectiveWeights::add(const AppliedLora& lora, const LoraNames& names) {
  int changed = 0;
  for (const auto& [name, module] : lora.file->keys().modules) {
    const auto layer = names.find(name);
    if (!layer || layer->part != part_ || !base_->has(layer->name)) continue;
    checkSize(*lora.file, module, *base_->shapeOf(layer->name));
    changes_[layer->name].push_back({lora.file, module, lora.weight});
    ++changed;
  }
  return changed;
}

std::set<std::string> EffectiveWeights::touched() const {
  std::set<std::string> names;
  for (const auto& entry : changes_) names.insert(entry.first);
  return names;
}

at::Tensor EffectiveWeights::load(const std::string& name) const {
  const auto found = changes_.find(name);
  if (found == changes_.end()) return base_->load(name);
  at::Tensor weight = base_->load(name).to(at::kFloat);
  for (const Change& change : found->second) {
    const LoraLayer layer = change.file->load(change.module);
    const double rank = static_cast<double>(layer.down.size(0));
    const double scale = change.weight * (layer.alpha > 0 ? layer.alpha / rank : 1.0);
    const at::Tensor add = delta(layer, weight.sizes().vec());
    if (add.numel() != weight.numel()) {
      throw EngineException(
          ErrorKind::WrongFamily,
          utf8FromPath(change.file->path().filename()) + " was made for another model: a layer has another size.",
          name);
    }
    weight = weight + add.reshape(weight.sizes()) * scale;
  }
  return weight;
}

}  // namespace studio::engine
