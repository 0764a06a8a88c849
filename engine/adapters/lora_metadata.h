#pragma once

#include "engine/adapters/lora_file.h"

namespace studio::engine {

/// Fills in base family, triggers, alpha and whether the file can be applied, from metadata and tensor shapes.
void describeLora(const TensorFileHeader& header, const LoraKeys& keys, LoraInfo& info);

}  // namespace studio::engine
