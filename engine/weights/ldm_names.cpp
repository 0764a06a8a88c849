#include "engine/weights/ldm_names.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace studio::engine {
namespace {

constexpr int kMostBlocks = 64;

using Rename = std::pair<std::string_view, std::string_view>;

template <std::size_t N>
std::string renamed(const std::string& name, const std::array<Rename, N>& table) {
  for (const auto& [from, to] : table) {
    if (name.starts_with(from)) return std::string(to) + name.substr(from.size());
  }
  return name;
}

constexpr std::array<Rename, 6> kResnet{{{"in_layers.0.", "norm1."},
                                         {"in_layers.2.", "conv1."},
                                         {"emb_layers.1.", "time_emb_proj."},
                                         {"out_layers.0.", "norm2."},
                                         {"out_layers.3.", "conv2."},
                                         {"skip_connection.", "conv_shortcut."}}};

constexpr std::array<Rename, 9> kUnetEnds{{{"time_embed.0.", "time_embedding.linear_1."},
                                           {"time_embed.2.", "time_embedding.linear_2."},
                                           {"label_emb.0.0.", "add_embedding.linear_1."},
                                           {"label_emb.0.2.", "add_embedding.linear_2."},
                                           {"input_blocks.0.0.", "conv_in."},
                                           {"out.0.", "conv_norm_out."},
                                           {"out.2.", "conv_out."},
                                           {"middle_block.1.", "mid_block.attentions.0."},
                                           {"middle_block.3.", "mid_block.attentions.1."}}};

bool hasUnder(const std::set<std::string>& keys, const std::string& start) {
  const auto it = keys.lower_bound(start);
  return it != keys.end() && it->starts_with(start);
}

/// 3 for "decoder.up.2.block…"; 0 for other names.
int levelsToldBy(std::string_view name) {
  constexpr std::string_view kStart = "decoder.up.";
  if (!name.starts_with(kStart)) return 0;
  name.remove_prefix(kStart.size());
  const std::size_t dot = name.find('.');
  if (dot == 0 || dot > 2 || name.find_first_not_of("0123456789") != dot) return 0;
  return std::min(std::stoi(std::string(name.substr(0, dot))) + 1, kMostBlocks);
}

}  // namespace

LdmUnetNames::LdmUnetNames(const std::vector<std::string>& keys, std::string_view unetPrefix,
                           std::string_view vaePrefix) {
  std::set<std::string> names;
  for (const std::string& key : keys) {
    if (key.starts_with(unetPrefix)) names.insert(key.substr(unetPrefix.size()));
    if (key.starts_with(vaePrefix)) {
      vaeLevels_ = std::max(vaeLevels_, levelsToldBy(std::string_view(key).substr(vaePrefix.size())));
    }
  }
  const auto number = [](int value) { return std::to_string(value); };

  int level = 0, layer = 0;
  for (int i = 1; i < kMostBlocks; ++i) {
    const std::string block = "input_blocks." + number(i) + ".";
    if (!hasUnder(names, block)) break;
    const std::string down = "down_blocks." + number(level) + ".";
    if (hasUnder(names, block + "0.op.")) {
      blocks_[block + "0.op."] = down + "downsamplers.0.conv.";
      ++level, layer = 0;
      continue;
    }
    blocks_[block + "0."] = down + "resnets." + number(layer) + ".";
    blocks_[block + "1."] = down + "attentions." + number(layer) + ".";
    ++layer;
  }
  blocks_["middle_block.0."] = "mid_block.resnets.0.";
  blocks_["middle_block.2."] = "mid_block.resnets.1.";

  level = layer = 0;
  for (int i = 0; i < kMostBlocks; ++i) {
    const std::string block = "output_blocks." + number(i) + ".";
    if (!hasUnder(names, block)) break;
    const std::string up = "up_blocks." + number(level) + ".";
    blocks_[block + "0."] = up + "resnets." + number(layer) + ".";
    bool enlarges = false;
    for (const std::string sub : {"1.", "2."}) {
      if (hasUnder(names, block + sub + "conv.")) {
        blocks_[block + sub + "conv."] = up + "upsamplers.0.conv.";
        enlarges = true;
      } else if (sub == "1.") {
        blocks_[block + sub] = up + "attentions." + number(layer) + ".";
      }
    }
    ++layer;
    if (enlarges) ++level, layer = 0;
  }
}

std::optional<std::string> LdmUnetNames::unetName(const std::string& name) const {
  const std::string end = renamed(name, kUnetEnds);
  if (end != name) return end;
  // No block's name begins with another's, so the greatest one up to the name is the only candidate.
  auto block = blocks_.upper_bound(name);
  if (block == blocks_.begin() || !name.starts_with((--block)->first)) return std::nullopt;
  const auto& [from, to] = *block;
  const std::string rest = name.substr(from.size());
  return to + (to.find("resnets.") != std::string::npos ? renamed(rest, kResnet) : rest);
}

std::optional<std::string> vaeNameFromLdm(const std::string& name, int levels) {
  static constexpr std::array<Rename, 5> kAttention{
      {{"norm.", "group_norm."}, {"q.", "to_q."}, {"k.", "to_k."}, {"v.", "to_v."}, {"proj_out.", "to_out.0."}}};
  static constexpr std::array<Rename, 1> kResnetShortcut{{{"nin_shortcut.", "conv_shortcut."}}};
  if (name.starts_with("quant_conv.") || name.starts_with("post_quant_conv.")) return name;
  for (const std::string side : {"encoder.", "decoder."}) {
    if (!name.starts_with(side)) continue;
    std::string rest = name.substr(side.size());
    if (rest.starts_with("conv_in.") || rest.starts_with("conv_out.")) return name;
    if (rest.starts_with("norm_out.")) return side + "conv_norm_out." + rest.substr(9);
    if (rest.starts_with("mid.block_1.")) return side + "mid_block.resnets.0." + rest.substr(12);
    if (rest.starts_with("mid.block_2.")) return side + "mid_block.resnets.1." + rest.substr(12);
    if (rest.starts_with("mid.attn_1.")) return side + "mid_block.attentions.0." + renamed(rest.substr(11), kAttention);
    const bool up = rest.starts_with("up.");
    if (!up && !rest.starts_with("down.")) return std::nullopt;
    rest = rest.substr(up ? 3 : 5);
    const std::size_t dot = rest.find('.');
    if (dot == 0 || dot > 2 || rest.find_first_not_of("0123456789") != dot) return std::nullopt;
    const int ldmLevel = std::stoi(rest.substr(0, dot));
    const std::string block =
        side + (up ? "up_blocks." : "down_blocks.") + std::to_string(up ? levels - 1 - ldmLevel : ldmLevel) + ".";
    rest = rest.substr(dot + 1);
    if (rest.starts_with("upsample.conv.")) return block + "upsamplers.0.conv." + rest.substr(14);
    if (rest.starts_with("downsample.conv.")) return block + "downsamplers.0.conv." + rest.substr(16);
    if (!rest.starts_with("block.")) return std::nullopt;
    const std::size_t end = rest.find('.', 6);
    if (end == std::string::npos) return std::nullopt;
    return block + "resnets." + rest.substr(6, end - 6) + "." + renamed(rest.substr(end + 1), kResnetShortcut);
  }
  return std::nullopt;
}

std::optional<std::string> vaeNameFromDiffusers(const std::string& name) {
  static constexpr std::array<Rename, 4> kOldAttention{
      {{"query.", "to_q."}, {"key.", "to_k."}, {"value.", "to_v."}, {"proj_attn.", "to_out.0."}}};
  if (name.starts_with("quant_conv.") || name.starts_with("post_quant_conv.")) return name;
  if (!name.starts_with("encoder.") && !name.starts_with("decoder.")) return std::nullopt;
  const std::size_t attention = name.find(".attentions.0.");
  if (attention == std::string::npos) return name;
  const std::size_t layer = attention + 14;
  return name.substr(0, layer) + renamed(name.substr(layer), kOldAttention);
}

}  // namespace studio::engine
