#pragma once

#include "engine/adapters/adapter_algorithm.h"
#include "engine/weights/tensor_info.h"

#include <map>
#include <string>
#include <string_view>

namespace studio::engine {

/// The tensors of a file that change one layer.
struct AdapterModule {
  std::map<Factor, std::string> keys;  ///< in the file
  FactorShapes shapes;
  const AdapterAlgorithm* algorithm = nullptr;  ///< never null in AdapterKeys
  double alpha = 0;                             ///< where no tensor but a configuration gives it; 0: nothing does
};

/// Before the names of embeddings that a LoRA file carries along.
inline constexpr std::string_view kBundlePrefix = "bundle_emb.";

/// A file's tensors sorted by the layer's name as it is written there; nothing is read but the header.
struct AdapterKeys {
  std::map<std::string, AdapterModule> modules;  ///< by the name without the ending
  std::map<std::string, std::string> bundled;    ///< embeddings inside, `bundle_emb.<name>.…`: name by key
  std::int64_t surplus = 0;                      ///< tensors that belong to no module

  /// The algorithm of most modules; null without modules.
  const AdapterAlgorithm* mainAlgorithm() const;
};

/// By its name, a module of a text encoder rather than of the UNet.
bool isTextModule(std::string_view module);

AdapterKeys sortAdapterKeys(const TensorFileHeader& header);

/// True for a module that changes a convolution of more than one cell.
bool changesConvolution(const AdapterModule& module);

}  // namespace studio::engine
