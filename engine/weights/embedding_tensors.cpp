#include "engine/weights/embedding_tensors.h"

#include <string_view>

namespace studio::engine {
namespace {

constexpr std::int64_t kMostVectors = 1024;
constexpr std::int64_t kWidest = 16384;
constexpr std::int64_t kClipLWidth = 768, kOpenClipHWidth = 1024, kBigGWidth = 1280;

/// As wide as the text encoders there are: a tensor under any name may be something else.
bool isTextWidth(const std::vector<std::int64_t>& shape) {
  return !shape.empty() &&
         (shape.back() == kClipLWidth || shape.back() == kOpenClipHWidth || shape.back() == kBigGWidth);
}

bool isToken(std::string_view name) { return name.size() > 2 && name.front() == '<' && name.back() == '>'; }

bool addEmbedding(EmbeddingTensors& embedding, Part part, const std::map<std::string, TensorInfo>& tensors,
                  const std::string& key) {
  const auto found = tensors.find(key);
  if (found == tensors.end()) return false;
  const auto& shape = found->second.shape;
  if (!isFloating(found->second.type) || shape.empty() || shape.size() > 2) return false;
  const std::int64_t vectors = shape.size() == 2 ? shape.front() : 1;
  if (vectors < 1 || vectors > kMostVectors || shape.back() < 1 || shape.back() > kWidest) return false;
  if (embedding.vectors != 0 && embedding.vectors != vectors) return false;
  embedding.vectors = static_cast<int>(vectors);
  embedding.keys[part] = key;
  embedding.widths[part] = shape.back();
  return true;
}

/// Of the forms with one tensor; empty when there is none.
std::string singleKey(const std::map<std::string, TensorInfo>& tensors, const std::string& prefix) {
  if (tensors.contains(prefix + "emb_params")) return prefix + "emb_params";
  std::string only;
  std::size_t count = 0;
  for (auto it = tensors.lower_bound(prefix); it != tensors.end() && it->first.starts_with(prefix); ++it, ++count) {
    const std::string_view name = std::string_view(it->first).substr(prefix.size());
    if (name.starts_with("string_to_param.") || (isToken(name) && isTextWidth(it->second.shape))) return it->first;
    if (isTextWidth(it->second.shape)) only = it->first;
  }
  return count == 1 ? only : std::string();
}

}  // namespace

ModelFamily EmbeddingTensors::family() const {
  if (widths.contains(Part::TextEncoder2)) return ModelFamily::StableDiffusionXl;
  const auto width = widths.find(Part::TextEncoder);
  if (width == widths.end()) return ModelFamily::Unknown;
  if (width->second == kClipLWidth) return ModelFamily::StableDiffusion1;
  return width->second == kOpenClipHWidth ? ModelFamily::StableDiffusion2 : ModelFamily::Unknown;
}

std::optional<EmbeddingTensors> embeddingTensorsIn(const std::map<std::string, TensorInfo>& tensors,
                                                   const std::string& prefix) {
  EmbeddingTensors embedding;
  const bool pair = addEmbedding(embedding, Part::TextEncoder, tensors, prefix + "clip_l");
  if (addEmbedding(embedding, Part::TextEncoder2, tensors, prefix + "clip_g") || pair) return embedding;
  const std::string key = singleKey(tensors, prefix);
  if (key.empty()) return std::nullopt;
  const auto& shape = tensors.at(key).shape;
  const bool bigG = !shape.empty() && shape.back() == kBigGWidth;
  if (!addEmbedding(embedding, bigG ? Part::TextEncoder2 : Part::TextEncoder, tensors, key)) return std::nullopt;
  return embedding;
}

}  // namespace studio::engine
