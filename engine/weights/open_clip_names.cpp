#include "engine/weights/open_clip_names.h"

#include <array>
#include <string_view>
#include <utility>

namespace studio::engine {
namespace {

using Rename = std::pair<std::string_view, std::string_view>;

constexpr std::array<Rename, 5> kLayer{{{"attn.out_proj.", "self_attn.out_proj."},
                                        {"ln_1.", "layer_norm1."},
                                        {"ln_2.", "layer_norm2."},
                                        {"mlp.c_fc.", "mlp.fc1."},
                                        {"mlp.c_proj.", "mlp.fc2."}}};

std::vector<OpenClipName> layerNames(const std::string& layer, const std::string& rest) {
  for (const std::string_view kind : {"weight", "bias"}) {
    if (rest != "attn.in_proj_" + std::string(kind)) continue;
    const std::string end = "_proj." + std::string(kind);
    return {{layer + "self_attn.q" + end, TensorPick::FirstThird},
            {layer + "self_attn.k" + end, TensorPick::SecondThird},
            {layer + "self_attn.v" + end, TensorPick::LastThird}};
  }
  for (const auto& [from, to] : kLayer) {
    if (rest.starts_with(from)) return {{layer + std::string(to) + rest.substr(from.size())}};
  }
  return {};
}

}  // namespace

std::vector<OpenClipName> namesFromOpenClip(const std::string& name) {
  static constexpr std::string_view kBlocks = "transformer.resblocks.";
  if (name == "positional_embedding") return {{"embeddings.position_embedding.weight"}};
  if (name == "token_embedding.weight") return {{"embeddings.token_embedding.weight"}};
  if (name == "text_projection") return {{"text_projection.weight", TensorPick::Transposed}};
  if (name == "text_projection.weight") return {{name}};
  if (name.starts_with("ln_final.")) return {{"final_layer_norm." + name.substr(9)}};
  if (!name.starts_with(kBlocks)) return {};
  const std::size_t dot = name.find('.', kBlocks.size());
  if (dot == std::string::npos) return {};
  const std::string number = name.substr(kBlocks.size(), dot - kBlocks.size());
  return layerNames("encoder.layers." + number + ".", name.substr(dot + 1));
}

}  // namespace studio::engine
