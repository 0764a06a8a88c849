#include "engine/adapters/layer_order.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

namespace studio::engine {
namespace {

constexpr std::array<std::string_view, 9> kBlockLayers{"attn1.to_q",     "attn1.to_k",    "attn1.to_v",
                                                       "attn1.to_out.0", "ff.net.0.proj", "attn2.to_q",
                                                       "attn2.to_k",     "attn2.to_v",    "attn2.to_out.0"};
constexpr std::array<std::string_view, 4> kTextLayers{"k_proj", "v_proj", "q_proj", "out_proj"};
constexpr std::string_view kFirstOfBlock = "attn1.to_q.weight", kFirstOfText = "self_attn.k_proj.weight";

/// Numbers in a name compare as numbers; the network's halves come in the order they were registered.
std::vector<int> sortingKey(const std::string& name) {
  std::vector<int> key{name.starts_with("down_blocks") ? 0 : name.starts_with("up_blocks") ? 1 : 2};
  int number = -1;
  for (const char c : name + '.') {
    if (c >= '0' && c <= '9' && number < 100000) {
      number = std::max(number, 0) * 10 + (c - '0');
    } else if (number >= 0) {
      key.push_back(number);
      number = -1;
    }
  }
  return key;
}

}  // namespace

std::vector<std::string> countedLayers(const std::vector<std::string>& tensors, Part part) {
  const std::string_view first = part == Part::UNet ? kFirstOfBlock : kFirstOfText;
  std::map<std::vector<int>, std::string> blocks;
  for (const std::string& tensor : tensors) {
    if (tensor.ends_with(first)) blocks[sortingKey(tensor)] = tensor.substr(0, tensor.size() - first.size());
  }
  const std::set<std::string_view> known(tensors.begin(), tensors.end());
  std::vector<std::string> layers;
  const auto add = [&](const std::string& layer) {
    if (known.contains(layer)) layers.push_back(layer);
  };
  for (const auto& entry : blocks) {
    if (part == Part::UNet) {
      for (const std::string_view layer : kBlockLayers) add(entry.second + std::string(layer) + ".weight");
    } else {
      for (const std::string_view layer : kTextLayers)
        add(entry.second + "self_attn." + std::string(layer) + ".weight");
    }
  }
  return layers;
}

}  // namespace studio::engine
