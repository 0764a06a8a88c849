#pragma once

#include "engine/adapters/adapter_keys.h"

#include <filesystem>

namespace studio::engine {

/// Gives low-rank modules the alpha that PEFT and diffusers keep outside the tensors (AdapterModule::alpha): in the
/// file's metadata (`lora_adapter_metadata`), else in `adapter_config.json` beside a file that PEFT named. Knows
/// `lora_alpha`, `alpha_pattern` and `use_rslora` (Kalajdzievski 2023: alpha / √rank). What is not understood is left.
void applyPeftConfig(const std::filesystem::path& path, const TensorFileHeader& header, AdapterKeys& keys);

}  // namespace studio::engine
