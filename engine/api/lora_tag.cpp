#include "engine/api/lora_tag.h"

#include "engine/api/number_text.h"

#include <algorithm>

namespace studio::engine {
namespace {

constexpr double kMostRanks = 1 << 16;

}  // namespace

std::optional<LoraTag> parseLoraTag(std::string_view inside) {
  LoraTag lora;
  int position = 0;
  std::optional<double> text, image, rank;
  for (std::size_t begin = 0; begin <= inside.size(); ++position) {
    const std::size_t end = std::min(inside.find(':', begin), inside.size());
    std::string_view item = inside.substr(begin, end - begin);
    begin = end + 1;
    if (position == 0) {
      lora.name = item;
      continue;
    }
    std::optional<double>* target = position == 1 ? &text : position == 2 ? &image : position == 3 ? &rank : nullptr;
    if (const std::size_t equals = item.find('='); equals != std::string_view::npos) {
      const std::string_view key = item.substr(0, equals);
      target = key == "te" ? &text : key == "unet" ? &image : key == "dyn" ? &rank : nullptr;
      item.remove_prefix(equals + 1);
      if (key == "lbw") lora.blocks = item;
    }
    if (!target) continue;
    *target = finiteNumber(item);
    if (!*target) return std::nullopt;
  }
  lora.textWeight = text.value_or(1.0);
  lora.imageWeight = image.value_or(lora.textWeight);
  lora.dynamicRank = static_cast<int>(std::clamp(rank.value_or(0), 0.0, kMostRanks));
  return lora.name.empty() ? std::nullopt : std::optional(lora);
}

}  // namespace studio::engine
