#pragma once

#include "engine/api/generation_request.h"
#include "engine/text/tokens/prompt_parser.h"

#include <filesystem>
#include <string>
#include <vector>

namespace studio::engine {

/// A LoRA by the name a prompt gives it, ignoring ASCII case: the stem of a file below one of the folders, else its
/// path below the folder without the ending ("styles/ink"), else the name its trainer gave it (`ss_output_name`).
/// Empty when there is none. Reads headers only when the file names do not tell.
std::filesystem::path loraNamed(const std::string& name, const std::vector<std::filesystem::path>& folders);

/// A request's LoRAs with those its prompt names, files looked up.
struct ResolvedLoras {
  std::vector<LoraUse> loras;
  std::vector<std::string> unknown;  ///< names that no file has
};

/// Tags of LoRAs that the request lists already are not added again. A listed file that is a bare name and not there
/// is looked up too.
ResolvedLoras resolveLoras(const GenerationRequest& request, const std::vector<LoraTag>& tags,
                           const std::vector<std::filesystem::path>& folders);

}  // namespace studio::engine
