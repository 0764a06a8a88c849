#pragma once

#include "engine/weights/tensor_info.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace studio::engine {

/// Expands whole blocks of one of ggml's formats to fp32; `to` has as many numbers as the blocks hold.
void expandBlocks(ElementType type, std::span<const std::byte> blocks, std::span<float> to);

}  // namespace studio::engine
