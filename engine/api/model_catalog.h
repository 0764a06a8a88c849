#pragma once

#include "engine/api/inspector.h"

#include <array>
#include <filesystem>
#include <string_view>
#include <vector>

namespace studio::engine {

/// What was found in the folders of the user.
struct CatalogListing {
  std::vector<ModelInfo> models;
  std::vector<LoraInfo> loras;
  std::vector<OtherInfo> others;
  std::vector<EngineError> problems;  ///< files that could not be read; `detail` starts with the path
};

/// Endings of the files in which models and LoRAs are looked for, lower case. What a file is, its first bytes say.
inline constexpr std::array<std::string_view, 6> kWeightEndings{".safetensors", ".gguf", ".ckpt",
                                                                ".pt",          ".pth",  ".bin"};
/// By its name's ending, ignoring case.
bool isWeightFile(const std::filesystem::path& file);
/// A folder with a model_index.json. Asks the disk.
bool isDiffusersFolder(const std::filesystem::path& path);

/// Looks through folders, recursively, at most 20,000 files, sorted by name. Blocks: never on the GUI thread.
CatalogListing listModels(const Inspector& inspector, const std::vector<std::filesystem::path>& folders);

/// The file that a bare name from a picture or a command line means: first one with that file name, else one whose
/// stem it is, else one of that stem with another ending of model files ("duck.ckpt" may have been kept as
/// "duck.safetensors"), ignoring ASCII case. Empty when there is none.
std::filesystem::path findByName(const std::filesystem::path& name, const std::vector<std::filesystem::path>& files);

/// Weight files and diffusers folders below the folders, sorted, each once; at most 20,000. Blocks.
std::vector<std::filesystem::path> findModelFiles(const std::vector<std::filesystem::path>& folders);

}  // namespace studio::engine
