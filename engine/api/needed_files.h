#pragma once

#include "engine/api/inspector.h"
#include "engine/api/picture_info.h"

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace studio::engine {

/// A file that a picture was made with, and where it is on this machine.
struct NeededFile {
  std::string kind;  ///< "model", "refiner", "vae", "text_encoder", "lora", "embedding"
  std::string name;  ///< as the picture says
  std::string hash;  ///< in any of the forms programs write; may be empty
  std::filesystem::path found;
  bool byHash = false;  ///< it has another name here
};

/// What a picture names: the model first, each file once.
std::vector<NeededFile> neededFiles(const PictureInfo& info);

/// Looks for them among `files`: by name, and where there is none of that name by hash, which may read much. Blocks;
/// after `stop` has asked the rest counts as missing.
std::vector<NeededFile> findNeededFiles(const PictureInfo& info, const std::vector<std::filesystem::path>& files,
                                        const Inspector& inspector, const std::stop_token& stop = {});

}  // namespace studio::engine
