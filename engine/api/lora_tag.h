#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace studio::engine {

/// What a LoRA tag in a prompt asks for: `<lora:name:weight>` or `<lora:name:text:image:rank>`.
struct LoraTag {
  std::string name;
  double textWeight = 1;   ///< for the text encoder
  double imageWeight = 1;  ///< for the UNet
  int dynamicRank = 0;     ///< `dyn=`: only so many ranks; 0: all
  std::string blocks;      ///< `lbw=`: weights of the UNet's blocks, as written
  bool operator==(const LoraTag&) const = default;
};

/// Reads what stands between `<lora:` and `>`: the name, then arguments by place or by name (`te=`, `unet=`, `dyn=`,
/// `lbw=`). No weight means 1, one means both. Nothing without a name or when a weight is no finite number.
std::optional<LoraTag> parseLoraTag(std::string_view inside);

}  // namespace studio::engine
