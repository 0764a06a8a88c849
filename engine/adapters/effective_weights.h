#pragma once

#include "engine/adapters/block_weights.h"
#include "engine/adapters/layer_names.h"
#include "engine/adapters/lora_file.h"
#include "engine/weights/tensor_source.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace studio::engine {

/// A LoRA with the strengths it is used at.
struct AppliedLora {
  std::shared_ptr<const LoraFile> file;
  double weight = 1;      ///< of the UNet's layers
  double textWeight = 1;  ///< of the text encoders' layers
  std::int64_t dynamicRank = 0;
  BlockWeights blocks{};
};

/// A network's weights with LoRAs applied, in fp32 from the base every time and in the order of the list, so that
/// nothing is ever subtracted and the bits never depend on what was applied before. Kinds that multiply see what
/// those before them made. Layers that no LoRA touches are handed through as stored.
class EffectiveWeights final : public TensorSource {
 public:
  EffectiveWeights(std::shared_ptr<const TensorSource> base, Part part);

  /// Adds a LoRA; modules of other parts are left out. Returns how many layers of this part it changes.
  /// Throws EngineException: WrongFamily when a layer has another size, BadFile when factors do not fit each other;
  /// then nothing of it is added.
  int add(const AppliedLora& lora, const LayerNames& names);

  /// Tensors that any of the LoRAs changes.
  std::set<std::string> touched() const;

  const std::vector<std::int64_t>* shapeOf(const std::string& name) const override { return base_->shapeOf(name); }
  at::Tensor load(const std::string& name) const override;
  bool isCompact(const std::string& name) const override { return base_->isCompact(name); }
  void hold(const std::string& name) const override { base_->hold(name); }
  void release(const std::string& name) const override { base_->release(name); }
  std::int64_t storedBytes(const std::string& name) const override { return base_->storedBytes(name); }
  std::vector<std::string> names() const override { return base_->names(); }

 private:
  struct Change {
    std::shared_ptr<const LoraFile> file;
    const AdapterModule* module = nullptr;  ///< in the file
    double strength = 1;
    std::int64_t dynamicRank = 0;
  };
  at::Tensor withChange(const at::Tensor& weight, const Change& change, const std::string& name) const;

  std::shared_ptr<const TensorSource> base_;
  Part part_;
  std::map<std::string, std::vector<Change>> changes_;
};

}  // namespace studio::engine
