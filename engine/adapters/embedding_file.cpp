#include "engine/adapters/embedding_file.h"

#include "engine/api/engine_error.h"
#include "engine/api/units.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

namespace studio::engine {
namespace {

constexpr std::int64_t kMostVectors = 1024;
constexpr std::int64_t kWidest = 16384;
constexpr std::uintmax_t kLargestEmbeddingFile = 8U << 20;
constexpr std::size_t kMostEmbeddingFiles = 20000;
constexpr std::int64_t kBigGWidth = 1280;
constexpr std::string_view kStringToParam = "string_to_param.";

/// As wide as the text encoders there are: a tensor under any name may be something else.
bool isTextWidth(const std::vector<std::int64_t>& shape) {
  return !shape.empty() && (shape.back() == 768 || shape.back() == 1024 || shape.back() == kBigGWidth);
}

bool mayBeEmbedding(const std::filesystem::directory_entry& entry) {
  static constexpr std::array<std::string_view, 3> kEndings{".safetensors", ".pt", ".bin"};
  const std::string ending = utf8FromPath(entry.path().extension());
  std::error_code failed;
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end() && entry.is_regular_file(failed) &&
         entry.file_size(failed) <= kLargestEmbeddingFile && !failed;
}

}  // namespace

std::vector<std::filesystem::path> embeddingCandidates(const std::vector<std::filesystem::path>& folders) {
  std::set<std::filesystem::path> files;
  for (const auto& folder : folders) {
    std::error_code failed;
    std::filesystem::recursive_directory_iterator it(folder, std::filesystem::directory_options::skip_permission_denied,
                                                     failed);
    for (; !failed && it != std::filesystem::recursive_directory_iterator() && files.size() < kMostEmbeddingFiles;
         it.increment(failed)) {
      if (mayBeEmbedding(*it)) files.insert(it->path());
    }
  }
  return {files.begin(), files.end()};
}

bool EmbeddingFile::add(Part part, const std::string& key) {
  const auto found = file_->tensors().find(key);
  if (found == file_->tensors().end()) return false;
  const auto& shape = found->second.shape;
  if (!isFloating(found->second.type) || shape.empty() || shape.size() > 2) return false;
  const std::int64_t vectors = shape.size() == 2 ? shape.front() : 1;
  if (vectors < 1 || vectors > kMostVectors || shape.back() < 1 || shape.back() > kWidest) return false;
  if (vectors_ != 0 && vectors_ != vectors) return false;
  vectors_ = static_cast<int>(vectors);
  keys_[part] = key;
  widths_[part] = shape.back();
  return true;
}

std::optional<EmbeddingFile> EmbeddingFile::open(const std::filesystem::path& path) {
  EmbeddingFile embedding;
  embedding.file_ = openTensorFile(path);
  const auto& tensors = embedding.file_->tensors();
  const bool pair = embedding.add(Part::TextEncoder, "clip_l");
  if (embedding.add(Part::TextEncoder2, "clip_g") || pair) return embedding;
  std::string key = tensors.contains("emb_params") ? "emb_params" : std::string();
  for (const auto& entry : tensors) {
    const bool alone = tensors.size() == 1 && isTextWidth(entry.second.shape);
    if (key.empty() && (entry.first.starts_with(kStringToParam) || alone)) key = entry.first;
  }
  if (key.empty()) return std::nullopt;
  const auto& shape = tensors.at(key).shape;
  const bool bigG = !shape.empty() && shape.back() == kBigGWidth;
  if (!embedding.add(bigG ? Part::TextEncoder2 : Part::TextEncoder, key)) return std::nullopt;
  return embedding;
}

std::string EmbeddingFile::name() const { return utf8FromPath(path().stem()); }

at::Tensor EmbeddingFile::load(Part part) const {
  return file_->load(keys_.at(part)).to(at::kFloat).reshape({vectors_, widths_.at(part)});
}

std::vector<EmbeddingFile> usableEmbeddings(const std::vector<std::filesystem::path>& files,
                                            const std::map<Part, std::int64_t>& widths) {
  std::vector<EmbeddingFile> found;
  std::set<std::string> names;
  for (const auto& path : files) {
    try {
      auto embedding = EmbeddingFile::open(path);
      if (embedding && embedding->widths() == widths && names.insert(embedding->name()).second)
        found.push_back(std::move(*embedding));
    } catch (const EngineException&) {
      // The library names files that cannot be read; a prompt does without them.
    }
  }
  return found;
}

}  // namespace studio::engine
