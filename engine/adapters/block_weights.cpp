#include "engine/adapters/block_weights.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>
#include <vector>

namespace studio::engine {
namespace {

constexpr double kLargestBlockWeight = 100;

/// One of the presets everybody has, as 17 numbers.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kPresets{
    {{"NONE", "0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0"},
     {"ALL", "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1"},
     {"INS", "1,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0"},
     {"IND", "1,0,0,0,1,1,1,0,0,0,0,0,0,0,0,0,0"},
     {"INALL", "1,1,1,1,1,1,1,0,0,0,0,0,0,0,0,0,0"},
     {"MIDD", "1,0,0,0,1,1,1,1,1,1,1,1,0,0,0,0,0"},
     {"OUTD", "1,0,0,0,0,0,0,0,1,1,1,1,0,0,0,0,0"},
     {"OUTS", "1,0,0,0,0,0,0,0,0,0,0,0,1,1,1,1,1"},
     {"OUTALL", "1,0,0,0,0,0,0,0,1,1,1,1,1,1,1,1,1"},
     {"ALL0.5", "0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5"}}};

/// Which blocks a list of so many numbers names, in its order: input, then (the middle), then output.
struct Layout {
  std::size_t numbers;
  std::vector<std::size_t> input, output;
};

std::vector<std::size_t> upTo(std::size_t count) {
  std::vector<std::size_t> blocks(count);
  for (std::size_t i = 0; i < count; ++i) blocks[i] = i;
  return blocks;
}

const std::vector<Layout>& layouts() {
  static const std::vector<Layout> kLayouts{{17, {1, 2, 4, 5, 7, 8}, {3, 4, 5, 6, 7, 8, 9, 10, 11}},
                                            {26, upTo(12), upTo(12)},
                                            {12, {4, 5, 7, 8}, {0, 1, 2, 3, 4, 5}},
                                            {20, upTo(9), upTo(9)}};
  return kLayouts;
}

std::optional<std::vector<double>> numbersFrom(std::string_view text) {
  std::vector<double> numbers;
  for (std::size_t begin = 0; begin <= text.size() && numbers.size() <= 26;) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    std::string_view item = text.substr(begin, end - begin);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    double value = 0;
    const auto [stop, error] = std::from_chars(item.data(), item.data() + item.size(), value);
    if (error != std::errc{} || stop != item.data() + item.size() || !(std::abs(value) <= kLargestBlockWeight))
      return std::nullopt;
    numbers.push_back(value);
    begin = end + 1;
  }
  return numbers;
}

std::optional<std::size_t> blockNumber(std::string_view layer, std::string_view prefix) {
  if (!layer.starts_with(prefix)) return std::nullopt;
  layer.remove_prefix(prefix.size());
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(layer.data(), layer.data() + layer.size(), number);
  return error == std::errc{} ? std::optional(number) : std::nullopt;
}

}  // namespace

BlockWeights::BlockWeights() {
  input_.fill(1);
  output_.fill(1);
}

std::optional<BlockWeights> BlockWeights::parse(std::string_view text) {
  for (const auto& [name, numbers] : kPresets) {
    if (text == name) return parse(numbers);
  }
  const auto numbers = numbersFrom(text);
  if (!numbers) return std::nullopt;
  for (const Layout& layout : layouts()) {
    if (layout.numbers != numbers->size()) continue;
    BlockWeights weights;
    weights.input_.fill(0);
    weights.output_.fill(0);
    std::size_t at = 0;
    weights.base_ = (*numbers)[at++];
    for (const std::size_t block : layout.input) weights.input_[block] = (*numbers)[at++];
    weights.middle_ = (*numbers)[at++];
    for (const std::size_t block : layout.output) weights.output_[block] = (*numbers)[at++];
    return weights;
  }
  return std::nullopt;
}

double BlockWeights::of(std::string_view ldmLayer) const {
  if (ldmLayer.starts_with("middle_block.")) return middle_;
  if (const auto block = blockNumber(ldmLayer, "input_blocks.")) return *block < kMostBlocks ? input_[*block] : 1;
  if (const auto block = blockNumber(ldmLayer, "output_blocks.")) return *block < kMostBlocks ? output_[*block] : 1;
  return base_;
}

}  // namespace studio::engine
