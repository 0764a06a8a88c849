#pragma once

#include "engine/api/token_counter.h"
#include "engine/text/conditioner.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace studio::engine {

/// The textual inversions that prompts of one model may name. Engine thread only.
class ModelEmbeddings {
 public:
  /// Looks through the folders, and through the LoRAs in use for those they carry along, and gives the conditioner what
  /// its text encoders can use. True when that is not what it was: embeddings of prompts made before no longer hold.
  /// Files are read again only when one of them has changed.
  bool update(const std::vector<std::filesystem::path>& folders, const std::vector<std::filesystem::path>& loras,
              Conditioner& conditioner);

  /// EmbeddingSlot::index counts in this order.
  const std::vector<EmbeddingName>& names() const { return names_; }
  /// The file of each; empty for those that a LoRA carries.
  const std::vector<std::filesystem::path>& files() const { return files_; }

 private:
  using FileState = std::pair<std::filesystem::path, std::filesystem::file_time_type>;
  std::vector<FileState> states_;
  std::vector<EmbeddingName> names_;
  std::vector<std::filesystem::path> files_;
};

}  // namespace studio::engine
