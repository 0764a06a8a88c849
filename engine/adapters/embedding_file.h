#pragma once

#include "engine/weights/embedding_tensors.h"
#include "engine/weights/tensor_file.h"

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace studio::engine {

/// A textual inversion: vectors that stand for words of a text encoder, see EmbeddingTensors. Value; thread-safe.
class EmbeddingFile {
 public:
  /// Nothing when the file is no textual inversion. Throws EngineException: MissingFile, BadFile.
  static std::optional<EmbeddingFile> open(const std::filesystem::path& path);
  /// Those that a LoRA file carries along as `bundle_emb.<name>.…`, by name. Throws as open() does.
  static std::vector<EmbeddingFile> openBundled(const std::filesystem::path& lora);

  const std::string& name() const { return name_; }  ///< what prompts call it: the file's name without ending
  const std::filesystem::path& path() const { return file_->path(); }
  bool isBundled() const { return bundled_; }
  int vectors() const { return tensors_.vectors; }
  /// Width of the vectors for each text encoder it was made for.
  const std::map<Part, std::int64_t>& widths() const { return tensors_.widths; }
  /// For one of those text encoders.                                              // [vectors, width] fp32 on the host
  at::Tensor load(Part part) const;

 private:
  EmbeddingFile(std::shared_ptr<const TensorFile> file, EmbeddingTensors tensors, std::string name, bool bundled);

  std::shared_ptr<const TensorFile> file_;
  EmbeddingTensors tensors_;
  std::string name_;
  bool bundled_ = false;
};

/// Files below the folders that may be textual inversions, by ending and size; sorted. Blocks on the disk.
std::vector<std::filesystem::path> embeddingCandidates(const std::vector<std::filesystem::path>& folders);

/// Those of the files that a model with text encoders of these widths can use; of several with one name the first.
/// Those that come with `loras` follow, as A1111 has it. Files that cannot be read are left out. Blocks on the disk.
std::vector<EmbeddingFile> usableEmbeddings(const std::vector<std::filesystem::path>& files,
                                            const std::map<Part, std::int64_t>& widths,
                                            const std::vector<std::filesystem::path>& loras = {});

}  // namespace studio::engine
