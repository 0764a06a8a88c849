#pragma once

#include "engine/api/inspector.h"

#include <filesystem>
#include <vector>

namespace studio::engine {

/// What was found in the folders of the user.
struct CatalogListing {
  std::vector<ModelInfo> models;
  std::vector<LoraInfo> loras;
  std::vector<OtherInfo> others;
  std::vector<EngineError> problems;  ///< files that could not be read; `detail` starts with the path
};

/// Looks through folders, recursively, at most 20,000 files, sorted by name. Blocks: never on the GUI thread.
CatalogListing listModels(const Inspector& inspector, const std::vector<std::filesystem::path>& folders);

}  // namespace studio::engine
