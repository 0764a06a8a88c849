#pragma once

#include "engine/adapters/adapter_keys.h"
#include "engine/api/inspector.h"

namespace studio::engine {

/// The family of models a LoRA was made for: from its trainer's words, else from its layers' names and sizes.
/// Unknown only when neither decides.
ModelFamily loraFamily(const TensorFileHeader& header, const AdapterKeys& keys);

}  // namespace studio::engine
