#pragma once

#include "engine/weights/key_map.h"

#include <string>
#include <vector>

namespace studio::engine {

/// Layers in the order in which cloneofsimo's LoRA files count them: the attention layers and the first feed-forward
/// layer of every transformer block, blocks in the order down, up, middle; of a text encoder the attention layers.
/// `tensors` and the answer are canonical names of weights.
std::vector<std::string> countedLayers(const std::vector<std::string>& tensors, Part part);

}  // namespace studio::engine
