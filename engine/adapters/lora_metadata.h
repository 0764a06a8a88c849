#pragma once

#include "engine/adapters/adapter_keys.h"
#include "engine/api/inspector.h"

namespace studio::engine {

/// Fills in kind, rank, base family, triggers, alpha, what is inside and whether the file can be applied, from metadata
/// and tensor shapes.
void describeLora(const TensorFileHeader& header, const AdapterKeys& keys, LoraInfo& info);

}  // namespace studio::engine
