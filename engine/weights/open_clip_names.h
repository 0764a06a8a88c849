#pragma once

#include "engine/weights/key_map.h"

#include <string>
#include <vector>

namespace studio::engine {

/// Where a tensor of OpenCLIP's text encoder goes (https://github.com/mlfoundations/open_clip, class TextTransformer):
/// its query, key and value lie in one matrix, and its projection is stored for multiplication from the right.
struct OpenClipName {
  std::string name;
  TensorPick pick = TensorPick::Whole;
};

/// `name` without the encoder's prefix; empty for foreign names.
std::vector<OpenClipName> namesFromOpenClip(const std::string& name);

}  // namespace studio::engine
