#pragma once

#include "engine/api/generation_request.h"
#include "engine/text/tokens/prompt_parser.h"

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace studio::engine {

/// Names that trainers gave their files (`ss_output_name`), lower case; a header is read once until its file changes.
class TrainersNames {
 public:
  /// Empty when nothing can be read.
  const std::string& of(const std::filesystem::path& file);

 private:
  std::map<std::filesystem::path, std::pair<std::filesystem::file_time_type, std::string>> known_;
};

/// A LoRA by the name a prompt gives it, ignoring ASCII case: the stem of a file below one of the folders, else its
/// path below the folder without the ending ("styles/ink"), else the name its trainer gave it (`ss_output_name`).
/// Empty when there is none. Reads headers only when the file names do not tell.
std::filesystem::path loraNamed(const std::string& name, const std::vector<std::filesystem::path>& folders,
                                TrainersNames& trainers);

/// A request's LoRAs with those its prompt names, files looked up.
struct ResolvedLoras {
  std::vector<LoraUse> loras;
  std::vector<std::string> unknown;  ///< names that no file has
};

/// Tags of LoRAs that the request lists already are not added again. A listed file that is a bare name and not there
/// is looked up too.
ResolvedLoras resolveLoras(const GenerationRequest& request, const std::vector<LoraTag>& tags,
                           const std::vector<std::filesystem::path>& folders, TrainersNames& trainers);

}  // namespace studio::engine
