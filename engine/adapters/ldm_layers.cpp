#include "engine/adapters/ldm_layers.h"

#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

namespace studio::engine {
namespace {

using Words = std::array<std::pair<std::string_view, std::string_view>, 6>;
constexpr Words kResnetWords{{{"norm1", "in_layers.0"},
                              {"conv1", "in_layers.2"},
                              {"time_emb_proj", "emb_layers.1"},
                              {"norm2", "out_layers.0"},
                              {"conv2", "out_layers.3"},
                              {"conv_shortcut", "skip_connection"}}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kOuterWords{
    {{"conv_in", "input_blocks.0.0"},
     {"time_embedding.linear_1", "time_embed.0"},
     {"time_embedding.linear_2", "time_embed.2"},
     {"add_embedding.linear_1", "label_emb.0.0"},
     {"add_embedding.linear_2", "label_emb.0.2"},
     {"conv_norm_out", "out.0"},
     {"conv_out", "out.2"}}};

/// "down_blocks.1.resnets.0.conv1" taken apart.
struct Place {
  bool up = false;
  int level = 0;
  std::string_view kind;  ///< "resnets", "attentions", "downsamplers", "upsamplers"
  int layer = 0;
  std::string_view rest;
};

/// Takes "name." or "12." off the front of `text`.
std::string_view takeWord(std::string_view& text) {
  const std::size_t dot = text.find('.');
  const std::string_view word = text.substr(0, dot);
  text = dot == std::string_view::npos ? std::string_view() : text.substr(dot + 1);
  return word;
}

std::optional<int> takeNumber(std::string_view& text) {
  const std::string_view word = takeWord(text);
  int value = -1;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size() || value < 0 || value > 255) return std::nullopt;
  return value;
}

std::optional<Place> placeOf(std::string_view layer) {
  const std::string_view half = takeWord(layer);
  if (half != "down_blocks" && half != "up_blocks") return std::nullopt;
  const auto level = takeNumber(layer);
  const std::string_view kind = takeWord(layer);
  const auto number = takeNumber(layer);
  if (!level || !number || layer.empty()) return std::nullopt;
  return Place{half == "up_blocks", *level, kind, *number, layer};
}

std::string resnetRest(std::string_view rest) {
  for (const auto& [ours, theirs] : kResnetWords) {
    if (rest == ours) return std::string(theirs);
  }
  return std::string(rest);
}

struct Level {
  int resnets = 0;
  bool attention = false, sampler = false;
};

/// Counts the levels of both halves and knows where each begins.
class Levels {
 public:
  explicit Levels(const std::vector<std::string>& layers) {
    for (const std::string& layer : layers) {
      const auto place = placeOf(layer);
      if (!place) continue;
      Level& level = levels_[place->up][place->level];
      if (place->kind == "resnets") level.resnets = std::max(level.resnets, place->layer + 1);
      level.attention |= place->kind == "attentions";
      level.sampler |= place->kind == "downsamplers";
    }
  }

  std::string name(const Place& place) const {
    const auto& half = levels_[place.up];
    int first = place.up ? 0 : 1;
    for (const auto& [number, level] : half) {
      if (number < place.level) first += level.resnets + (level.sampler ? 1 : 0);
    }
    const Level& level = half.at(place.level);
    const std::string block = place.up ? "output_blocks." : "input_blocks.";
    const auto at = [&](int index, int slot) {
      return block + std::to_string(first + index) + "." + std::to_string(slot) + ".";
    };
    if (place.kind == "resnets") return at(place.layer, 0) + resnetRest(place.rest);
    if (place.kind == "attentions") return at(place.layer, 1) + std::string(place.rest);
    if (place.kind == "downsamplers") return at(level.resnets, 0) + "op";
    return at(level.resnets - 1, level.attention ? 2 : 1) + "conv";
  }

 private:
  std::array<std::map<int, Level>, 2> levels_;
};

/// "mid_block.resnets.1.conv1" -> "middle_block.2.in_layers.2"
std::optional<std::string> middleName(std::string_view layer) {
  if (takeWord(layer) != "mid_block") return std::nullopt;
  const std::string_view kind = takeWord(layer);
  const auto number = takeNumber(layer);
  if (!number) return std::nullopt;
  if (kind == "resnets") return "middle_block." + std::to_string(*number * 2) + "." + resnetRest(layer);
  return "middle_block." + std::to_string(*number * 2 + 1) + "." + std::string(layer);
}

}  // namespace

std::map<std::string, std::string> ldmLayerNames(const std::vector<std::string>& layers) {
  const Levels levels(layers);
  std::map<std::string, std::string> names;
  for (const std::string& layer : layers) {
    if (const auto place = placeOf(layer)) names[layer] = levels.name(*place);
    if (auto middle = middleName(layer)) names[layer] = std::move(*middle);
    for (const auto& [ours, theirs] : kOuterWords) {
      if (layer == ours) names[layer] = theirs;
    }
  }
  return names;
}

}  // namespace studio::engine
