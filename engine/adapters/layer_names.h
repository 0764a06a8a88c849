#pragma once

#include "engine/weights/key_map.h"
#include "engine/weights/tensor_source.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace studio::engine {

/// A name with dots turned into underscores, as kohya's tools write layers.
std::string underscored(std::string name);

/// A network of a model, for naming its layers.
struct NamedNetwork {
  Part part = Part::UNet;
  const TensorSource* source = nullptr;  ///< may be null: the model has no such part
};

/// The layer a module's name in a LoRA file means. Knows kohya's names ("lora_unet_down_blocks_0_…_to_q", of
/// SDXL's text encoders "lora_te1_…", "lora_te2_…", of the original code base "lora_unet_input_blocks_4_1_…"),
/// LyCORIS' ("lycoris_…"), diffusers' and PEFT's ("unet.down_blocks.0.….to_q"), the first attention processors'
/// ("….attn1.processor.to_q") and cloneofsimo's numbers ("unet:12"). Built once from the layers a model has, because
/// underscores do not tell dots from underscores.
class LayerNames {
 public:
  explicit LayerNames(const std::vector<NamedNetwork>& networks);
  /// The part and the tensor that changes ("….to_q.weight"), or nothing when the model has no such layer.
  std::optional<CanonicalKey> find(const std::string& module) const;
  /// What the original code base calls the layer of a UNet's weight ("input_blocks.4.1.proj_in"); empty: nothing.
  std::string ldmName(const std::string& tensor) const;

 private:
  void addNetwork(const NamedNetwork& network);
  void addNumbers(const NamedNetwork& network);
  std::map<std::string, CanonicalKey> names_;
  std::map<std::string, std::string> ldmNames_;  ///< by the tensor
};

}  // namespace studio::engine
