#include "engine/weights/foreign_families.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace studio::engine {
namespace {

struct Sign {
  std::string_view key;  ///< the whole name behind any prefix
  ModelFamily family;
};

// Earlier rows are more special: Chroma has Flux's blocks too, Flux has SD 3's names in diffusers' files.
constexpr std::array<Sign, 26> kSigns{{
    {"double_stream_modulation_img.lin.weight", ModelFamily::Flux2},
    {"double_stream_modulation_img.linear.weight", ModelFamily::Flux2},
    {"distilled_guidance_layer.0.norms.0.scale", ModelFamily::Chroma},
    {"distilled_guidance_layer.norms.0.scale", ModelFamily::Chroma},
    {"distilled_guidance_layer.norms.0.weight", ModelFamily::Chroma},
    {"txt_in.individual_token_refiner.blocks.0.norm1.weight", ModelFamily::HunyuanVideo},
    {"context_embedder.token_refiner.refiner_blocks.0.norm1.weight", ModelFamily::HunyuanVideo},
    {"double_blocks.0.img_attn.norm.key_norm.scale", ModelFamily::Flux},
    {"double_blocks.0.img_attn.qkv.weight", ModelFamily::Flux},
    {"single_transformer_blocks.0.proj_mlp.weight", ModelFamily::Flux},
    {"joint_blocks.0.context_block.attn.qkv.weight", ModelFamily::StableDiffusion3},
    {"txt_norm.weight", ModelFamily::QwenImage},
    {"transformer_blocks.0.norm1_context.linear.weight", ModelFamily::StableDiffusion3},
    {"double_layers.0.attn.w1q.weight", ModelFamily::AuraFlow},
    {"joint_transformer_blocks.0.attn.add_k_proj.weight", ModelFamily::AuraFlow},
    {"mlp_t5.0.weight", ModelFamily::HunyuanDit},
    {"text_embedder.linear_1.weight", ModelFamily::HunyuanDit},
    {"t_block.1.weight", ModelFamily::PixArt},
    {"clf.1.weight", ModelFamily::StableCascade},
    {"caption_projection.0.linear.weight", ModelFamily::HiDream},
    {"head.modulation", ModelFamily::Wan},
    {"condition_embedder.time_embedder.linear_1.weight", ModelFamily::Wan},
    {"patchify_proj.weight", ModelFamily::LtxVideo},
    {"x_pad_token", ModelFamily::ZImage},
    {"noise_refiner.0.attention.k_norm.weight", ModelFamily::Lumina2},
    {"text_transformer_blocks.0.self_attention.to_query.weight", ModelFamily::Kandinsky},
}};

bool isKey(const std::string& name, std::string_view key) {
  return name.ends_with(key) && (name.size() == key.size() || name[name.size() - key.size() - 1] == '.');
}

}  // namespace

ModelFamily foreignFamilyOf(const std::vector<std::string>& keys) {
  for (const Sign& sign : kSigns) {
    const bool there =
        std::any_of(keys.begin(), keys.end(), [&sign](const std::string& name) { return isKey(name, sign.key); });
    if (there) return sign.family;
  }
  // PixArt in diffusers' names differs from LTX only in what both have, so it is asked last.
  const bool adaptive = std::any_of(keys.begin(), keys.end(), [](const std::string& name) {
    return isKey(name, "adaln_single.emb.timestep_embedder.linear_1.weight");
  });
  return adaptive ? ModelFamily::PixArt : ModelFamily::Unknown;
}

}  // namespace studio::engine
