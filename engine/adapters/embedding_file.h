#pragma once

#include "engine/weights/key_map.h"
#include "engine/weights/tensor_file.h"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace studio::engine {

/// A textual inversion (Gal et al. 2022): vectors that stand for words of a text encoder. Forms: `emb_params`; SDXL's
/// pair `clip_l` and `clip_g`; A1111's `.pt` with `string_to_param`; one tensor under its token. Value; thread-safe.
class EmbeddingFile {
 public:
  /// Nothing when the file is no textual inversion. Throws EngineException: MissingFile, BadFile.
  static std::optional<EmbeddingFile> open(const std::filesystem::path& path);

  std::string name() const;  ///< what prompts call it: the file's name without ending
  const std::filesystem::path& path() const { return file_->path(); }
  int vectors() const { return vectors_; }
  /// Width of the vectors for each text encoder it was made for.
  const std::map<Part, std::int64_t>& widths() const { return widths_; }
  /// For one of those text encoders.                                              // [vectors, width] fp32 on the host
  at::Tensor load(Part part) const;

 private:
  bool add(Part part, const std::string& key);
  std::shared_ptr<const TensorFile> file_;
  std::map<Part, std::string> keys_;
  std::map<Part, std::int64_t> widths_;
  int vectors_ = 0;
};

/// Files below the folders that may be textual inversions, by ending and size; sorted. Blocks on the disk.
std::vector<std::filesystem::path> embeddingCandidates(const std::vector<std::filesystem::path>& folders);

/// Those of the files that a model with text encoders of these widths can use; of several with one name the first.
/// Files that cannot be read are left out. Blocks on the disk.
std::vector<EmbeddingFile> usableEmbeddings(const std::vector<std::filesystem::path>& files,
                                            const std::map<Part, std::int64_t>& widths);

}  // namespace studio::engine
