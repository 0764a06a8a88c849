#pragma once

#include "engine/pipeline/effective_model.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace studio::engine {

/// The first of the source's tensors that holds numbers which are not finite. Reads them all: only for when something
/// went wrong.
std::optional<std::string> firstDamagedTensor(const TensorSource& source);

/// The first LoRA of the list that by itself makes such numbers of the part's weights.
std::optional<std::filesystem::path> firstDamagedLora(const EffectiveModel::Sources& sources, ModelFamily family,
                                                      const std::vector<LoraUse>& loras, Part part);

}  // namespace studio::engine
