#pragma once

#include "engine/runtime/copy_engine.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>

/// What this build knows of GPUs beyond torch's own device-independent face. See weight_copies.h.
namespace studio::engine {

std::unique_ptr<CopyEngine> makeGpuCopyEngine(const at::Tensor& ring);
at::Tensor pinnedGpuBytes(std::int64_t bytes);

}  // namespace studio::engine
