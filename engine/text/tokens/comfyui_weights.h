#pragma once

#include "engine/text/tokens/prompt_parser.h"

#include <vector>

namespace studio::engine {

/// Reads ComfyUI's weight syntax: (x) is ×1.1, (x:1.3) is 1.3 whatever stands around it, \( and \) are the characters;
/// all else is text. A bracket without its partner is text, and one that closes too much makes text of what follows.
/// Each stretch between brackets is a part of its own. Any bytes are accepted; never fails. Thread-safe.
std::vector<WeightedText> parseComfyUiWeights(const SourceText& text);

}  // namespace studio::engine
