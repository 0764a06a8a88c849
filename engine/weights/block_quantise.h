#pragma once

#include "engine/weights/tensor_info.h"

#include <cstddef>
#include <span>

namespace studio::engine {

/// Rounds numbers to whole blocks of Q8_0, Q5_0 or Q4_0, as ggml's reference quantisers do: the largest number of a
/// block decides its scale. `from` holds whole blocks, `to` their bytes; numbers must be finite.
void quantiseBlocks(ElementType type, std::span<const float> from, std::span<std::byte> to);

}  // namespace studio::engine
