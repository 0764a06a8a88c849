#include "engine/adapters/embedding_file.h"

#include "engine/adapters/adapter_keys.h"
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

constexpr std::uintmax_t kLargestEmbeddingFile = 8U << 20;
constexpr std::size_t kMostEmbeddingFiles = 20000;

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

EmbeddingFile::EmbeddingFile(std::shared_ptr<const TensorFile> file, EmbeddingTensors tensors, std::string name,
                             bool bundled)
    : file_(std::move(file)), tensors_(std::move(tensors)), name_(std::move(name)), bundled_(bundled) {}

std::optional<EmbeddingFile> EmbeddingFile::open(const std::filesystem::path& path) {
  auto file = openTensorFile(path);
  auto tensors = embeddingTensorsIn(file->tensors());
  if (!tensors) return std::nullopt;
  return EmbeddingFile(std::move(file), std::move(*tensors), utf8FromPath(path.stem()), false);
}

std::vector<EmbeddingFile> EmbeddingFile::openBundled(const std::filesystem::path& lora) {
  const auto file = openTensorFile(lora);
  std::set<std::string> names;
  for (const auto& [key, name] : sortAdapterKeys(file->header()).bundled) names.insert(name);
  std::vector<EmbeddingFile> found;
  for (const std::string& name : names) {
    if (auto tensors = embeddingTensorsIn(file->tensors(), std::string(kBundlePrefix) + name + "."))
      found.push_back(EmbeddingFile(file, std::move(*tensors), name, true));
  }
  return found;
}

at::Tensor EmbeddingFile::load(Part part) const {
  return file_->load(tensors_.keys.at(part)).to(at::kFloat).reshape({vectors(), widths().at(part)});
}

std::vector<EmbeddingFile> usableEmbeddings(const std::vector<std::filesystem::path>& files,
                                            const std::map<Part, std::int64_t>& widths,
                                            const std::vector<std::filesystem::path>& loras) {
  std::vector<EmbeddingFile> found;
  std::set<std::string> names;
  const auto add = [&](EmbeddingFile embedding) {
    if (embedding.widths() == widths && names.insert(embedding.name()).second) found.push_back(std::move(embedding));
  };
  for (const auto& path : files) {
    try {
      if (auto embedding = EmbeddingFile::open(path)) add(std::move(*embedding));
    } catch (const EngineException&) {
      // The library names files that cannot be read; a prompt does without them.
    }
  }
  for (const auto& lora : loras) {
    try {
      for (EmbeddingFile& embedding : EmbeddingFile::openBundled(lora)) add(std::move(embedding));
    } catch (const EngineException&) {
      // Said when the LoRA itself was applied.
    }
  }
  return found;
}

}  // namespace studio::engine
